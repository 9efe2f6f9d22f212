//! Telegram as the engine of the outbox sees it.

use async_trait::async_trait;
use futures::StreamExt;
use opora_core::{
    foundation::config::{Config, Messenger as MessengerConfig},
    messaging::{
        message::Outgoing,
        messenger::Messenger,
        sender::{Abilities, Adapter, Delivery, FetchError, Outcome},
    },
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
use teloxide::{
    payloads::{AnswerCallbackQuery, AnswerCallbackQuerySetters, GetFile, LeaveChat},
    requests::Payload,
    types::{CallbackQueryId, ChatId, FileId, MessageId},
};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::{
    api::{Api, CallError, NoApi},
    outgoing,
};

/// Longest text of a message.
const TEXT_LIMIT: usize = 4096;
/// The public bot API hands out files up to this size (PT-D20).
const PUBLIC_FILE_LIMIT: u64 = 20 * 1024 * 1024;
/// Should Telegram say "too many" without saying how long.
const DEFAULT_RETRY_AFTER: std::time::Duration = std::time::Duration::from_secs(5);

/// Telegram.
#[derive(Debug, Clone)]
pub struct TelegramAdapter {
    api: Api,
    file_limit: u64,
}

/// All that is needed of a sent message.
#[derive(Deserialize)]
struct Sent {
    message_id: i32,
}

#[derive(Deserialize)]
struct FilePlace {
    file_path: Option<String>,
}

impl TelegramAdapter {
    /// Reaches the bot of this configuration.
    pub fn new(config: &Config) -> Result<Self, NoApi> {
        Ok(Self { api: Api::new(&config.telegram)?, file_limit: file_limit(&config.telegram, config.file_limit()) })
    }

    pub(super) fn api(&self) -> &Api {
        &self.api
    }

    async fn say(&self, chat: ChatId, outgoing: &Outgoing) -> Outcome {
        match outgoing {
            Outgoing::Say { text, keyboard } => match self.api.call(&outgoing::say(chat, text, keyboard)).await {
                Ok(Sent { message_id }) => Outcome::Delivered { external_id: Some(message_id.to_string()) },
                Err(error) => outcome_of(error),
            },
            Outgoing::Edit { message, text, keyboard } => {
                let Ok(message) = message.parse() else {
                    return Outcome::Refused(format!("{message} is not a message of Telegram"));
                };
                self.act(&outgoing::edit(chat, MessageId(message), text, keyboard)).await
            }
            Outgoing::Answer { press, text } => {
                self.act(&AnswerCallbackQuery::new(CallbackQueryId(press.clone())).text(text)).await
            }
            Outgoing::Leave => self.act(&LeaveChat::new(chat)).await,
        }
    }

    /// Calls a method of which only success matters.
    async fn act<P: Payload + Serialize>(&self, payload: &P) -> Outcome {
        match self.api.call::<P, IgnoredAny>(payload).await {
            Ok(_) => Outcome::Delivered { external_id: None },
            Err(error) if is_done_already::<P>(&error) => Outcome::Delivered { external_id: None },
            Err(error) => outcome_of(error),
        }
    }
}

#[async_trait]
impl Adapter for TelegramAdapter {
    fn messenger(&self) -> Messenger {
        Messenger::Telegram
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            edit: true,
            menu: true,
            recognises_repetition: false,
            inline_buttons: true,
            text_limit: TEXT_LIMIT,
            file_limit: self.file_limit,
        }
    }

    async fn deliver(&self, delivery: &Delivery) -> Outcome {
        match delivery.chat.parse() {
            Ok(chat) => self.say(ChatId(chat), &delivery.outgoing).await,
            Err(_) => Outcome::Refused("not a chat of Telegram".to_owned()),
        }
    }

    async fn fetch(
        &self,
        source: &str,
        limit: u64,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, FetchError> {
        let place: FilePlace = self.api.call(&GetFile::new(FileId(source.to_owned()))).await.map_err(fetch_error)?;
        let path = place.file_path.ok_or_else(|| FetchError::Temporary("no path was given".to_owned()))?;
        let response = self.api.download(&path).await.map_err(fetch_error)?;
        if response.content_length().is_some_and(|size| size > limit) {
            return Err(FetchError::TooLarge);
        }
        let mut size = 0;
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|error| FetchError::Temporary(error.without_url().to_string()))?;
            size += chunk.len() as u64;
            if size > limit {
                return Err(FetchError::TooLarge);
            }
            into.write_all(&chunk).await.map_err(|error| FetchError::Temporary(error.to_string()))?;
        }
        Ok(size)
    }
}

fn file_limit(config: &MessengerConfig, configured: u64) -> u64 {
    if config.api_url.contains("api.telegram.org") { configured.min(PUBLIC_FILE_LIMIT) } else { configured }
}

/// What a failed call means for the message.
fn outcome_of(error: CallError) -> Outcome {
    if error.is_no_entry() {
        return Outcome::NoEntry(error.to_string());
    }
    match error {
        CallError::NotSent(why) | CallError::Down(why) => Outcome::Temporary(why),
        CallError::Unknown(why) => Outcome::Unknown(why),
        CallError::Refused { code: 429, retry_after, .. } => {
            Outcome::TooMany { retry_after: retry_after.unwrap_or(DEFAULT_RETRY_AFTER) }
        }
        CallError::Refused { code: 403, .. } => Outcome::Blocked,
        CallError::Refused { code, description, .. } if is_unreachable(&description) && code == 400 => Outcome::Blocked,
        CallError::Refused { code, description, .. } => Outcome::Refused(format!("{code} {description}")),
    }
}

/// Telegram says 400 for some people who are gone (PT-D17).
fn is_unreachable(description: &str) -> bool {
    let description = description.to_ascii_lowercase();
    ["chat not found", "user is deactivated", "bot was blocked", "user not found", "peer_id_invalid"]
        .iter()
        .any(|sign| description.contains(sign))
}

/// Repeating an edit or leaving twice is refused, but what was wanted is so.
fn is_done_already<P: Payload>(error: &CallError) -> bool {
    match error {
        CallError::Refused { code: 400, description, .. } => description.contains("message is not modified"),
        CallError::Refused { code: 403, .. } => P::NAME == LeaveChat::NAME,
        _ => false,
    }
}

fn fetch_error(error: CallError) -> FetchError {
    match &error {
        CallError::Refused { code: 400, description, .. } if description.contains("file is too big") => {
            FetchError::TooLarge
        }
        _ => FetchError::Temporary(error.to_string()),
    }
}
