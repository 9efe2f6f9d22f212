//! The engine that empties the outbox of one messenger: paced, in order per chat, nothing lost and nothing sent twice.

mod adapter;

pub use adapter::{Abilities, Adapter, Delivery, FetchError, Finished, OnOutcome, Outcome, Verdict};

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::App;

/// Sends whatever the outbox holds for `adapter`'s messenger until `cancel`. One process at a time does so for each messenger;
/// the others wait to take over.
pub async fn run(app: App, adapter: Arc<dyn Adapter>, outcome: Arc<dyn OnOutcome>, cancel: CancellationToken) {
    let _ = (app, adapter, outcome, cancel);
    todo!()
}
