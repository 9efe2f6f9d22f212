//! What arrived: stored first, confirmed to the messenger second, processed third (design D6).
//!
//! A batch of updates is one transaction with a savepoint around each: an update's changes, its answers and the mark that it was
//! processed last together. One that fails is tried three times and then set aside, so that it never blocks others.

mod batch;
mod store;

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use batch::Held;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::message::Incoming;
use crate::{
    App, Signal, Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
    },
    schedule::lease::{self, slow_poll},
};

/// How long a person's updates wait after one of them failed.
const RETRY: TimeDelta = TimeDelta::seconds(1);

/// What answers to people: the bot's conversation.
#[async_trait]
pub trait Conversation: Send + Sync + 'static {
    /// Deals with one thing that arrived. Its changes and answers last together or not at all; the work's actor is a stranger
    /// until the conversation finds out who it is.
    async fn receive(&self, work: &mut Work, incoming: &Incoming) -> Result<(), Failure>;
}

/// Stores what arrived and tells how much of it is new: an update that came before changes nothing.
pub async fn store(work: &mut Work, incoming: &[Incoming]) -> Result<u64, StorageError> {
    let mut new = 0;
    for one in incoming {
        new += store::insert(&mut work.tx, one).await?;
    }
    if new > 0 {
        work.signal(Signal::Inbox);
    }
    Ok(new)
}

/// Processes what arrives until `cancel`. One process at a time does so; the others wait to take over.
pub async fn run(app: App, conversation: Arc<dyn Conversation>, cancel: CancellationToken) {
    lease::run_while_held(&app, "inbox", &cancel, |_, stop| {
        let (app, conversation) = (app.clone(), Arc::clone(&conversation));
        async move { work_off(&app, &*conversation, &stop).await }
    })
    .await;
}

async fn work_off(app: &App, conversation: &dyn Conversation, stop: &CancellationToken) {
    let mut ear = app.wake.inbox.listen();
    let mut held = Held::new();
    while !stop.is_cancelled() {
        let again_at = match batch::process(app, conversation, &mut held).await {
            Ok(done) if done.more => continue,
            Ok(_) => held.values().min().copied(),
            Err(error) => {
                tracing::warn!(%error, "the inbox could not be processed; trying again");
                Some(app.clock.now() + RETRY)
            }
        };
        let poll = app.clock.now() + slow_poll(app);
        tokio::select! {
            () = stop.cancelled() => {}
            () = ear.heard() => {}
            () = app.clock.sleep_until(again_at.map_or(poll, |at| at.min(poll))) => {}
        }
    }
}

/// Processes everything that waits now, failing updates as often as they are allowed to fail, and tells how many came to an end.
pub async fn process_waiting(app: &App, conversation: &dyn Conversation) -> Result<u64, StorageError> {
    let mut ended = 0;
    loop {
        // Nobody is made to wait for a retry.
        let done = batch::process(app, conversation, &mut HashMap::<_, Timestamp>::new()).await?;
        ended += done.ended;
        if !done.more && !done.failed {
            return Ok(ended);
        }
    }
}

/// Deletes at most `limit` updates processed before `before`, and tells how many they were.
pub async fn clean(work: &mut Work, before: Timestamp, limit: i64) -> Result<u64, StorageError> {
    store::clean(&mut work.tx, before, limit).await
}
