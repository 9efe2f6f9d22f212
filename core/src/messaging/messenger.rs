//! The messengers Opora knows.

use serde::{Deserialize, Serialize};

/// A messenger through which people are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Messenger {
    /// Telegram's bot API.
    Telegram,
    /// The chat in the browser.
    Web,
}

impl Messenger {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Telegram, Self::Web];

    /// The name in the database and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Telegram => "telegram",
            Self::Web => "web",
        }
    }
}
