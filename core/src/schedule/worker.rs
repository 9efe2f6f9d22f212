//! The timer of due reminders: sleeps until the next due moment, never acts early, and drains everything overdue.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::lease::{self, RETRY, slow_poll};
use crate::{
    App,
    foundation::{clock::Timestamp, errors::Failure},
};

/// Claimed in one transaction: enough to share its cost, few enough not to keep others waiting.
const BATCH: u32 = 500;
/// The first transaction after a rest takes only so many, so that the first message is on its way at once.
const FIRST_BATCH: u32 = 50;

/// What comes due; a module implements it.
#[async_trait]
pub trait Due: Send + Sync + 'static {
    /// Claims at most `limit` of what is due now, in one transaction; tells whether more waits.
    async fn claim(&self, app: &App, limit: u32) -> Result<bool, Failure>;

    /// When the next thing comes due; `None` when nothing does.
    async fn next_moment(&self, app: &App) -> Result<Option<Timestamp>, Failure>;

    /// Called when nothing is overdue any more: tells the curators what was too late (PT-D40).
    async fn summarise(&self, app: &App) -> Result<(), Failure>;
}

/// Claims what comes due until `cancel`. One process at a time does so; the others wait to take over.
pub async fn run(app: App, due: Arc<dyn Due>, cancel: CancellationToken) {
    lease::run_while_held(&app, "timer", &cancel, |_, stop| {
        let (app, due) = (app.clone(), Arc::clone(&due));
        async move { keep_time(&app, &*due, &stop).await }
    })
    .await;
}

async fn keep_time(app: &App, due: &dyn Due, stop: &CancellationToken) {
    let mut ear = app.wake.schedule.listen();
    // A summary may be owed since an earlier run.
    let mut owes_summary = true;
    while !stop.is_cancelled() {
        let poll = app.clock.now() + slow_poll(app);
        let again_at = match drain(app, due, stop, &mut owes_summary).await {
            Ok(next) => next.map_or(poll, |next| next.min(poll)),
            Err(failure) => {
                tracing::error!(%failure, "what is due could not be claimed; trying again");
                metrics::counter!("opora_due_failures_total").increment(1);
                app.clock.now() + RETRY
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = ear.heard() => {}
            () = app.clock.sleep_until(again_at) => {}
        }
    }
}

/// Claims all that is due, also what comes due meanwhile, and tells when to look again.
async fn drain(
    app: &App,
    due: &dyn Due,
    stop: &CancellationToken,
    owes_summary: &mut bool,
) -> Result<Option<Timestamp>, Failure> {
    let mut next = due.next_moment(app).await?;
    while let Some(moment) = next.filter(|moment| *moment <= app.clock.now() && !stop.is_cancelled()) {
        *owes_summary = true;
        let mut batch = FIRST_BATCH;
        while due.claim(app, batch).await? && !stop.is_cancelled() {
            batch = (batch * 2).min(BATCH);
        }
        next = due.next_moment(app).await?;
        if next == Some(moment) {
            // Held by another worker, say: looked at again a little later, not in a hot loop.
            next = Some(app.clock.now() + RETRY);
        }
    }
    if *owes_summary && !stop.is_cancelled() {
        due.summarise(app).await?;
        *owes_summary = false;
    }
    Ok(next)
}
