//! Fetches announced files from the messengers, with retries for ten minutes (PT-126).

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::{
    App, Work,
    foundation::{
        errors::Failure,
        ids::{FileId, PersonId},
    },
    messaging::sender::Adapter,
};

/// An announced file whose fetching has come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The row of `files`.
    pub file: FileId,
    /// Who sent it.
    pub person: PersonId,
    /// Files of one album share this.
    pub album: Option<String>,
    /// Its name.
    pub name: String,
}

/// What a module does with fetched files. Called in the transaction that records it.
#[async_trait]
pub trait OnFetched: Send + Sync + 'static {
    /// The file is stored: activity record and letter (PT-127).
    async fn stored(&self, work: &mut Work, fetched: &Fetched) -> Result<(), Failure>;

    /// The disk has less free space than the reserve: tell the administrator (PT-D20).
    async fn disk_is_full(&self, work: &mut Work) -> Result<(), Failure>;
}

/// Fetches what was announced until `cancel`.
pub async fn run(app: App, adapters: Vec<Arc<dyn Adapter>>, on_fetched: Arc<dyn OnFetched>, cancel: CancellationToken) {
    let _ = (app, adapters, on_fetched, cancel);
    todo!()
}

/// Fetches what waits now, without waiting for retries that are not due, and tells how many files came to their end.
pub async fn fetch_waiting(
    app: &App,
    adapters: &[Arc<dyn Adapter>],
    on_fetched: &dyn OnFetched,
) -> Result<u64, Failure> {
    let _ = (app, adapters, on_fetched);
    todo!()
}
