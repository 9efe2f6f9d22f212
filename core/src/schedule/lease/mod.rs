//! Leases: what only one process may do at a time (send for a bot, poll it, run the timers).
//!
//! A lease has an *epoch* that grows with every change of holder. Whoever lost a lease without noticing is recognised by the
//! older epoch (fencing). On the embedded database there is only one process, so a lease is taken over at once; on a server as soon
//! as its holder is seen to be gone (see [`crate::foundation::presence`]), at the latest when it ran out.

mod store;

use std::future::Future;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::{
    App,
    foundation::{chance, clock::Timestamp, db::Tx, errors::StorageError, ids},
};

/// How often those who wait look.
const LOOK: TimeDelta = TimeDelta::seconds(1);
/// When a worker tries again after the database failed it.
pub const RETRY: TimeDelta = TimeDelta::seconds(1);

/// How long a lease lasts, and how often it is renewed meanwhile: three chances before it runs out.
#[derive(Debug, Clone, Copy)]
struct Rhythm {
    term: TimeDelta,
    heartbeat: TimeDelta,
}

impl Rhythm {
    /// With the look above, another process works within ten seconds even when nobody sees that the holder is gone.
    const AMONG_PROCESSES: Self = Self { term: TimeDelta::seconds(7), heartbeat: TimeDelta::seconds(2) };
    /// Nobody waits for the lease of a sole process, and every renewal is written to its disk: they only show that it can be.
    const ALONE: Self = Self { term: TimeDelta::seconds(35), heartbeat: TimeDelta::seconds(10) };

    fn of(app: &App) -> Self {
        if app.db.is_embedded() { Self::ALONE } else { Self::AMONG_PROCESSES }
    }
}

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
        let taken = store::take(&mut tx, name, taker, now, now + Rhythm::of(app).term).await?;
        tx.commit().await?;
        Ok(taken.map(|(epoch, paused_until)| Self { name, epoch, paused_until }))
    }

    /// Prolongs the lease; `false` when somebody else holds it now.
    pub async fn renew(&self, app: &App) -> Result<bool, StorageError> {
        let renewed = self.renew_until(app, app.clock.now() + Rhythm::of(app).term).await;
        match &renewed {
            Ok(true) => app.wake.writing.succeeded(),
            Ok(false) => {}
            Err(error) => app.wake.writing.failed(error),
        }
        renewed
    }

    async fn renew_until(&self, app: &App, until: Timestamp) -> Result<bool, StorageError> {
        let mut tx = app.db.begin_aside().await?;
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
        let Rhythm { term, heartbeat } = Rhythm::of(app);
        let mut held_until = app.clock.now() + term;
        loop {
            app.clock.sleep_until(app.clock.now() + heartbeat).await;
            // A clock that is set back prolongs nothing.
            held_until = held_until.min(app.clock.now() + term);
            match self.renew(app).await {
                Ok(true) => held_until = app.clock.now() + term,
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

/// A wait between looks at the database of a worker that is called when there is something to do, in case a call was missed: a
/// second, give or take a fifth, so that processes do not march in step; five times as long where nobody else can call.
pub fn slow_poll(app: &App) -> TimeDelta {
    let spread = i64::try_from(chance::below(&*app.chance, 400)).unwrap_or(200);
    let wait = TimeDelta::milliseconds(800 + spread);
    if app.db.is_embedded() { wait * 5 } else { wait }
}
