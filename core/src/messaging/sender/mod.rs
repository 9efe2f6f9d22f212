//! The engine that empties the outbox of one messenger: paced, in order per chat, nothing lost and nothing sent twice.
//!
//! * [`engine`](Engine) decides what is handed over when; it holds nothing that the database does not hold too.
//! * `agenda` knows what it has to do at which moment even if nobody calls.
//! * `ledger` is its only transaction: records results and takes the next rows, many at once.
//! * `settle` is the table of what an outcome means; `pacing` keeps below the messenger's limits.

mod adapter;
mod agenda;
mod engine;
mod flight;
pub mod incidents;
mod ledger;
mod pacing;
mod settle;

pub use adapter::{Abilities, Adapter, Delivery, FetchError, Finished, OnOutcome, Outcome, Verdict};
pub use engine::MOST_IN_FLIGHT;
pub use pacing::{ChatMeters, Meter, Pace};

use std::sync::Arc;

use engine::{Engine, Rates};
use tokio_util::sync::CancellationToken;

use super::messenger::Messenger;
use crate::{
    App,
    foundation::{config::Config, errors::StorageError},
    schedule::lease::{self, Lease},
};

/// Sends whatever the outbox holds for `adapter`'s messenger until `cancel`. One process at a time does so for each messenger;
/// the others wait to take over.
pub async fn run(app: App, adapter: Arc<dyn Adapter>, modules: Arc<dyn OnOutcome>, cancel: CancellationToken) {
    let rates = rates(&app.config, adapter.messenger());
    lease::run_while_held(&app, lease_of(adapter.messenger()), &cancel, |lease, stop| {
        Engine::new(app.clone(), Arc::clone(&adapter), Arc::clone(&modules), lease, rates).run(stop)
    })
    .await;
}

/// Sends what may go at this very moment, without limits of pace, and comes back when nothing is under way. `false` when another
/// process is the sender.
pub async fn send_waiting(
    app: &App,
    adapter: Arc<dyn Adapter>,
    modules: Arc<dyn OnOutcome>,
) -> Result<bool, StorageError> {
    let Some(lease) = Lease::take(app, lease_of(adapter.messenger())).await? else { return Ok(false) };
    let no_limits = Rates { bot: 0.0, chat: 0.0 };
    let engine = Engine::new(app.clone(), adapter, modules, lease.clone(), no_limits);
    engine.only_now().run(CancellationToken::new()).await;
    lease.release(app).await?;
    Ok(true)
}

/// The lease of who sends to this messenger.
pub(in crate::messaging) fn lease_of(messenger: Messenger) -> &'static str {
    match messenger {
        Messenger::Telegram => "send telegram",
        Messenger::Web => "send web",
    }
}

fn rates(config: &Config, messenger: Messenger) -> Rates {
    match messenger {
        Messenger::Telegram => Rates { bot: config.telegram.rate, chat: config.telegram.chat_rate },
        Messenger::Web => Rates { bot: 0.0, chat: 0.0 },
    }
}
