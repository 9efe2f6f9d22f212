//! What is known of each messenger's bot: its public name (for links that open it) and what is wrong with it.

mod store;

use super::messenger::Messenger;
use crate::{
    App,
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
};

/// A messenger's bot as it was last seen.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Bot {
    /// The public name, without `@`.
    pub name: Option<String>,
    /// What keeps it from working, in words for the operator.
    pub trouble: Option<String>,
    /// Since when it is so.
    pub changed_at: Timestamp,
}

/// What is known of the messenger's bot, if it was ever reached.
pub async fn find(tx: &mut Tx, messenger: Messenger) -> Result<Option<Bot>, StorageError> {
    store::find(tx, messenger).await
}

/// The link that opens a conversation with the bot and hands it `code`, if the bot's name is known.
pub async fn deep_link(tx: &mut Tx, messenger: Messenger, code: &str) -> Result<Option<String>, StorageError> {
    let name = match messenger {
        Messenger::Telegram => find(tx, messenger).await?.and_then(|bot| bot.name),
        Messenger::Web => None,
    };
    Ok(name.map(|name| format!("https://t.me/{name}?start={code}")))
}

/// Remembers that the bot works under this name.
pub async fn is_well(app: &App, messenger: Messenger, name: &str) -> Result<(), StorageError> {
    let mut tx = app.db.begin().await?;
    store::save(&mut tx, messenger, Some(name), None, app.clock.now()).await?;
    tx.commit().await
}

/// Remembers what keeps the bot from working; its name stays.
pub async fn is_in_trouble(app: &App, messenger: Messenger, trouble: &str) -> Result<(), StorageError> {
    let mut tx = app.db.begin().await?;
    store::save(&mut tx, messenger, None, Some(trouble), app.clock.now()).await?;
    tx.commit().await
}
