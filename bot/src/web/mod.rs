//! The web chat as a messenger: "delivery" writes a line of the chat, which the panel shows.

use async_trait::async_trait;
use opora_core::{
    App,
    foundation::{errors::StorageError, ids::WebChatId},
    messaging::{
        messenger::Messenger,
        sender::{Abilities, Adapter, Delivery, FetchError, Outcome},
        web_chat::{self, Shown},
    },
    people::access::Actor,
};
use tokio::io::{AsyncReadExt, AsyncWrite};

/// Longest line; the conversation keeps below Telegram's limit anyway.
const TEXT_LIMIT: usize = 16_384;

/// Hands messages over to browsers.
pub struct WebAdapter {
    app: App,
}

impl WebAdapter {
    /// The adapter of this installation.
    pub fn new(app: App) -> Self {
        Self { app }
    }

    async fn show(&self, chat: WebChatId, delivery: &Delivery) -> Result<Shown, StorageError> {
        let mut work = self.app.begin(Actor::System).await?;
        let shown = web_chat::show(&mut work, delivery.id, chat, &delivery.outgoing).await?;
        work.commit().await?;
        Ok(shown)
    }
}

#[async_trait]
impl Adapter for WebAdapter {
    fn messenger(&self) -> Messenger {
        Messenger::Web
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            edit: true,
            menu: true,
            inline_buttons: true,
            recognises_repetition: true,
            text_limit: TEXT_LIMIT,
            file_limit: self.app.config.file_limit(),
        }
    }

    async fn deliver(&self, delivery: &Delivery) -> Outcome {
        let Ok(chat) = delivery.chat.parse::<WebChatId>() else {
            return Outcome::Refused(format!("{} is no web chat", delivery.chat));
        };
        match self.show(chat, delivery).await {
            Ok(Shown::Line(line)) => Outcome::Delivered { external_id: Some(line.to_string()) },
            Ok(Shown::Changed) => Outcome::Delivered { external_id: None },
            Ok(Shown::NoSuch) => Outcome::Refused("no such chat or line".to_owned()),
            // Showing twice shows once, so an uncertain commit may simply be tried again.
            Err(error) => Outcome::Temporary(error.to_string()),
        }
    }

    async fn fetch(
        &self,
        source: &str,
        limit: u64,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, FetchError> {
        let is_plain =
            !source.is_empty() && source.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        if !is_plain {
            return Err(FetchError::Gone("not a name of an upload".to_owned()));
        }
        let path = web_chat::incoming_folder(&self.app).join(source);
        let file = tokio::fs::File::open(path).await.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => FetchError::Gone(error.to_string()),
            _ => FetchError::Temporary(error.to_string()),
        })?;
        let copied = tokio::io::copy(&mut file.take(limit + 1), into).await;
        match copied {
            Ok(size) if size > limit => Err(FetchError::TooLarge),
            Ok(size) => Ok(size),
            Err(error) => Err(FetchError::Temporary(error.to_string())),
        }
    }
}
