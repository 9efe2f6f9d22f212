//! What can be put into the outbox.

use std::{fmt, str::FromStr};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    foundation::{
        clock::Timestamp,
        ids::{OccurrenceId, PersonId},
    },
    messaging::{message::Outgoing, messenger::Messenger},
};

/// Messengers forget a press after a short while; then its answer is refused as too old.
const PRESS_LIFE: TimeDelta = TimeDelta::seconds(60);
/// An answer that could not be given for a day is of no use any more.
const REPLY_LIFE: TimeDelta = TimeDelta::hours(24);

/// A message on its way out.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// By which way.
    pub channel: Channel,
    /// The chat; for letters see [`crate::messaging::letters::Recipient`].
    pub recipient: String,
    /// The person it is for, if known.
    pub person: Option<PersonId>,
    /// The reminder it carries.
    pub occurrence: Option<OccurrenceId>,
    /// One cause gives one message, however often it is put; so does a reminder in each channel, without any other cause.
    pub cause: Option<String>,
    /// What goes first.
    pub priority: Priority,
    /// What is said.
    pub payload: Payload,
    /// Not before.
    pub due_at: Timestamp,
    /// Not after.
    pub expires_at: Option<Timestamp>,
}

/// A way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// A messenger.
    Messenger(Messenger),
    /// Mail.
    Email,
}

impl Channel {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::Messenger(Messenger::Telegram), Self::Messenger(Messenger::Web), Self::Email];

    /// The name in the database and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Messenger(messenger) => messenger.name(),
            Self::Email => "email",
        }
    }

    /// Key of its name for people.
    pub fn label_key(self) -> &'static str {
        match self {
            Self::Messenger(Messenger::Telegram) => "delivery-channel-telegram",
            Self::Messenger(Messenger::Web) => "delivery-channel-web",
            Self::Email => "delivery-channel-email",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text that names no channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a channel")]
pub struct NotAChannel;

impl FromStr for Channel {
    type Err = NotAChannel;

    fn from_str(name: &str) -> Result<Self, NotAChannel> {
        Self::ALL.into_iter().find(|channel| channel.name() == name).ok_or(NotAChannel)
    }
}

/// What goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Answers to people.
    Reply,
    /// Reminders.
    Reminder,
    /// The rest.
    Rest,
}

impl Priority {
    /// All, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Reply, Self::Reminder, Self::Rest];

    /// The number in the database; smaller goes first.
    pub fn rank(self) -> i64 {
        match self {
            Self::Reply => 0,
            Self::Reminder => 1,
            Self::Rest => 2,
        }
    }

    /// The priority with this number; unknown numbers go last.
    pub fn of_rank(rank: i64) -> Self {
        Self::ALL.into_iter().find(|priority| priority.rank() == rank).unwrap_or(Self::Rest)
    }
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// In a messenger.
    Message(Outgoing),
    /// By mail.
    Letter(Letter),
}

/// A letter: plain text. Names in the subject cannot inject headers (PT-D54).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Subject line.
    pub subject: String,
    /// Body.
    pub text: String,
}

impl Outgoing {
    /// Until when it makes sense to say this as an answer given at `now`.
    pub(crate) fn expiry(&self, now: Timestamp) -> Option<Timestamp> {
        Some(now + if matches!(self, Self::Answer { .. }) { PRESS_LIFE } else { REPLY_LIFE })
    }
}
