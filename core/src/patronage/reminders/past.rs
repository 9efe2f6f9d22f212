//! Series that began in the past, with what became of them: for sample installations only.

use chrono::TimeDelta;

use super::{
    draft::{Draft, Ground, ReminderForm, parse},
    occurrence::{self, Occurrence},
    plan::begin,
    series::store,
    state::{OccurrenceState, Reason},
};
use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{OccurrenceId, PersonId, SeriesId},
    },
    people::access::{Action, Author},
    schedule::local_time::local_now,
};

/// What became of a past reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::patronage) enum Past {
    /// The citizen pressed «Выполнено».
    Done,
    /// The citizen pressed «Пропущено».
    Missed,
    /// The citizen pressed nothing.
    Ignored,
    /// It did not arrive.
    Undelivered(Reason),
}

/// Plans `form` as if at `began`; what lies in the past since then became of it as `story` says, over and over.
pub(in crate::patronage) async fn plan_since(
    work: &mut Work,
    person: PersonId,
    form: &ReminderForm,
    began: Timestamp,
    story: &[Past],
) -> Result<SeriesId, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let zones = store::place_of(work, sight, person).await?.zones;
    let draft = parse(form, &Ground { now: began, zones, kept: None })?;
    let Draft { plan, exclusions } = &draft;
    let zone = zones.of(plan.kind);
    let past = plan.rule.between(plan.rule.start, local_now(work.now, zone).date());
    let past = past.into_iter().filter(|(_, date)| !exclusions.covers(*date));
    let past: Vec<_> = past.filter(|(_, date)| plan.due_at(*date, zone) <= work.now).collect();
    let taken = past.iter().map(|(ordinal, _)| *ordinal).collect();
    let series = begin(work, person, draft.clone(), zones, &taken, None).await?;
    let rows: Vec<Occurrence> = past
        .iter()
        .zip(story.iter().cycle())
        .map(|((ordinal, date), past)| {
            let id = OccurrenceId::draw(work.now, &*work.app.chance);
            let moment = series.plan.moment(*date, zone);
            let mut row = Occurrence::of(id, &series, *ordinal, *date, moment, past.state());
            past.tell(&mut row, work.now);
            row
        })
        .collect();
    occurrence::store::insert(&mut work.tx, &rows).await?;
    Ok(series.id)
}

impl Past {
    fn state(self) -> OccurrenceState {
        match self {
            Self::Done => OccurrenceState::Done,
            Self::Missed => OccurrenceState::Missed,
            Self::Ignored => OccurrenceState::Awaiting,
            Self::Undelivered(_) => OccurrenceState::Undelivered,
        }
    }

    /// Fills in when it arrived and was answered: some minutes later, but not after `now`.
    fn tell(self, row: &mut Occurrence, now: Timestamp) {
        let delivered_at = row.due_at.min(now);
        match self {
            Self::Undelivered(reason) => row.reason = Some(reason),
            Self::Ignored => row.delivered_at = Some(delivered_at),
            Self::Done | Self::Missed => {
                let pause = TimeDelta::minutes(3 + i64::from(row.ordinal) * 7 % 40);
                row.delivered_at = Some(delivered_at);
                row.reacted_at = Some((delivered_at + pause).min(now));
                row.reacted_by = Some(Author::Citizen(row.person));
            }
        }
    }
}
