//! Long polling: updates are stored first and confirmed by the next question, so none is lost when we die in between.

use std::{sync::Arc, time::Duration};

use opora_core::{App, schedule::lease};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use teloxide::payloads::{DeleteWebhook, GetUpdates, GetUpdatesSetters};
use tokio_util::sync::CancellationToken;

use super::{
    TelegramAdapter,
    reception::{Trouble, WANTED, get_to_know, note_and_wait, read, store, webhook_state},
};

/// How long Telegram keeps a question open when nothing happens.
const POLL_SECONDS: u32 = 25;
/// The whole question with travel.
const POLL_LIMIT: Duration = Duration::from_secs(40);

/// Receives updates by long polling until `cancel`. One process at a time does so; the others wait to take over.
pub async fn run_polling(app: App, adapter: Arc<TelegramAdapter>, cancel: CancellationToken) {
    lease::run_while_held(&app, "poll telegram", &cancel, |_, stop| {
        let (app, adapter) = (app.clone(), Arc::clone(&adapter));
        async move { poll(&app, &adapter, &stop).await }
    })
    .await;
}

async fn poll(app: &App, adapter: &TelegramAdapter, stop: &CancellationToken) {
    let mut failures = 0;
    let mut offset = None;
    let mut is_known = false;
    while !stop.is_cancelled() {
        let round = async {
            if !is_known {
                begin(app, adapter).await?;
                is_known = true;
            }
            ask(app, adapter, offset).await
        };
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            outcome = round => outcome,
        };
        match outcome {
            Ok(next) => {
                failures = 0;
                offset = next.or(offset);
            }
            Err(trouble) => {
                failures += 1;
                // Name and webhook may have changed meanwhile; and being well again is to be noted.
                is_known = false;
                note_and_wait(app, &trouble, failures, stop).await;
            }
        }
    }
}

/// Polling works only without a webhook; a foreign one is not stolen.
async fn begin(app: &App, adapter: &TelegramAdapter) -> Result<(), Trouble> {
    let state = webhook_state(adapter).await?;
    if !state.url.is_empty() {
        if !app.config.telegram.take_over_webhook {
            return Err(Trouble::ForeignWebhook(state.url));
        }
        tracing::warn!(url = state.url, "taking the bot over from another address");
        adapter.api().call::<_, IgnoredAny>(&DeleteWebhook::new()).await?;
    }
    get_to_know(app, adapter).await
}

/// Asks once, stores what came and tells from where to ask next.
async fn ask(app: &App, adapter: &TelegramAdapter, offset: Option<i32>) -> Result<Option<i32>, Trouble> {
    let mut question = GetUpdates::new().timeout(POLL_SECONDS).allowed_updates(WANTED);
    question.offset = offset;
    let raw: Vec<Box<RawValue>> = adapter.api().call_within(&question, POLL_LIMIT).await?;
    let (arrived, last) = read(app, &raw);
    if last.is_none() && !raw.is_empty() {
        return Err(Trouble::Senseless);
    }
    store(app, &arrived).await?;
    Ok(last.and_then(|last| i32::try_from(last + 1).ok()))
}
