//! What polling and the webhook have in common: getting to know the bot, and storing what arrived.

use chrono::TimeDelta;
use opora_core::{
    App, foundation::errors::StorageError, messaging::bots, messaging::inbox, messaging::message::Incoming,
    messaging::messenger::Messenger, people::access::Actor,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use teloxide::{
    payloads::{GetMe, GetWebhookInfo},
    types::{AllowedUpdate, Update},
};
use tokio_util::sync::CancellationToken;

use super::{TelegramAdapter, api::CallError, incoming::incoming};

/// The kinds of updates the bot lives on.
pub const WANTED: [AllowedUpdate; 3] =
    [AllowedUpdate::Message, AllowedUpdate::CallbackQuery, AllowedUpdate::MyChatMember];

/// Seconds between tries after failures; the last one repeats.
const LADDER: [i64; 6] = [1, 2, 5, 10, 30, 60];

/// Why updates cannot be received, in words for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The call failed.
    #[error("{0}")]
    Call(CallError),
    /// Another address receives the updates.
    #[error(
        "the webhook of this bot points to {0}: another program uses it; give Opora a bot of its own, or set telegram.take_over_webhook"
    )]
    ForeignWebhook(String),
    /// What came is none of Telegram's updates: asking again at once would bring the same.
    #[error("the updates have no numbers: what answers is not Telegram")]
    Senseless,
    /// The inbox could not be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The configured address is none.
    #[error("telegram.webhook_url is not an address: {0}")]
    WrongAddress(String),
}

impl From<CallError> for Trouble {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

#[derive(Deserialize)]
struct Me {
    username: String,
}

/// What Telegram says about the webhook.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct WebhookState {
    /// Where updates go; empty: to whoever polls.
    pub url: String,
    /// What went wrong last.
    pub last_error_message: Option<String>,
    /// How many updates wait.
    #[serde(default)]
    pub pending_update_count: u32,
}

/// Asks for the bot's name and keeps it for deep links.
pub async fn get_to_know(app: &App, adapter: &TelegramAdapter) -> Result<(), Trouble> {
    let me: Me = adapter.api().call(&GetMe::new()).await?;
    bots::is_well(app, Messenger::Telegram, &me.username).await?;
    Ok(())
}

/// Asks where updates go.
pub async fn webhook_state(adapter: &TelegramAdapter) -> Result<WebhookState, Trouble> {
    Ok(adapter.api().call(&GetWebhookInfo::new()).await?)
}

/// Reads updates as they came; one that makes no sense is left out, but its number counts.
pub fn read(app: &App, raw: &[Box<RawValue>]) -> (Vec<Incoming>, Option<i64>) {
    #[derive(Deserialize)]
    struct Numbered {
        update_id: i64,
    }
    let now = app.clock.now();
    let mut read = Vec::new();
    let mut last = None;
    for one in raw {
        // From text: teloxide reads updates rightly only so.
        match serde_json::from_str::<Update>(one.get()) {
            Ok(update) => read.extend(incoming(&update, now)),
            Err(error) => tracing::error!(%error, "an update of Telegram makes no sense and is left out"),
        }
        if let Ok(Numbered { update_id }) = serde_json::from_str(one.get()) {
            last = last.max(Some(update_id));
        }
    }
    (read, last)
}

/// Stores what arrived; after that it may be confirmed.
pub async fn store(app: &App, arrived: &[Incoming]) -> Result<(), StorageError> {
    if arrived.is_empty() {
        return Ok(());
    }
    let mut work = app.begin(Actor::System).await?;
    let new = inbox::store(&mut work, arrived).await?;
    work.commit().await?;
    metrics::counter!("opora_inbox_received_total", "messenger" => "telegram").increment(new);
    Ok(())
}

/// Says what is wrong, keeps it for the panel and waits, longer each time.
pub async fn note_and_wait(app: &App, trouble: &Trouble, failures: usize, stop: &CancellationToken) {
    match trouble {
        Trouble::Call(error) if error.is_no_entry() => {
            tracing::error!("Telegram does not know this bot: check telegram.token");
        }
        Trouble::ForeignWebhook(_) | Trouble::WrongAddress(_) => tracing::error!(%trouble, "no updates of Telegram"),
        Trouble::Call(_) | Trouble::Senseless | Trouble::Storage(_) => {
            tracing::warn!(%trouble, "no updates of Telegram; trying again");
        }
    }
    metrics::counter!("opora_telegram_troubles_total").increment(1);
    if let Err(error) = bots::is_in_trouble(app, Messenger::Telegram, &trouble.to_string()).await {
        tracing::warn!(%error, "the bot's trouble could not be noted");
    }
    let seconds = match trouble {
        // Our own database may be asked as often as one likes, and people wait.
        Trouble::Storage(_) => 1,
        _ => LADDER.get(failures.saturating_sub(1)).copied().unwrap_or(60),
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = app.clock.sleep_until(app.clock.now() + TimeDelta::seconds(seconds)) => {}
    }
}
