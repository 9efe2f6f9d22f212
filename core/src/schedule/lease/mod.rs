//! Leases: what only one process may do at a time (send for a bot, poll it, run the timers).
//!
//! A lease has an *epoch* that grows with every change of holder. Whoever lost a lease without noticing is recognised by the
//! older epoch (fencing). On the embedded database there is only one process, so a lease is taken over at once; on a server as soon
//! as its holder is seen to be gone (see [`crate::foundation::presence`]), at the latest when it ran out. Clocks differ and are set, so
//! that a holder who can be seen loses its lease only to somebody who has watched for a whole term that it is not prolonged.

mod store;

use std::{future::Future, time::Duration};

use chrono::TimeDelta;
use store::Found;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    App,
    foundation::{chance, clock::Timestamp, db::Tx, errors::StorageError, ids},
};

/// How often those who wait look.
const LOOK: TimeDelta = TimeDelta::seconds(1);
/// When a worker tries again after the database failed it.
pub const RETRY: TimeDelta = TimeDelta::seconds(1);

/// The database gets so much time to prolong a lease, even if a clock that jumped says that it is over.
const SHORTEST_ANSWER: Duration = Duration::from_secs(1);

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

/// What somebody who would like to have a lease has seen of it so far.
#[derive(Debug, Default)]
struct Watch(Option<(Found, Instant)>);

impl Watch {
    /// For how long the lease has stood as it was found now, as far as was seen. No clock is asked that somebody may set.
    fn unchanged_for(&mut self, found: Found) -> Duration {
        let now = Instant::now();
        let since = match self.0 {
            Some((before, since)) if before == found => since,
            _ => now,
        };
        self.0 = Some((found, since));
        now - since
    }
}

impl Lease {
    /// Takes the lease `name` if nobody holds it.
    pub async fn take(app: &App, name: &'static str) -> Result<Option<Self>, StorageError> {
        Self::take_watching(app, name, &mut Watch::default()).await
    }

    async fn take_watching(app: &App, name: &'static str, watch: &mut Watch) -> Result<Option<Self>, StorageError> {
        let now = app.clock.now();
        let holder = ids::short(ids::draw(now, &*app.chance));
        let mut tx = app.db.begin().await?;
        let found = store::find(&mut tx, name).await?;
        if let Some(found) = found
            && !is_free(app, &mut tx, found, watch).await?
        {
            return Ok(None);
        }
        let taker = store::Taker { holder: &holder, process: app.wake.presence.number() };
        let taken = store::take(&mut tx, name, taker, found, now + Rhythm::of(app).term).await?;
        tx.commit().await?;
        Ok(taken.map(|(epoch, paused_until)| Self { name, epoch, paused_until }))
    }

    /// Prolongs the lease; `false` when somebody else holds it now.
    pub async fn renew(&self, app: &App) -> Result<bool, StorageError> {
        let until = app.clock.now() + Rhythm::of(app).term;
        let renewed = self.renew_until(app, until, app.wake.presence.number()).await;
        match &renewed {
            Ok(true) => app.wake.writing.succeeded(),
            Ok(false) => {}
            Err(error) => app.wake.writing.failed(error),
        }
        renewed
    }

    async fn renew_until(&self, app: &App, until: Timestamp, process: Option<i64>) -> Result<bool, StorageError> {
        let mut tx = app.db.begin_aside().await?;
        let held = store::renew(&mut tx, self.name, self.epoch, until, process).await?;
        tx.commit().await?;
        Ok(held)
    }

    /// Gives the lease up, so that another process may take it at once.
    pub async fn release(&self, app: &App) -> Result<(), StorageError> {
        self.renew_until(app, app.clock.now(), None).await.map(drop)
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
            let asked_at = app.clock.now();
            // A clock that is set back prolongs nothing.
            held_until = held_until.min(asked_at + term);
            let left = (held_until - asked_at).to_std().unwrap_or_default().max(SHORTEST_ANSWER);
            let renewed = tokio::select! {
                renewed = self.renew(app) => renewed,
                () = tokio::time::sleep(left), if !app.db.is_embedded() => {
                    return tracing::warn!(lease = self.name, "the lease ran out before the database answered");
                }
            };
            match renewed {
                Ok(true) => held_until = asked_at + term,
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

/// Whether the lease may be taken.
async fn is_free(app: &App, tx: &mut Tx, found: Found, watch: &mut Watch) -> Result<bool, StorageError> {
    // Nobody else can be alive on the embedded database: what stands there is left over from an earlier run.
    if app.db.is_embedded() {
        return Ok(true);
    }
    let unchanged_for = watch.unchanged_for(found);
    let ran_out = found.until <= app.clock.now();
    let Some(process) = found.process else { return Ok(ran_out) };
    if app.wake.presence.is_gone(tx, process).await? {
        return Ok(true);
    }
    Ok(ran_out && TimeDelta::from_std(unchanged_for).is_ok_and(|time| time >= Rhythm::of(app).term))
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
    let mut watch = Watch::default();
    while !cancel.is_cancelled() {
        match Lease::take_watching(app, name, &mut watch).await {
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
