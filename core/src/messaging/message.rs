//! What is said to people in a messenger, in words that every messenger can translate: [`Outgoing`], and what they say:
//! [`Incoming`].

use serde::{Deserialize, Serialize};

use super::{messenger::Messenger, press::Press};
use crate::foundation::clock::Timestamp;

/// A message or act on its way out. Text is plain: `*`, `_` and `<` stay as typed (PT-152).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outgoing {
    /// A new message.
    Say {
        /// Plain text, at most 4096 characters.
        text: String,
        /// Buttons with it.
        #[serde(default, skip_serializing_if = "Keyboard::is_none")]
        keyboard: Keyboard,
    },
    /// A new text (and new buttons, or none) for an earlier message.
    Edit {
        /// The messenger's id of that message.
        message: String,
        /// The new text.
        text: String,
        /// Buttons that stay below it.
        #[serde(default, skip_serializing_if = "Keyboard::is_none")]
        keyboard: Keyboard,
    },
    /// The short answer to a press of an inline button.
    Answer {
        /// The messenger's id of the press.
        press: String,
        /// What pops up.
        text: String,
    },
    /// Leave a group or channel (PT-140).
    Leave,
}

/// Buttons of a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "rows", rename_all = "snake_case")]
pub enum Keyboard {
    /// None; whatever stood below the message line stays.
    #[default]
    None,
    /// The persistent menu below the message line: rows of labels.
    Menu(Vec<Vec<String>>),
    /// Take the menu away.
    RemoveMenu,
    /// Buttons under this message.
    Inline(Vec<Vec<Button>>),
}

impl Keyboard {
    /// Whether there are none.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// What a press means.
    pub press: Press,
}

/// Something that arrived from a messenger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incoming {
    /// From which messenger.
    pub messenger: Messenger,
    /// The messenger's own number of the update; the same number twice changes nothing.
    pub update: String,
    /// The account it came from.
    pub account: String,
    /// The chat to answer in.
    pub chat: String,
    /// When it was received here.
    pub at: Timestamp,
    /// What it is.
    pub what: Event,
}

/// What arrived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// «Старт», with the code of a deep link if there was one.
    Started {
        /// `start=` parameter.
        payload: Option<String>,
    },
    /// A text message.
    Text {
        /// As typed.
        text: String,
    },
    /// A press of a button under a message.
    Pressed {
        /// The messenger's id of the press, to be answered.
        press: String,
        /// The button's data as it came; may be foreign or old.
        data: String,
        /// The message under which the button stood.
        message: Option<String>,
        /// That message's text, if the messenger tells.
        text: Option<String>,
    },
    /// A file.
    File(IncomingFile),
    /// Something that is not text or file: sticker, contact, location (PT-124).
    Unsupported,
    /// The person blocked or stopped the bot.
    Blocked,
    /// The person unblocked the bot.
    Unblocked,
    /// The bot is in a group or channel (PT-140).
    NotPrivate,
}

/// A file announced by a messenger; it is fetched later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IncomingFile {
    /// The messenger's handle for fetching it.
    pub source: String,
    /// Original name; made up from kind and time when the messenger gives none.
    pub name: Option<String>,
    /// Media type as announced.
    pub media_type: Option<String>,
    /// Size in bytes as announced.
    pub size: Option<u64>,
    /// The text sent with it.
    pub caption: Option<String>,
    /// Files of one album share this.
    pub album: Option<String>,
}
