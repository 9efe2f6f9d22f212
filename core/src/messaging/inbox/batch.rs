//! One transaction over many updates.

use std::{
    collections::{HashMap, HashSet},
    panic::AssertUnwindSafe,
};

use futures::FutureExt;

use super::{Conversation, RETRY, store};
use crate::{
    App, Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
    },
    messaging::messenger::Messenger,
    people::access::Actor,
};

/// Updates in one transaction: enough to share the cost of making it last, few enough not to keep the panel waiting.
const BATCH: i64 = 32;
/// An update that failed so often is set aside.
const ATTEMPTS: i64 = 3;

/// Chats that wait for a retry, and until when.
pub type Held = HashMap<(Messenger, String), Timestamp>;

/// What a batch did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Updates that came to their end.
    pub ended: u64,
    /// Whether more waits that may be taken at once.
    pub more: bool,
    /// Whether an update failed and will be tried again.
    pub failed: bool,
}

/// How one update went.
enum Went {
    Well,
    Wrong(String),
    /// The conversation panicked: the whole transaction is in doubt.
    Down,
}

/// Processes the next updates, the oldest first; those of a chat that waits for a retry are left.
pub async fn process(app: &App, conversation: &dyn Conversation, held: &mut Held) -> Result<Done, StorageError> {
    let now = app.clock.now();
    // A clock that was set back makes nobody wait longer.
    held.retain(|_, until| *until > now && *until <= now + RETRY);
    let mut work = app.begin(Actor::System).await?;
    let rows = store::waiting(&mut work.tx, BATCH).await?;
    if rows.is_empty() {
        return Ok(Done::default());
    }
    let mut done = Done { more: i64::try_from(rows.len()) == Ok(BATCH), ..Done::default() };
    let mut failed_now = HashSet::new();
    for row in rows {
        let chat = (row.messenger, row.chat.clone());
        if held.contains_key(&chat) || failed_now.contains(&chat) {
            continue;
        }
        match receive(&mut work, conversation, &row).await? {
            Went::Well => {
                store::processed(&mut work.tx, row.seq, now, None).await?;
                done.ended += 1;
                metrics::counter!("opora_inbox_total", "result" => "processed").increment(1);
            }
            Went::Wrong(why) => {
                let is_over = fail(&mut work, &row, &why).await?;
                done.ended += u64::from(is_over);
                done.failed |= !is_over;
                if !is_over {
                    failed_now.insert(chat);
                }
            }
            Went::Down => {
                drop(work);
                return start_anew_without(app, &row, held, done.more).await;
            }
        }
    }
    // Taking only updates that must wait is no progress.
    done.more &= done.ended > 0;
    work.commit().await?;
    held.extend(failed_now.into_iter().map(|chat| (chat, now + RETRY)));
    Ok(done)
}

async fn receive(work: &mut Work, conversation: &dyn Conversation, row: &store::Waiting) -> Result<Went, StorageError> {
    let Ok(incoming) = serde_json::from_value(row.payload.0.clone()) else {
        return Ok(Went::Wrong("what was stored makes no sense".to_owned()));
    };
    work.actor = Actor::Stranger { address: format!("{}:{}", row.messenger.name(), row.chat) };
    work.tx.savepoint().await?;
    let answer = AssertUnwindSafe(conversation.receive(work, &incoming)).catch_unwind().await;
    work.actor = Actor::System;
    match answer {
        Err(_) => Ok(Went::Down),
        Ok(Ok(())) => {
            work.tx.release_savepoint().await?;
            Ok(Went::Well)
        }
        // Everybody's trouble, not this update's: the whole batch is tried again later.
        Ok(Err(Failure::Storage(error))) if error.is_passing() => Err(error),
        Ok(Err(failure)) => {
            work.tx.back_to_savepoint().await?;
            Ok(Went::Wrong(failure.to_string()))
        }
    }
}

/// Counts a failure; `true` when the update is set aside for good.
async fn fail(work: &mut Work, row: &store::Waiting, why: &str) -> Result<bool, StorageError> {
    let is_over = row.attempts + 1 >= ATTEMPTS;
    store::failed(&mut work.tx, row.seq, why).await?;
    if is_over {
        tracing::error!(messenger = row.messenger.name(), seq = row.seq, why, "an update is set aside");
        metrics::counter!("opora_inbox_total", "result" => "set_aside").increment(1);
        store::processed(&mut work.tx, row.seq, work.now, Some(why)).await?;
    }
    Ok(is_over)
}

/// After a panic nothing of the transaction is kept but the failure of the update that caused it.
async fn start_anew_without(
    app: &App,
    row: &store::Waiting,
    held: &mut Held,
    more: bool,
) -> Result<Done, StorageError> {
    let mut work = app.begin(Actor::System).await?;
    let is_over = fail(&mut work, row, "the conversation broke down").await?;
    work.commit().await?;
    if !is_over {
        held.insert((row.messenger, row.chat.clone()), app.clock.now() + RETRY);
    }
    // The others of this batch were taken back with it.
    Ok(Done { ended: u64::from(is_over), more: true, failed: !is_over || more })
}
