//! The installation's own jobs by cron text (UTC): cleanup and the like. Each run is recorded.

mod store;

use std::{panic::AssertUnwindSafe, str::FromStr, sync::Arc};

use async_trait::async_trait;
use chrono::TimeDelta;
use cron::Schedule;
use futures::FutureExt;
use tokio_util::sync::CancellationToken;

use super::lease;
use crate::{
    App,
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::{Failure, StorageError},
    },
};

const RETRY: TimeDelta = TimeDelta::seconds(10);
/// The wall clock may be set; look again at least so often.
const LONGEST_SLEEP: TimeDelta = TimeDelta::minutes(10);

/// A job that runs by the calendar.
#[async_trait]
pub trait Job: Send + Sync + 'static {
    /// Its name in the table of runs and in metrics.
    fn name(&self) -> &'static str;

    /// When: six fields, seconds first, in UTC (`0 30 3 * * *` = every night at 03:30); weekdays by name, as numbers begin with
    /// Sunday = 1.
    fn cron(&self) -> &'static str;

    /// Does it.
    async fn run(&self, app: &App) -> Result<(), Failure>;
}

/// Runs the jobs at their times until `cancel`. Times that were missed while nothing ran are made up once.
pub async fn run(app: App, jobs: Vec<Arc<dyn Job>>, cancel: CancellationToken) {
    lease::run_while_held(&app, "periodic", &cancel, |_, stop| {
        let (app, jobs) = (app.clone(), jobs.clone());
        async move { keep_calendar(&app, &jobs, &stop).await }
    })
    .await;
}

async fn keep_calendar(app: &App, jobs: &[Arc<dyn Job>], stop: &CancellationToken) {
    while !stop.is_cancelled() {
        let next = match run_due(app, jobs).await {
            Ok(next) => next.unwrap_or(Timestamp::MAX_UTC),
            Err(error) => {
                tracing::warn!(%error, "the periodic jobs could not be looked up; trying again");
                app.clock.now() + RETRY
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.clock.sleep_until(next.min(app.clock.now() + LONGEST_SLEEP)) => {}
        }
    }
}

/// Runs the jobs whose time has come and tells when the next one's comes.
pub async fn run_due(app: &App, jobs: &[Arc<dyn Job>]) -> Result<Option<Timestamp>, StorageError> {
    let mut next = None;
    for job in jobs {
        let Some(mut at) = next_run(app, &**job).await? else { continue };
        if at <= app.clock.now() {
            run_one(app, &**job).await?;
            let Some(later) = next_run(app, &**job).await? else { continue };
            at = later;
        }
        next = Some(next.map_or(at, |other: Timestamp| other.min(at)));
    }
    Ok(next)
}

/// The moment it began counts: what comes due while it runs is not left out.
async fn run_one(app: &App, job: &dyn Job) -> Result<(), StorageError> {
    let began_at = app.clock.now();
    let outcome = match AssertUnwindSafe(job.run(app)).catch_unwind().await {
        Ok(Ok(())) => "ok".to_owned(),
        Ok(Err(failure)) => failure.to_string(),
        Err(_) => "the job broke down".to_owned(),
    };
    if outcome != "ok" {
        tracing::error!(job = job.name(), outcome, "a periodic job failed");
    }
    let result = if outcome == "ok" { "ok" } else { "failed" };
    let mut tx = app.db.begin().await?;
    store::ran(&mut tx, job.name(), began_at, &outcome).await?;
    tx.commit().await?;
    metrics::counter!("opora_jobs_total", "job" => job.name(), "result" => result).increment(1);
    Ok(())
}

/// When the job of this name ran last; now, if it was never heard of.
pub(crate) async fn last_run(tx: &mut Tx, name: &str, now: Timestamp) -> Result<Timestamp, StorageError> {
    store::last_run(tx, name, now).await
}

/// When the job of this name ran last, if it ever did.
pub(crate) async fn ran_at(tx: &mut Tx, name: &str) -> Result<Option<Timestamp>, StorageError> {
    store::ran_at(tx, name).await
}

/// When the job is to run next: after its last run; a new one counts from now.
async fn next_run(app: &App, job: &dyn Job) -> Result<Option<Timestamp>, StorageError> {
    let Ok(calendar) = Schedule::from_str(job.cron()) else {
        tracing::error!(job = job.name(), cron = job.cron(), "this is no cron text, so the job never runs");
        return Ok(None);
    };
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let last = store::last_run(&mut tx, job.name(), now).await?;
    tx.commit().await?;
    // A clock that was set back must not stop the job.
    Ok(calendar.after(&last.min(now)).next())
}
