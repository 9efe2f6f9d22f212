//! A reminder held for changing: locked, in sight, of the expected version and not sent.

use chrono::NaiveDate;

use super::{
    calendar::Entry,
    change::Reach,
    draft::{Ground, ReminderForm},
    exclusions::Exclusions,
    occurrence,
    series::{Series, Zones, store},
    state::OccurrenceState,
};
use crate::{
    Work,
    foundation::{clock::Timestamp, errors::Failure, ids::SeriesId},
    people::access::Action,
    schedule::{
        local_time::local_now,
        recurrence::{End, Repetition},
    },
};

/// A reminder held for changing.
#[derive(Debug, Clone)]
pub(super) struct Opened {
    /// Its series.
    pub series: Series,
    /// The series' exclusions.
    pub exclusions: Exclusions,
    /// The zones of its citizen.
    pub zones: Zones,
    /// Its number.
    pub ordinal: u32,
    /// Its date.
    pub date: NaiveDate,
    /// The number and date that the form still speaks of, when that one was claimed meanwhile.
    typed: (u32, NaiveDate),
    /// Whether the one that was asked for was claimed meanwhile.
    pub was_being_sent: bool,
}

/// Locks the series and finds the reminder, or says why it cannot be changed. A change of all that follows slips to the next
/// reminder when the chosen one is being sent this very moment (PT-D39).
pub(super) async fn open(
    work: &mut Work,
    series: SeriesId,
    ordinal: u32,
    version: i64,
    reach: Reach,
) -> Result<Opened, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let series = store::lock(&mut work.tx, series).await?.ok_or(Failure::NotFound)?;
    let zones = store::place_of(work, sight, series.person).await?.zones;
    if series.version != version {
        return Err(Failure::Stale);
    }
    let exclusions = store::exclusions_of(&mut work.tx, series.id).await?;
    let (_, date) = series.plan.rule.nth(ordinal).ok_or(Failure::NotFound)?;
    let row = occurrence::store::find_nth(&mut work.tx, series.id, ordinal).await?;
    let mut opened = Opened { series, exclusions, zones, ordinal, date, typed: (ordinal, date), was_being_sent: false };
    match row.map(|row| row.state) {
        None => opened.refuse_past(work.now)?,
        Some(OccurrenceState::Cancelled) => return Err(Failure::NotFound),
        Some(OccurrenceState::Sending) => opened.slip_to_next(reach)?,
        Some(_) => return Err(Failure::refused("reminders-already-sent")),
    }
    Ok(opened)
}

impl Opened {
    /// What has no row is to come or excluded; an excluded one of the past stays as it was.
    fn refuse_past(&self, now: Timestamp) -> Result<(), Failure> {
        let entry =
            Entry::expanded(&self.series, &self.exclusions, self.ordinal, self.date).ok_or(Failure::NotFound)?;
        let is_past = self.series.plan.moment(self.date, self.zones.of(self.series.plan.kind)) <= now;
        if entry.state == OccurrenceState::Excluded && is_past {
            return Err(Failure::refused("reminders-time-passed"));
        }
        Ok(())
    }

    fn slip_to_next(&mut self, reach: Reach) -> Result<(), Failure> {
        let next = self.series.cursor.filter(|next| reach == Reach::ThisAndFollowing && next.ordinal > self.ordinal);
        let next = next.ok_or_else(|| Failure::refused("reminders-being-sent"))?;
        (self.ordinal, self.date, self.was_being_sent) = (next.ordinal, next.date, true);
        Ok(())
    }

    /// Whether nothing before this one is still to come.
    pub(super) fn is_first_to_come(&self) -> bool {
        self.series.cursor.is_none_or(|next| self.ordinal <= next.ordinal)
    }

    /// On what a form for it is judged: leaving date and time as they are is allowed also at the last second.
    pub(super) fn ground(&self, now: Timestamp) -> Ground {
        Ground::of_opened(now, self.zones, &self.series.plan, self.date)
    }

    /// The form, carried on to the next reminder when the one it spoke of was claimed meanwhile.
    pub(super) fn carried(&self, form: &ReminderForm) -> ReminderForm {
        let mut form = form.clone();
        let (ordinal, date) = self.typed;
        if ordinal == self.ordinal {
            return form;
        }
        let is_unchanged = |typed: &str| {
            [date.format("%Y-%m-%d"), date.format("%d.%m.%Y")].iter().any(|it| it.to_string() == typed.trim())
        };
        if is_unchanged(&form.start_date) {
            form.start_date = self.date.format("%Y-%m-%d").to_string();
        }
        if form.times.trim() == rest(&self.series, ordinal) {
            form.times = rest(&self.series, self.ordinal);
        }
        form
    }

    /// The last date whose moment has passed, today or yesterday.
    pub(super) fn last_past_date(&self, now: Timestamp) -> Option<NaiveDate> {
        let zone = self.zones.of(self.series.plan.kind);
        let today = local_now(now, zone).date();
        if self.series.plan.moment(today, zone) <= now { Some(today) } else { today.pred_opt() }
    }
}

/// How many reminders are left from `ordinal` on, as the form shows it; empty for a series that ends on a date.
fn rest(series: &Series, ordinal: u32) -> String {
    match series.plan.rule.end {
        End::Times(times) => (u32::from(times) + 1).saturating_sub(ordinal).to_string(),
        End::Never | End::On(_) => String::new(),
    }
}

impl ReminderForm {
    /// The form of one reminder of a series: its own date, and of the number of repetitions the rest (PT-D38).
    pub(super) fn of(series: &Series, exclusions: &Exclusions, ordinal: u32, entry: &Entry) -> Self {
        let plan = &series.plan;
        let (repetition, every, weekdays) = match plan.rule.repetition {
            Repetition::Once => ("none", 1, Vec::new()),
            Repetition::Daily { every } => ("daily", every, Vec::new()),
            Repetition::Weekly { every, weekdays } => {
                ("weekly", every, weekdays.iter().map(|day| day.number_from_monday().to_string()).collect())
            }
            Repetition::Monthly { every, .. } => ("monthly", every, Vec::new()),
        };
        let (end_by, end_date) = match plan.rule.end {
            End::On(date) => ("date", date.to_string()),
            End::Times(_) => ("times", String::new()),
            End::Never => ("", String::new()),
        };
        Self {
            kind: entry.kind.name().to_owned(),
            text: entry.text.clone(),
            repetition: repetition.to_owned(),
            every: every.to_string(),
            weekdays,
            start_date: entry.date.to_string(),
            time: entry.time.format("%H:%M").to_string(),
            end_by: end_by.to_owned(),
            times: rest(series, ordinal),
            end_date,
            advance: plan.advance.to_string(),
            exclusions: exclusions.iter().map(|(first, last)| (first.to_string(), last.to_string())).collect(),
            now: false,
        }
    }
}
