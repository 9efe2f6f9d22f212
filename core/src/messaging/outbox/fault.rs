//! Why a message ended without arriving, in kinds that can be counted and listed. What the messenger or the mail server said in its
//! own words stands beside it.

use serde::Serialize;

/// Why a message ended without arriving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Fault {
    /// The person blocked the bot, or the chat is gone (PT-D17).
    Blocked,
    /// The messenger refused it for good.
    Refused,
    /// The mail server refused the letter for good.
    LetterRefused,
    /// Tried again and again until its time was over (PT-D41).
    GaveUp,
    /// Its time was over before it could be tried (PT-D40).
    TooLate,
    /// Nobody knows whether it or its repetition arrived (PT-D42).
    UnknownTwice,
}

impl Fault {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Blocked, Self::Refused, Self::LetterRefused, Self::GaveUp, Self::TooLate, Self::UnknownTwice];

    /// The name in the database and in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Refused => "refused",
            Self::LetterRefused => "letter_refused",
            Self::GaveUp => "gave_up",
            Self::TooLate => "too_late",
            Self::UnknownTwice => "unknown_twice",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.name() == name)
    }

    /// Key of the words for it.
    pub fn label_key(self) -> &'static str {
        match self {
            Self::Blocked => "delivery-fault-blocked",
            Self::Refused => "delivery-fault-refused",
            Self::LetterRefused => "delivery-fault-letter-refused",
            Self::GaveUp => "delivery-fault-gave-up",
            Self::TooLate => "delivery-fault-too-late",
            Self::UnknownTwice => "delivery-fault-unknown-twice",
        }
    }
}
