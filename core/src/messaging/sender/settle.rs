//! What an outcome means for a row of the outbox: a pure table.

use chrono::TimeDelta;

use super::{Abilities, Finished, Outcome, Verdict};
use crate::{
    foundation::clock::Timestamp,
    messaging::{
        message::Outgoing,
        outbox::{
            Channel, Fault, Payload,
            flights::{Claimed, Settlement},
        },
    },
};

/// Waits after passing failures, in seconds; the last one repeats until the message's time is over (PT-D41).
const LADDER: [i64; 6] = [1, 2, 5, 10, 30, 60];
/// No row waits longer than this for its next try.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(60);
/// A message without an end of its own is given up after a day of tries.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// A row that came back from the messenger.
#[derive(Debug, Clone)]
pub struct Flown {
    /// The row.
    pub row: Claimed,
    /// What the messenger said.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
}

/// What is to be written about a row.
#[derive(Debug, Clone)]
pub struct Settled {
    /// In the outbox.
    pub settlement: Settlement,
    /// For the modules, if the message has ended.
    pub finished: Option<Finished>,
}

/// How long to wait after the `failures`-th passing failure in a row.
pub fn pause_after(failures: i64) -> TimeDelta {
    let step = usize::try_from(failures - 1).unwrap_or_default().min(LADDER.len() - 1);
    TimeDelta::seconds(LADDER.get(step).copied().unwrap_or(60))
}

/// What becomes of the row.
pub fn settle(flown: &Flown, channel: Channel, abilities: Abilities) -> Settled {
    let Flown { row, outcome, at } = flown;
    match outcome {
        // The messenger did not look at it.
        Outcome::TooMany { .. } => queued_again(row, "too many requests", row.attempt - 1),
        Outcome::NoEntry(why) => queued_again(row, why, row.attempt - 1),
        Outcome::Delivered { external_id } => {
            let mut settled = ended(flown, channel, "delivered", Verdict::Delivered, None);
            settled.settlement.external_id.clone_from(external_id);
            settled
        }
        Outcome::Blocked => failed(flown, channel, Fault::Blocked, "bot_blocked"),
        Outcome::Refused(why) => failed(flown, channel, Fault::Refused, why),
        Outcome::Temporary(why) => try_later(flown, channel, why),
        Outcome::Unknown(why) if abilities.recognises_repetition || may_be_repeated(row) => {
            try_later(flown, channel, why)
        }
        Outcome::Unknown(why) if is_answer(row) => ended(flown, channel, "unknown", Verdict::Failed, Some(why)),
        Outcome::Unknown(why) if row.is_repeat => failed(flown, channel, Fault::UnknownTwice, why),
        Outcome::Unknown(why) => {
            let mut settled = queued_again(row, why, row.attempt);
            settled.settlement.is_repeat = true;
            settled.settlement.retry_at = Some(next_try(row, *at, 1));
            settled
        }
    }
}

fn try_later(flown: &Flown, channel: Channel, why: &str) -> Settled {
    let Flown { row, at, .. } = flown;
    // From when it was due: what is sent again has its day anew.
    if row.expires_at.is_none() && *at - row.due_at >= LONGEST {
        return failed(flown, channel, Fault::GaveUp, why);
    }
    let mut settled = queued_again(row, why, row.attempt);
    settled.settlement.retry_at = Some(next_try(row, *at, row.attempt));
    settled
}

/// When a message is looked at again; at the latest when its time is over, which is noticed only then.
fn next_try(row: &Claimed, at: Timestamp, failures: i64) -> Timestamp {
    let next = at + pause_after(failures);
    row.expires_at.map_or(next, |until| until.min(next))
}

fn queued_again(row: &Claimed, error: &str, attempt: i64) -> Settled {
    Settled { settlement: settlement(row, "queued", attempt, Some(error)), finished: None }
}

fn settlement(row: &Claimed, state: &'static str, attempt: i64, error: Option<&str>) -> Settlement {
    Settlement {
        id: row.id,
        state,
        attempt,
        retry_at: None,
        is_repeat: row.is_repeat,
        external_id: None,
        last_error: error.map(str::to_owned),
        fault: None,
        finished_at: None,
    }
}

fn failed(flown: &Flown, channel: Channel, fault: Fault, why: &str) -> Settled {
    let verdict = if fault == Fault::Blocked { Verdict::Blocked } else { Verdict::Failed };
    let mut settled = ended(flown, channel, "failed", verdict, Some(why));
    settled.settlement.fault = Some(fault);
    settled
}

fn ended(flown: &Flown, channel: Channel, state: &'static str, verdict: Verdict, error: Option<&str>) -> Settled {
    let Flown { row, at, .. } = flown;
    let finished = Finished {
        id: row.id,
        channel,
        recipient: row.recipient.clone(),
        person: row.person_id,
        occurrence: row.occurrence_id,
        at: *at,
        verdict,
    };
    let mut settlement = settlement(row, state, row.attempt, error);
    settlement.finished_at = Some(*at);
    Settled { settlement, finished: Some(finished) }
}

/// Changing a message or leaving a group twice is the same as once.
fn may_be_repeated(row: &Claimed) -> bool {
    matches!(&row.payload.0, Payload::Message(Outgoing::Edit { .. } | Outgoing::Leave))
}

/// An answer to a press is over in a moment: a second one would come too late.
fn is_answer(row: &Claimed) -> bool {
    matches!(&row.payload.0, Payload::Message(Outgoing::Answer { .. }))
}
