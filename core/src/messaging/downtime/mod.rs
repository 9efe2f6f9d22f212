//! When we did not work: gaps between two signs of life, and times in which a messenger took nothing from us. Reminders of these
//! times are our failure and never count against a citizen (design D5); their stories name them.

mod store;

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use chrono::TimeDelta;

use super::messenger::Messenger;
use crate::{
    App,
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::{Failure, StorageError},
    },
    people::access::Actor,
    schedule::periodic::{self, Job},
};

/// A sign of life is given every minute; a process that begins finds out how long none was given.
const TOLERANCE: TimeDelta = TimeDelta::minutes(2);
/// A process that works gives its signs later when other jobs take long; only the sleep of the whole machine takes so long.
const LONG_TOLERANCE: TimeDelta = TimeDelta::minutes(30);
/// A messenger that has taken nothing for so long while something is due stands still.
const STANDSTILL: TimeDelta = TimeDelta::minutes(5);
/// The latest that belong to one story.
const SHOWN_AT_MOST: i64 = 10;

/// The minute's sign of life; the table of periodic jobs remembers when it was given last.
#[derive(Debug, Default)]
pub struct SignOfLife {
    has_begun: AtomicBool,
}

/// A time in which we did not work.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Downtime {
    /// The messenger that stood still; `None` when nothing worked at all.
    #[sqlx(rename = "channel")]
    pub messenger: Option<Messenger>,
    /// From.
    pub began_at: Timestamp,
    /// To.
    pub ended_at: Timestamp,
}

#[async_trait]
impl Job for SignOfLife {
    fn name(&self) -> &'static str {
        "sign of life"
    }

    fn cron(&self) -> &'static str {
        "0 * * * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        let is_first = !self.has_begun.swap(true, Ordering::Relaxed);
        let mut work = app.begin(Actor::System).await?;
        let tolerance = if is_first { TOLERANCE } else { LONG_TOLERANCE };
        let last = periodic::last_run(&mut work.tx, self.name(), work.now).await?;
        if work.now - last > tolerance {
            tracing::warn!(from = %last, to = %work.now, "nothing worked in this time");
            store::add(&mut work.tx, None, last, work.now).await?;
        }
        for messenger in Messenger::ALL {
            stands_still(&mut work.tx, messenger, work.now).await?;
        }
        work.commit().await?;
        Ok(())
    }
}

/// Begins or prolongs the time in which a messenger takes nothing.
async fn stands_still(tx: &mut Tx, messenger: Messenger, now: Timestamp) -> Result<(), StorageError> {
    let Some(since) = store::oldest_waiting(tx, messenger).await? else { return Ok(()) };
    if now - since < STANDSTILL || store::has_sent(tx, messenger, now - STANDSTILL).await? {
        return Ok(());
    }
    // Between two signs of life it was the same standstill.
    if !store::prolong(tx, messenger, now - LONG_TOLERANCE, now).await? {
        store::add(tx, Some(messenger), since, now).await?;
    }
    Ok(())
}

/// The times between `from` and `to` in which we did not work.
pub async fn between(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<Vec<Downtime>, StorageError> {
    store::between(tx, from, to, SHOWN_AT_MOST).await
}
