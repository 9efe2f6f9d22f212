//! What activation tells.

use crate::{
    foundation::{
        clock::Timestamp,
        ids::{LinkId, PersonId},
    },
    messaging::messenger::Messenger,
};

/// How a citizen stands with the bot, as the card shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activation {
    /// The installation works without bots (PT-011).
    NotNeeded,
    /// A code waits to be sent to the bot.
    Waiting {
        /// Ten digits.
        code: String,
        /// The end of its validity.
        valid_until: Timestamp,
    },
    /// The code was not used in time.
    Expired {
        /// When it ended.
        valid_until: Timestamp,
    },
    /// Neither code nor link: the card was made when the installation worked without bots.
    Missing,
    /// «Бот активирован».
    Connected {
        /// The live links.
        links: Vec<LinkRow>,
        /// Whether every one of them is blocked by the citizen.
        blocked: bool,
    },
}

impl Activation {
    /// Whether the other tabs of the card are open (PT-089).
    pub fn opens_tabs(&self) -> bool {
        matches!(self, Self::NotNeeded | Self::Connected { .. })
    }
}

/// A live link as the card shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// The messenger.
    pub messenger: Messenger,
    /// Linked or blocked.
    pub state: LinkState,
    /// Since when.
    pub linked_at: Timestamp,
}

/// State of a link (machine 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LinkState {
    /// Messages can be sent.
    Linked,
    /// The citizen stopped or blocked the bot.
    Blocked,
    /// Ended.
    Unlinked,
}

/// A live link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The citizen.
    pub person: PersonId,
    /// The messenger.
    pub messenger: Messenger,
    /// The account there.
    pub account: String,
    /// The chat to write to.
    pub chat: String,
    /// Linked or blocked.
    pub state: LinkState,
    /// Since when.
    pub linked_at: Timestamp,
}

/// What became of a message that may hold a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activated {
    /// «Успешная активация».
    Linked {
        /// The citizen.
        person: PersonId,
    },
    /// No such code; counted.
    WrongCode,
    /// The code's time is over; not counted.
    Expired,
    /// Too many wrong codes from this account.
    TooMany {
        /// Minutes to wait.
        minutes: i64,
    },
    /// «Этот аккаунт уже подключен»; the code stays unused (PT-D15).
    AlreadyLinked,
    /// Not a digit in it: «Введите код активации»; not counted.
    NotACode,
}
