//! States of one reminder (machine 3.3) and the dots that show them.

use crate::messaging::press::Reaction;

/// Where one reminder of a series stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OccurrenceState {
    /// Its time has not come. Never stored: it follows from the rule.
    Planned,
    /// Suspended by «Исключение». Never stored either.
    Excluded,
    /// Claimed; the messenger has not confirmed yet.
    Sending,
    /// The citizen has it and has pressed nothing; a curator's own reminder that fired.
    Awaiting,
    /// «Выполнено».
    Done,
    /// «Пропущено».
    Missed,
    /// Could not be delivered; there is a [`Reason`].
    Undelivered,
    /// Removed before it was sent: hidden everywhere.
    Cancelled,
}

/// Colour of the dot left of a reminder (PT-183 … PT-188).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dot {
    /// «синяя точка».
    Blue,
    /// «черная точка».
    Black,
    /// «желтая точка».
    Yellow,
    /// «зеленая точка».
    Green,
    /// «красная точка».
    Red,
    /// Ours: not delivered.
    Grey,
}

/// Why a reminder was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Reason {
    /// No messenger was connected at that moment.
    NotLinked,
    /// The citizen has blocked the bot.
    BotBlocked,
    /// We were down and the grace had passed (PT-D40).
    TooLate,
    /// The messenger refused it, or all attempts failed.
    SendFailed,
    /// The installation works without messengers (PT-D18).
    NoChannel,
}

impl OccurrenceState {
    /// The dot; a cancelled reminder has none.
    pub fn dot(self) -> Option<Dot> {
        match self {
            Self::Planned | Self::Sending => Some(Dot::Blue),
            Self::Excluded => Some(Dot::Black),
            Self::Awaiting => Some(Dot::Yellow),
            Self::Done => Some(Dot::Green),
            Self::Missed => Some(Dot::Red),
            Self::Undelivered => Some(Dot::Grey),
            Self::Cancelled => None,
        }
    }

    /// Key of the words that stand for the dot (PT-189).
    pub fn label_key(self) -> &'static str {
        match self {
            Self::Planned => "reminders-state-planned",
            Self::Excluded => "reminders-state-excluded",
            Self::Sending => "reminders-state-sending",
            Self::Awaiting => "reminders-state-awaiting",
            Self::Done => "reminders-state-done",
            Self::Missed => "reminders-state-missed",
            Self::Undelivered => "reminders-state-undelivered",
            Self::Cancelled => "reminders-state-cancelled",
        }
    }

    /// The reaction that is on record.
    pub fn reaction(self) -> Option<Reaction> {
        match self {
            Self::Done => Some(Reaction::Done),
            Self::Missed => Some(Reaction::Missed),
            _ => None,
        }
    }
}

impl From<Reaction> for OccurrenceState {
    fn from(reaction: Reaction) -> Self {
        match reaction {
            Reaction::Done => Self::Done,
            Reaction::Missed => Self::Missed,
        }
    }
}

impl Dot {
    /// Name for style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blue => "blue",
            Self::Black => "black",
            Self::Yellow => "yellow",
            Self::Green => "green",
            Self::Red => "red",
            Self::Grey => "grey",
        }
    }
}

impl Reason {
    /// Key of the explanation shown at a grey dot (PT-188).
    pub fn label_key(self) -> &'static str {
        match self {
            Self::NotLinked => "reminders-reason-not-linked",
            Self::BotBlocked => "reminders-reason-bot-blocked",
            Self::TooLate => "reminders-reason-too-late",
            Self::SendFailed => "reminders-reason-send-failed",
            Self::NoChannel => "reminders-reason-no-channel",
        }
    }
}
