//! What senders have taken and of which they have not written yet what became.
//!
//! One row a channel lists it. So taking a message changes nothing in the message, which stays queued until its fate is known: a list
//! of a hundred ids costs one write, a hundred changed rows and their indexes cost a fifth of a reminder's whole way. The row carries
//! the epoch of the sender whose turn it is, and whoever writes about the channel's messages holds it: a deposed sender takes nothing
//! more, and its results come too late.

pub(crate) mod store;

use chrono::TimeDelta;
use serde::Serialize;
use sqlx::types::Json;

use super::{Channel, Fault, Payload, as_hex};
use crate::{
    foundation::{
        clock::Timestamp,
        ids::{OccurrenceId, OutboxId, PersonId},
        rows::as_text,
    },
    schedule::lease::Lease,
};

/// What was taken is handed over within this time, or the turn is made certain anew: a sender that was held up may have lost it.
pub const GOOD_FOR: TimeDelta = TimeDelta::milliseconds(500);
/// Whoever takes over from a sender that may still live repeats its messages after this time, when it hands over nothing any more: the
/// repetition, which is marked, comes second.
const AFTER_A_RIVAL: TimeDelta = TimeDelta::milliseconds(750);

/// A sender's turn.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// Of which channel.
    pub channel: Channel,
    /// What allows it.
    pub lease: &'a Lease,
}

/// A message that a sender has taken.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Claimed {
    /// The row.
    pub id: OutboxId,
    /// Chat or mail recipient.
    pub recipient: String,
    /// Whom it is for.
    pub person_id: Option<PersonId>,
    /// The reminder it carries.
    pub occurrence_id: Option<OccurrenceId>,
    /// What goes first, as a number.
    pub priority: i64,
    /// What is said.
    pub payload: Json<Payload>,
    /// Not before.
    pub due_at: Timestamp,
    /// Not after.
    pub expires_at: Option<Timestamp>,
    /// How often it was taken, this time included.
    pub attempt: i64,
    /// It may have arrived before.
    pub is_repeat: bool,
}

/// What a sender wants to take.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// From which channel.
    pub channel: Channel,
    /// Of which priority.
    pub rank: i64,
    /// At most so many.
    pub limit: i64,
    /// Now.
    pub now: Timestamp,
    /// What is under way already.
    pub under_way: &'a [OutboxId],
    /// Chats that must wait: to keep their pace, or for what is under way to them.
    pub busy: &'a [&'a str],
    /// Whether a recipient's rows wait for each other.
    pub in_order: bool,
}

/// What becomes of a row that was taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settlement {
    /// The row.
    #[serde(serialize_with = "as_hex")]
    pub id: OutboxId,
    /// Its new state.
    pub state: &'static str,
    /// How often it was tried, as far as it counts.
    pub attempt: i64,
    /// Not to be tried before.
    #[serde(serialize_with = "as_text")]
    pub retry_at: Option<Timestamp>,
    /// It may have arrived.
    pub is_repeat: bool,
    /// The messenger's id.
    pub external_id: Option<String>,
    /// What went wrong, in the words of who said it.
    pub last_error: Option<String>,
    /// Why it ended without arriving, if it did.
    pub fault: Option<Fault>,
    /// When it ended.
    #[serde(serialize_with = "as_text")]
    pub finished_at: Option<Timestamp>,
}

/// Whether a message whose fate is unknown may simply be sent once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repetition {
    /// The other side recognises it.
    Unnoticed,
    /// It may bother somebody, so it is done once and marked (PT-D42).
    OnceAndMarked,
}
