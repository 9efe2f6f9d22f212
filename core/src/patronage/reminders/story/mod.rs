//! «История напоминания» (design D5): why a reminder stands where it stands. The ordinary way follows from the rows of the
//! reminder and its messages; what was unusual was written down when it happened, and so were our own failures.

mod store;

use chrono::{DateTime, TimeDelta};
use uuid::Uuid;

use super::{
    kind::Kind,
    occurrence::{self, Occurrence},
    series::store::place_of,
    state::{OccurrenceState, Reason},
};
use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::SeriesId,
    },
    messaging::{
        downtime::{self, Downtime},
        messenger::Messenger,
        sender::incidents::{self, IncidentRow},
    },
    people::{
        access::{Action, Author},
        accounts::{self, AuthorName},
    },
};

/// Something that happened to a reminder.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When, as far as it is known.
    pub at: Option<Timestamp>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Somebody planned it.
    Planned {
        /// Who.
        by: AuthorName,
    },
    /// We did not work, or could not reach the messenger, up to a moment.
    Down {
        /// The messenger that stood still; `None` when nothing worked.
        messenger: Option<Messenger>,
        /// When it went on.
        until: Timestamp,
    },
    /// Its time came and it was made ready for sending.
    Claimed,
    /// Something unusual happened to its message.
    Incident(IncidentRow),
    /// The messenger has it.
    Shown {
        /// Which one, while that is still known.
        messenger: Option<Messenger>,
        /// The messenger's number of the message.
        number: Option<String>,
        /// Whether it may be the second one (PT-D42).
        is_repeat: bool,
    },
    /// A curator's own reminder fired.
    Fired,
    /// It could not be delivered.
    Undelivered {
        /// Why.
        reason: Reason,
        /// Whether that is our failure and not the citizen's.
        is_ours: bool,
    },
    /// The citizen answered.
    Answered {
        /// «Выполнено» or «Пропущено».
        state: OccurrenceState,
        /// How long it took.
        after: Option<TimeDelta>,
        /// Whether the time of grace had passed (PT-D26).
        is_late: bool,
    },
    /// Somebody of the staff marked it by hand (PT-195), or a tick did.
    Marked {
        /// What it was before.
        from: Option<OccurrenceState>,
        /// What it became.
        to: OccurrenceState,
        /// Who.
        by: AuthorName,
    },
    /// It was removed before it was sent.
    Cancelled,
}

impl Reason {
    /// Whether we are to blame: such a reminder never counts against the citizen.
    pub fn is_ours(self) -> bool {
        match self {
            Self::TooLate | Self::SendFailed | Self::NoChannel => true,
            Self::NotLinked | Self::BotBlocked => false,
        }
    }
}

/// What happened to one reminder of a series, in the order in which it happened. Of one that has no row yet only the plan is
/// known.
pub async fn story(work: &mut Work, series: SeriesId, ordinal: u32) -> Result<Vec<Step>, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let origin = store::origin(&mut work.tx, series).await?.ok_or(Failure::NotFound)?;
    place_of(work, sight, origin.person).await?;
    let by = accounts::name_of_author(&mut work.tx, origin.author(series)?).await?;
    let mut steps = vec![Step { at: Some(origin.created_at), what: What::Planned { by } }];
    let Some(row) = occurrence::store::find_nth(&mut work.tx, series, ordinal).await? else { return Ok(steps) };
    if row.state == OccurrenceState::Cancelled {
        steps.push(Step { at: None, what: What::Cancelled });
        return Ok(steps);
    }
    let way = way(work, &row).await?;
    steps.extend(downtimes(work, &row, &way).await?);
    steps.extend(way);
    steps.extend(answers(work, &row).await?);
    // What has no moment belongs where it was put: at the end.
    steps.sort_by_key(|step| (step.at.is_none(), step.at));
    Ok(steps)
}

/// From the moment it came due to the moment the messenger had it, or would not have it.
async fn way(work: &mut Work, row: &Occurrence) -> Result<Vec<Step>, StorageError> {
    if row.kind == Kind::CuratorReminder {
        return Ok(vec![Step { at: row.delivered_at, what: What::Fired }]);
    }
    let messages = store::messages(&mut work.tx, row.id).await?;
    let incidents = incidents::of_occurrence(&mut work.tx, row.id).await?;
    let mut steps = Vec::new();
    if row.reason.is_none() || !messages.is_empty() {
        let at = messages.first().map(|message| message.created_at).or_else(|| drawn_at(row.id.0));
        steps.push(Step { at, what: What::Claimed });
    }
    steps.extend(incidents.into_iter().map(|it| Step { at: Some(it.first_at), what: What::Incident(it) }));
    let shown: Vec<Step> = messages.into_iter().filter_map(store::MessageRow::shown).collect();
    if let (true, Some(at)) = (shown.is_empty(), row.delivered_at) {
        steps.push(Step { at: Some(at), what: What::Shown { messenger: None, number: None, is_repeat: false } });
    }
    steps.extend(shown);
    if let Some(reason) = row.reason {
        let last = steps.iter().filter_map(|step| step.at).max();
        let what = What::Undelivered { reason, is_ours: reason.is_ours() };
        steps.push(Step { at: last.or_else(|| drawn_at(row.id.0)), what });
    }
    Ok(steps)
}

/// Our own failures while it was on its way.
async fn downtimes(work: &mut Work, row: &Occurrence, way: &[Step]) -> Result<Vec<Step>, StorageError> {
    if row.kind == Kind::CuratorReminder {
        return Ok(Vec::new());
    }
    let last_tries = |step: &Step| match &step.what {
        What::Incident(it) => Some(it.last_at),
        _ => None,
    };
    let known = || way.iter().flat_map(|step| [step.at, last_tries(step)]).flatten().chain([row.due_at]);
    let (Some(from), Some(to)) = (known().min(), known().max()) else { return Ok(Vec::new()) };
    let found = downtime::between(&mut work.tx, from, to).await?;
    let step = |Downtime { messenger, began_at, ended_at }| Step {
        at: Some(began_at),
        what: What::Down { messenger, until: ended_at },
    };
    Ok(found.into_iter().map(step).collect())
}

/// The citizen's answer and every mark made by hand.
async fn answers(work: &mut Work, row: &Occurrence) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::new();
    for mark in store::marks(&mut work.tx, row.id).await? {
        let (author, from, to) = mark.read(row.id)?;
        let by = accounts::name_of_author(&mut work.tx, author).await?;
        steps.push(Step { at: Some(mark.at), what: What::Marked { from, to, by } });
    }
    if let (Some(Author::Citizen(_)), Some(at)) = (row.reacted_by, row.reacted_at) {
        let waiting_since = row.delivered_at.unwrap_or(at).max(row.due_at);
        let is_late = at > waiting_since + work.app.config.deviation_grace();
        let after = row.delivered_at.map(|shown| at - shown);
        steps.push(Step { at: Some(at), what: What::Answered { state: row.state, after, is_late } });
    }
    Ok(steps)
}

/// The moment at which an id was drawn.
fn drawn_at(id: Uuid) -> Option<Timestamp> {
    let (seconds, nanos) = id.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}
