//! Processes of one installation on one server know of each other: each holds a lock as long as it lives, which the server lets go
//! the moment its connection ends, and hears by the same connection what the others have committed.
//!
//! The embedded database has one process, so nothing of this is needed there.

mod store;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use sqlx::postgres::{PgListener, PgPoolOptions};
use tokio::time::Instant;

use super::{
    db::{Db, Tx},
    errors::StorageError,
};

/// What processes tell each other goes by this name.
const CHANNEL: &str = "opora";
/// After the server was away everybody needs a moment to come back; who is missing before that may still live.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a process knows of itself.
#[derive(Debug, Default)]
pub struct Presence(Mutex<Option<Here>>);

#[derive(Debug, Clone, Copy)]
struct Here {
    number: i32,
    /// Since when it may say that others are gone; `None` while it cannot be seen itself.
    may_judge_from: Option<Instant>,
}

/// The connection that shows this process to the others and hears what they say.
pub struct Line {
    listener: PgListener,
    number: i32,
}

impl Presence {
    /// The number by which the others know this process, also while they do not see it: whoever dies before it is seen again must not
    /// count as alive until its leases run out.
    pub fn number(&self) -> Option<i64> {
        self.here().map(|here| i64::from(here.number))
    }

    /// Shows this process on the server under `number`, or the next free one; `None` on the embedded database. The first time in its life it knows at once
    /// who else is there; after that the others get time to come back, too.
    pub async fn show(&self, db: &Db, number: i32, is_first: bool) -> Result<Option<Line>, StorageError> {
        let Db::Postgres(pool) = db else { return Ok(None) };
        self.set(Some(Here { number, may_judge_from: None }));
        let own = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let own = own.acquire_timeout(PATIENCE).connect_with((*pool.connect_options()).clone()).await?;
        let mut listener = PgListener::connect_with(&own).await?;
        listener.ignore_pool_close_event(true);
        listener.listen(CHANNEL).await?;
        // A connection that was cut may linger on the server and hold the old number.
        let mut number = number;
        while !store::try_lock(&mut listener, number).await? {
            number = number.wrapping_add(1).max(1);
        }
        let now = Instant::now();
        let may_judge_from = if is_first { now } else { now + PATIENCE };
        self.set(Some(Here { number, may_judge_from: Some(may_judge_from) }));
        Ok(Some(Line { listener, number }))
    }

    /// The others do not see this process any more.
    pub fn hide(&self) {
        self.set(self.here().map(|here| Here { may_judge_from: None, ..here }));
    }

    /// Whether the process of this number is known to be gone.
    pub async fn is_gone(&self, tx: &mut Tx, number: i64) -> Result<bool, StorageError> {
        match self.here().and_then(|here| here.may_judge_from) {
            Some(from) if from <= Instant::now() => Ok(!store::is_locked(tx, number).await?),
            _ => Ok(false),
        }
    }

    /// Tells the other processes `news`, once the transaction lasts.
    pub async fn tell(&self, tx: &mut Tx, news: &str) -> Result<(), StorageError> {
        match self.here() {
            Some(here) => tx.notify(CHANNEL, &format!("{} {news}", here.number)).await,
            None => Ok(()),
        }
    }

    fn here(&self) -> Option<Here> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, here: Option<Here>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = here;
    }
}

impl Line {
    /// What another process tells next; `None` when the line is cut. Cancelling it loses nothing.
    pub async fn hears(&mut self) -> Option<String> {
        loop {
            let heard = self.listener.try_recv().await.ok()??;
            match heard.payload().split_once(' ') {
                Some((number, _)) if number.parse() == Ok(self.number) => {}
                Some((_, news)) => return Some(news.to_owned()),
                None => {}
            }
        }
    }
}
