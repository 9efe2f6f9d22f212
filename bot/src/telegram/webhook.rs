//! Updates pushed by Telegram: stored, then answered with 200, which confirms them.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use chrono::TimeDelta;
use opora_core::{App, foundation::secrets::Secret, messaging::bots, messaging::messenger::Messenger};
use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use teloxide::payloads::{SetWebhook, SetWebhookSetters};
use tokio_util::sync::CancellationToken;

use super::{
    TelegramAdapter,
    reception::{Trouble, WANTED, get_to_know, note_and_wait, read, store, webhook_state},
};

const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// A webhook can go dark without anybody noticing, so it is looked at so often.
const LOOK_EVERY: TimeDelta = TimeDelta::minutes(5);

#[derive(Clone)]
struct Receiver {
    app: App,
    secret: Secret,
}

/// The route that receives updates, at the path of `telegram.webhook_url`.
pub fn webhook_router(app: App) -> Router {
    let path = path_of(&app.config.telegram.webhook_url);
    let secret = secret(&app);
    Router::new().route(&path, post(receive)).with_state(Receiver { app, secret })
}

async fn receive(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers.get(SECRET_HEADER).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
    if !bool::from(given.ct_eq(receiver.secret.reveal().as_bytes())) {
        return StatusCode::FORBIDDEN;
    }
    let Ok(raw) = serde_json::from_slice(&body) else {
        tracing::error!("Telegram sent something that is no update");
        return StatusCode::BAD_REQUEST;
    };
    let (arrived, _) = read(&receiver.app, &[raw]);
    match store(&receiver.app, &arrived).await {
        Ok(()) => StatusCode::OK,
        Err(error) => {
            tracing::warn!(%error, "an update could not be stored; Telegram will send it again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Sets the webhook and looks after it until `cancel`. One that points elsewhere is not stolen.
pub async fn keep_webhook(app: App, adapter: Arc<TelegramAdapter>, cancel: CancellationToken) {
    let mut failures = 0;
    while !cancel.is_cancelled() {
        match look_after(&app, &adapter).await {
            Ok(()) => {
                failures = 0;
                tokio::select! {
                    () = cancel.cancelled() => {}
                    () = app.clock.sleep_until(app.clock.now() + LOOK_EVERY) => {}
                }
            }
            Err(trouble) => {
                failures += 1;
                note_and_wait(&app, &trouble, failures, &cancel).await;
            }
        }
    }
}

async fn look_after(app: &App, adapter: &TelegramAdapter) -> Result<(), Trouble> {
    let config = &app.config.telegram;
    let state = webhook_state(adapter).await?;
    if state.url != config.webhook_url {
        if !state.url.is_empty() && !config.take_over_webhook {
            return Err(Trouble::ForeignWebhook(state.url));
        }
        set(app, adapter).await?;
    }
    get_to_know(app, adapter).await?;
    if let Some(error) = state.last_error_message.filter(|_| state.pending_update_count > 0) {
        tracing::warn!(error, waiting = state.pending_update_count, "Telegram cannot reach the webhook");
        let trouble = format!("the webhook cannot be reached: {error}");
        bots::is_in_trouble(app, Messenger::Telegram, &trouble).await?;
    }
    Ok(())
}

async fn set(app: &App, adapter: &TelegramAdapter) -> Result<(), Trouble> {
    let url = app.config.telegram.webhook_url.parse();
    let url = url.map_err(|_| Trouble::WrongAddress(app.config.telegram.webhook_url.clone()))?;
    let webhook = SetWebhook::new(url).secret_token(secret(app).reveal()).allowed_updates(WANTED);
    adapter.api().call_within::<_, IgnoredAny>(&webhook, Duration::from_secs(20)).await?;
    Ok(())
}

/// Proves that a push comes from Telegram. Made of the token, so every process of the installation knows it.
fn secret(app: &App) -> Secret {
    let mut hash = Sha256::new_with_prefix("opora webhook ");
    hash.update(app.config.telegram.token.reveal());
    Secret::new(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn path_of(url: &str) -> String {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    match after_scheme.split_once('/') {
        Some((_, path)) if !path.is_empty() => format!("/{}", path.split(['?', '#']).next().unwrap_or_default()),
        _ => "/".to_owned(),
    }
}
