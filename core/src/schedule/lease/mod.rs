//! Leases: what only one process may do at a time (send for a bot, poll it, run the timers).
//!
//! A lease has an *epoch* that grows with every change of holder. Whoever lost a lease without noticing is recognised by the
//! older epoch (fencing). On the embedded database there is only one process, so a lease is taken over at once; on a server as soon
//! as its holder is seen to be gone (see [`crate::foundation::presence`]), at the latest when it ran out.

mod store;

use std::{future::Future, time::Duration};

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::{
    App,
    foundation::{chance, clock::Timestamp, db::Tx, errors::StorageError, ids},
};

/// How long a lease lasts when it is not renewed: with the wait below, another process works within ten seconds even when nobody
/// sees that the holder is gone.
const TERM: TimeDelta = TimeDelta::seconds(7);
/// How often it is renewed: three chances before it runs out.
const HEARTBEAT: TimeDelta = TimeDelta::seconds(2);
/// How often those who wait look.
const LOOK: TimeDelta = TimeDelta::seconds(1);

/// A lease that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What it is for.
    pub name: &'static str,
    /// Grows with every change of holder.
    pub epoch: i64,
    /// Until when the messenger asked for silence, if it did (kept across restarts).
    pub paused_until: Option<Timestamp>,
}

impl Lease {
    /// Takes the lease `name` if nobody holds it.
    pub async fn take(app: &App, name: &'static str) -> Result<Option<Self>, StorageError> {
        let now = app.clock.now();
        let holder = ids::short(ids::draw(now, &*app.chance));
        let mut tx = app.db.begin().await?;
        // Nobody else can be alive on the embedded database: what stands there is left over from an earlier run.
        let always = app.db.is_embedded();
        let rival = if always { None } else { store::holder(&mut tx, name, now).await? };
        let gone = match rival {
            None => None,
            Some(Some(process)) if app.wake.presence.is_gone(&mut tx, process).await? => Some(process),
            Some(_) => return Ok(None),
        };
        let taker = store::Taker { holder: &holder, process: app.wake.presence.number(), always, gone };
        let taken = store::take(&mut tx, name, taker, now, now + TERM).await?;
        tx.commit().await?;
        Ok(taken.map(|(epoch, paused_until)| Self { name, epoch, paused_until }))
    }

    /// Prolongs the lease; `false` when somebody else holds it now.
    pub async fn renew(&self, app: &App) -> Result<bool, StorageError> {
        let renewed = self.renew_until(app, app.clock.now() + TERM).await;
        match &renewed {
            Ok(true) => app.wake.writing.succeeded(),
            Ok(false) => {}
            Err(error) => app.wake.writing.failed(error),
        }
        renewed
    }

    async fn renew_until(&self, app: &App, until: Timestamp) -> Result<bool, StorageError> {
        let mut tx = app.db.begin().await?;
        let held = store::renew(&mut tx, self.name, self.epoch, until, app.wake.presence.number()).await?;
        tx.commit().await?;
        Ok(held)
    }

    /// Gives the lease up, so that another process may take it at once.
    pub async fn release(&self, app: &App) -> Result<(), StorageError> {
        self.renew_until(app, app.clock.now()).await.map(drop)
    }

    /// Remembers that the messenger asked for silence.
    pub async fn pause(&self, tx: &mut Tx, until: Timestamp) -> Result<(), StorageError> {
        store::pause(tx, self.name, self.epoch, until).await
    }

    /// Renews until the lease is lost, or may be lost because the database did not answer in time.
    async fn keep(&self, app: &App) {
        let mut held_until = app.clock.now() + TERM;
        loop {
            app.clock.sleep_until(app.clock.now() + HEARTBEAT).await;
            // A clock that is set back prolongs nothing.
            held_until = held_until.min(app.clock.now() + TERM);
            match self.renew(app).await {
                Ok(true) => held_until = app.clock.now() + TERM,
                Ok(false) => return tracing::warn!(lease = self.name, "another process took over"),
                Err(error) => {
                    tracing::warn!(lease = self.name, %error, "the lease could not be renewed");
                    if !app.db.is_embedded() && app.clock.now() >= held_until {
                        return;
                    }
                }
            }
        }
    }
}

/// A lease as others see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Seen {
    /// Until when it is held unless it is prolonged.
    pub until: Timestamp,
    /// Until when the messenger asked for silence, if it ever did.
    pub paused_until: Option<Timestamp>,
}

/// How the lease `name` stands; nothing when nobody ever took it.
pub async fn seen(tx: &mut Tx, name: &str) -> Result<Option<Seen>, StorageError> {
    store::seen(tx, name).await
}

/// Writes a line that nobody needs, to see whether the database takes it: for processes that hold no lease to renew.
pub async fn try_to_write(app: &App) -> Result<(), StorageError> {
    let mut tx = app.db.begin().await?;
    store::touch(&mut tx, app.clock.now()).await?;
    tx.commit().await?;
    app.wake.writing.succeeded();
    Ok(())
}

/// Runs `job` whenever this process holds the lease `name`, until `cancel`. The job must end by itself soon after the token it
/// is given is cancelled: then the lease was lost or the process shuts down.
pub async fn run_while_held<F, Fut>(app: &App, name: &'static str, cancel: &CancellationToken, job: F)
where
    F: Fn(Lease, CancellationToken) -> Fut,
    Fut: Future<Output = ()>,
{
    while !cancel.is_cancelled() {
        match Lease::take(app, name).await {
            Ok(Some(lease)) => hold(app, &lease, cancel, &job).await,
            Ok(None) => {}
            Err(error) => tracing::warn!(lease = name, %error, "the lease could not be taken"),
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = app.clock.sleep_until(app.clock.now() + LOOK) => {}
        }
    }
}

async fn hold<F, Fut>(app: &App, lease: &Lease, cancel: &CancellationToken, job: &F)
where
    F: Fn(Lease, CancellationToken) -> Fut,
    Fut: Future<Output = ()>,
{
    let stop = cancel.child_token();
    let mut work = std::pin::pin!(job(lease.clone(), stop.clone()));
    tokio::select! {
        () = &mut work => {}
        () = lease.keep(app) => {
            stop.cancel();
            work.await;
        }
    }
    if let Err(error) = lease.release(app).await {
        tracing::warn!(lease = lease.name, %error, "the lease could not be given up; it will run out");
    }
}

/// A wait between a slow worker's looks at the database: a second, give or take a fifth, so that processes do not march in step.
pub fn slow_poll(app: &App) -> TimeDelta {
    let spread = chance::below(&*app.chance, 400);
    TimeDelta::from_std(Duration::from_millis(800 + spread)).unwrap_or(TimeDelta::seconds(1))
}
