//! The installation's own jobs by cron text (UTC): cleanup and the like. Each run is recorded.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::{App, foundation::errors::Failure};

/// A job that runs by the calendar.
#[async_trait]
pub trait Job: Send + Sync + 'static {
    /// Its name in the table of runs and in metrics.
    fn name(&self) -> &'static str;

    /// When: six fields, seconds first, in UTC (`0 30 3 * * *` = every night at 03:30).
    fn cron(&self) -> &'static str;

    /// Does it.
    async fn run(&self, app: &App) -> Result<(), Failure>;
}

/// Runs the jobs at their times until `cancel`. A time that was missed while nothing ran is made up once.
pub async fn run(app: App, jobs: Vec<Arc<dyn Job>>, cancel: CancellationToken) {
    let _ = (app, jobs, cancel);
    todo!()
}
