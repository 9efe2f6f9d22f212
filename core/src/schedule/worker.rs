//! The timer of due reminders: sleeps until the next due moment, never acts early, and drains everything overdue.

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::{
    App,
    foundation::{clock::Timestamp, errors::Failure},
};

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

/// Claims what comes due until `cancel`.
pub async fn run(app: App, due: Arc<dyn Due>, cancel: CancellationToken) {
    let _ = (app, due, cancel);
    todo!()
}
