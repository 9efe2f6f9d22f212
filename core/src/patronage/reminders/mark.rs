//! Marking by hand (PT-195) and by the tick of «Активность» (PT-D50).

use serde_json::json;

use super::{
    kind::Kind,
    occurrence::{Occurrence, store},
    series::store::place_of,
    state::OccurrenceState,
};
use crate::{
    audit::{self, Entry},
    foundation::{
        errors::{Failure, StorageError},
        ids::{OccurrenceId, SeriesId},
    },
    messaging::press::Reaction,
    patronage::activity,
    people::access::Action,
    work::Work,
};

/// «Отметить как выполнено», «Отметить как пропущено»: on a yellow, grey, green or red row; the author is recorded.
pub async fn mark(work: &mut Work, series: SeriesId, ordinal: u32, reaction: Reaction) -> Result<(), Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let row = store::find_nth(&mut work.tx, series, ordinal).await?.ok_or(Failure::NotFound)?;
    place_of(work, sight, row.person).await?;
    if row.kind == Kind::CuratorReminder {
        return Err(Failure::refused("reminders-mark-own"));
    }
    match row.state {
        OccurrenceState::Awaiting | OccurrenceState::Undelivered | OccurrenceState::Done | OccurrenceState::Missed => {}
        OccurrenceState::Cancelled => return Err(Failure::NotFound),
        OccurrenceState::Sending | OccurrenceState::Planned | OccurrenceState::Excluded => {
            return Err(Failure::refused("reminders-being-sent"));
        }
    }
    let state = OccurrenceState::from(reaction);
    if row.state == state {
        return Ok(());
    }
    let author = work.actor.author();
    if !store::mark(&mut work.tx, row.id, row.state, state, Some(author), Some(work.now)).await? {
        return Err(Failure::Stale);
    }
    if reaction == Reaction::Missed {
        activity::follow_missed(work, row.person, row.date).await?;
    }
    note(work, &row, state).await?;
    Ok(())
}

/// Follows the tick of a curator's own reminder in «Активность»: green when processed, yellow when unticked. Part of that use
/// case, which has checked the right.
pub async fn tick(work: &mut Work, occurrence: OccurrenceId, is_processed: bool) -> Result<(), Failure> {
    let row = store::find(&mut work.tx, occurrence).await?.ok_or(Failure::NotFound)?;
    if row.kind != Kind::CuratorReminder {
        return Err(Failure::NotFound);
    }
    let (to, by, at) = if is_processed {
        (OccurrenceState::Done, Some(work.actor.author()), Some(work.now))
    } else {
        (OccurrenceState::Awaiting, None, None)
    };
    if row.state == to {
        return Ok(());
    }
    if !store::mark(&mut work.tx, row.id, row.state, to, by, at).await? {
        return Err(Failure::Stale);
    }
    note(work, &row, to).await?;
    Ok(())
}

async fn note(work: &mut Work, row: &Occurrence, state: OccurrenceState) -> Result<(), StorageError> {
    let changes = json!({ "person": row.person, "state": { "old": row.state, "new": state } });
    let entry = Entry { action: "reminder.marked", subject: "occurrence", subject_id: Some(row.id.0), changes };
    audit::note(work, entry).await
}
