//! Large exports, one after the other, and the end of old ones.

use async_trait::async_trait;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::{produce, store};
use crate::{
    App,
    foundation::errors::{Failure, StorageError},
    schedule::{lease, periodic::Job},
};

/// Files are kept so long.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// How often it is looked for new ones: nobody calls.
const LOOK: TimeDelta = TimeDelta::seconds(1);
/// Nobody waits longer for a small export.
const LONGEST: TimeDelta = TimeDelta::minutes(10);

/// Makes what is queued until `cancel`. One process at a time does so; what another one left unfinished is marked as
/// interrupted and can be repeated.
pub async fn run(app: App, cancel: CancellationToken) {
    lease::run_while_held(&app, "exports", &cancel, |_, stop| {
        let app = app.clone();
        async move { make_all(&app, &stop).await }
    })
    .await;
}

async fn make_all(app: &App, stop: &CancellationToken) {
    if let Err(error) = mark_interrupted(app).await {
        tracing::warn!(%error, "unfinished exports could not be looked up");
    }
    while !stop.is_cancelled() {
        match stop.run_until_cancelled(work_off(app)).await {
            Some(Ok(_)) | None => {}
            Some(Err(failure)) => tracing::warn!(%failure, "exports could not be made; trying again"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.clock.sleep_until(app.clock.now() + LOOK) => {}
        }
    }
    // Broken off by the end of the process: who waits shall see it at once.
    if let Err(error) = mark_interrupted(app).await {
        tracing::warn!(%error, "an unfinished export could not be marked");
    }
}

/// Makes everything that is queued and tells how many that were.
pub async fn work_off(app: &App) -> Result<usize, Failure> {
    let mut made = 0;
    loop {
        let mut tx = app.db.begin().await?;
        let Some(export) = store::take_queued(&mut tx).await? else { return Ok(made) };
        tx.commit().await?;
        produce(app, &export).await?;
        made += 1;
    }
}

/// Marks what was being made by a worker that is gone, and small exports that have taken too long.
pub async fn mark_interrupted(app: &App) -> Result<(), StorageError> {
    let mut tx = app.db.begin().await?;
    store::interrupt(&mut tx, app.clock.now() - LONGEST).await?;
    tx.commit().await
}

/// Deletes exports of more than a day ago with their files.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForgetExports;

#[async_trait]
impl Job for ForgetExports {
    fn name(&self) -> &'static str {
        "old exports"
    }

    fn cron(&self) -> &'static str {
        "0 40 * * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        let mut tx = app.db.begin().await?;
        let old = store::forget(&mut tx, app.clock.now() - KEPT).await?;
        tx.commit().await?;
        for id in old {
            let path = super::path(app, id);
            for file in [path.with_extension("part"), path] {
                match tokio::fs::remove_file(&file).await {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        tracing::warn!(%error, file = %file.display(), "an old export could not be deleted");
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}
