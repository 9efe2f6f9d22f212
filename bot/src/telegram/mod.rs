//! Telegram: teloxide's types, an own thin call.
//!
//! teloxide's client sleeps ten seconds on every 5xx and hides what happened to a request; the outbox must know whether a message
//! may have arrived. So requests are teloxide's payloads, sent by [`api`], and updates are polled by us: stored in the inbox
//! first, confirmed second.

mod adapter;
mod api;
mod incoming;
mod outgoing;
mod polling;
mod reception;
mod webhook;

pub use adapter::TelegramAdapter;
pub use api::NoApi;
pub use polling::run_polling;
pub use webhook::{keep_webhook, webhook_router};

use std::sync::Arc;

use opora_core::App;
use tokio_util::sync::CancellationToken;

/// Receives updates until `cancel`: by the webhook if `telegram.webhook_url` is set (then [`webhook_router`] must be served too),
/// else by long polling.
pub async fn run(app: App, adapter: Arc<TelegramAdapter>, cancel: CancellationToken) {
    if app.config.telegram.webhook_url.is_empty() {
        run_polling(app, adapter, cancel).await;
    } else {
        keep_webhook(app, adapter, cancel).await;
    }
}
