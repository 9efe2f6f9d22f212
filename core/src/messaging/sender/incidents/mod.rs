//! What went unusually with the message of a reminder, for its story (design D5). An ordinary message leaves nothing here: its
//! story follows from its own rows. However often a thing happens to a message, it is one row with a number.

mod store;

use std::collections::HashMap;

use super::{Outcome, settle::Flown};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{OccurrenceId, OutboxId},
    },
    messaging::{
        messenger::Messenger,
        outbox::{Channel, Priority, flights::Claimed},
    },
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Incident {
    /// The messenger asked for silence, or does not let the bot in.
    Held,
    /// A passing failure: it was tried again.
    Retried,
    /// Nobody knows whether it arrived: it was sent once more (PT-D42).
    Repeated,
    /// Nobody knows whether the repetition arrived either.
    Lost,
    /// The citizen has blocked the bot.
    Blocked,
    /// The messenger refused it for good.
    Refused,
}

/// What happened to a message, how often and when.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct IncidentRow {
    /// In which messenger.
    #[sqlx(rename = "channel")]
    pub messenger: Messenger,
    /// What.
    pub incident: Incident,
    /// When for the first time.
    pub first_at: Timestamp,
    /// When for the last time.
    pub last_at: Timestamp,
    /// How often.
    pub times: i64,
    /// What the messenger said.
    pub detail: Option<String>,
}

/// What happened to one message just now.
#[derive(Debug, Clone)]
struct Happened {
    occurrence: OccurrenceId,
    incident: Incident,
    at: Timestamp,
    detail: Option<String>,
}

/// Writes down what went unusually with those of these rows that are still ours.
pub(super) async fn note(
    tx: &mut Tx,
    channel: Channel,
    flown: &[Flown],
    is_ours: impl Fn(OutboxId) -> bool,
) -> Result<(), StorageError> {
    let happened: HashMap<(OccurrenceId, Incident), Happened> = flown
        .iter()
        .filter(|it| is_ours(it.row.id))
        .filter_map(happened)
        .map(|it| ((it.occurrence, it.incident), it))
        .collect();
    let happened: Vec<Happened> = happened.into_values().collect();
    store::add(tx, channel, &happened).await
}

/// Writes down that the sender died with these under way, and that they are queued once more.
pub(super) async fn note_crash(tx: &mut Tx, repeated: &[OutboxId], now: Timestamp) -> Result<(), StorageError> {
    store::add_crashed(tx, repeated, now).await
}

/// What went unusually with the messages of a reminder.
pub async fn of_occurrence(tx: &mut Tx, occurrence: OccurrenceId) -> Result<Vec<IncidentRow>, StorageError> {
    store::of_occurrence(tx, occurrence).await
}

/// Forgets what ended before `before`, at most `limit` rows; tells how many.
pub(in crate::messaging) async fn clean(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, StorageError> {
    store::clean(tx, before, limit).await
}

fn happened(flown: &Flown) -> Option<Happened> {
    let Flown { row, outcome, at } = flown;
    let occurrence = row.occurrence_id.filter(|_| is_reminder(row))?;
    let (incident, detail) = match outcome {
        Outcome::Delivered { .. } => return None,
        Outcome::TooMany { .. } => (Incident::Held, None),
        Outcome::NoEntry(why) => (Incident::Held, Some(why.clone())),
        Outcome::Temporary(why) => (Incident::Retried, Some(why.clone())),
        Outcome::Unknown(why) if row.is_repeat => (Incident::Lost, Some(why.clone())),
        Outcome::Unknown(why) => (Incident::Repeated, Some(why.clone())),
        Outcome::Blocked => (Incident::Blocked, None),
        Outcome::Refused(why) => (Incident::Refused, Some(why.clone())),
    };
    Some(Happened { occurrence, incident, at: *at, detail })
}

/// Edits that take buttons away belong to the answer, not to the reminder.
fn is_reminder(row: &Claimed) -> bool {
    row.priority == Priority::Reminder.rank()
}
