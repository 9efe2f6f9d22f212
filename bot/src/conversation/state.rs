//! What is remembered between two messages of an account: JSON with a version. What this version cannot read counts as
//! nothing remembered, so an old or damaged row never silences the bot.

use chrono::NaiveDate;
use opora_core::messaging::{message::Event, press::TextMark};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Goes up when the meaning of a field changes.
const VERSION: u64 = 1;

/// Where a conversation stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The labels of the menu this account sees, in the order of [`super::Choice::ALL`]; empty when it sees none (PT-142).
    pub menu: Vec<String>,
    /// Free text and what became of it (PT-139).
    pub pending: Option<Pending>,
    /// The last time consent was asked for of somebody connected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
}

/// A question for consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Mark of the text that was shown.
    pub text: String,
    /// The day on the clocks of the installation.
    pub on: NaiveDate,
}

/// Free text for which «Передать сообщение» was offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pending {
    /// Not passed on. Forgotten with the next message.
    Text(String),
    /// A right activation code that waits for consent. Forgotten with the next message.
    Consent(String),
    /// Passed on; its mark, so that a second press is recognised.
    PassedOn(String),
}

#[derive(Serialize, Deserialize)]
struct Versioned {
    version: u64,
    #[serde(flatten)]
    state: State,
}

impl State {
    /// Reads what is remembered.
    pub fn read(remembered: Option<&Value>) -> Self {
        let read = remembered.and_then(|value| Versioned::deserialize(value).ok());
        read.filter(|read| read.version == VERSION).map(|read| read.state).unwrap_or_default()
    }

    /// What to remember; `None` when there is nothing.
    pub fn write(&self) -> Option<Value> {
        if *self == Self::default() {
            return None;
        }
        let versioned = Versioned { version: VERSION, state: self.clone() };
        Some(serde_json::to_value(versioned).expect("text and lists of text are always JSON"))
    }

    /// The state after `event`: free text that was not passed on is forgotten with the next message; presses are no messages.
    #[must_use]
    pub fn after(&self, event: &Event) -> Self {
        match event {
            Event::Pressed { .. } | Event::Blocked | Event::Unblocked | Event::NotPrivate => self.clone(),
            Event::Started { .. } | Event::Text { .. } | Event::File(_) | Event::Unsupported => {
                Self { pending: None, ..self.clone() }
            }
        }
    }

    /// The text that waits under this mark.
    pub fn waiting(&self, mark: TextMark) -> Option<&str> {
        match &self.pending {
            Some(Pending::Text(text)) if TextMark::of(text) == mark => Some(text),
            _ => None,
        }
    }

    /// Whether the text of this mark was the last one passed on.
    pub fn was_passed_on(&self, mark: TextMark) -> bool {
        matches!(&self.pending, Some(Pending::PassedOn(passed)) if *passed == mark.to_string())
    }
}

#[cfg(test)]
mod tests;
