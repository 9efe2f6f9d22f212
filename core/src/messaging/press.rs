//! What a button under a message means. Written in at most 64 bytes, with a version, so that every messenger can carry it and
//! an old button is recognised as old.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::foundation::ids::OccurrenceId;

/// First character of the data; a change of meaning takes the next one.
const VERSION: char = '1';

/// «Выполнено» or «Пропущено» (PT-131).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Reaction {
    /// «Выполнено»; for a question "yes" (PT-132).
    Done,
    /// «Пропущено»; for a question "no" (PT-133).
    Missed,
}

/// The meaning of a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Press {
    /// A reaction to a reminder.
    React {
        /// The reminder; only its id travels (PT-D27).
        occurrence: OccurrenceId,
        /// Which button.
        reaction: Reaction,
    },
    /// «Передать сообщение»: hand the free text written before to the curator (PT-139).
    PassOn {
        /// Which text, so that an old button does not hand over a newer one.
        text: TextMark,
    },
    /// «Согласен»: consent to the text with this mark, and no other.
    Agree {
        /// Which text.
        text: TextMark,
    },
}

/// Stands for a text that is too long to travel in a button: the beginning of its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextMark([u8; 6]);

impl TextMark {
    /// The mark of `text`.
    pub fn of(text: &str) -> Self {
        let mut mark = [0; 6];
        mark.iter_mut().zip(Sha256::digest(text)).for_each(|(to, from)| *to = from);
        Self(mark)
    }
}

impl fmt::Display for TextMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for TextMark {
    type Err = NotOurPress;

    fn from_str(text: &str) -> Result<Self, NotOurPress> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotOurPress)?;
        bytes.try_into().map(Self).map_err(|_| NotOurPress)
    }
}

/// Data of a button that this version did not make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a button of this version")]
pub struct NotOurPress;

impl fmt::Display for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::React { occurrence, reaction: Reaction::Done } => write!(f, "{VERSION}d{occurrence}"),
            Self::React { occurrence, reaction: Reaction::Missed } => write!(f, "{VERSION}m{occurrence}"),
            Self::PassOn { text } => write!(f, "{VERSION}p{text}"),
            Self::Agree { text } => write!(f, "{VERSION}c{text}"),
        }
    }
}

impl FromStr for Press {
    type Err = NotOurPress;

    fn from_str(data: &str) -> Result<Self, NotOurPress> {
        let rest = data.strip_prefix(VERSION).ok_or(NotOurPress)?;
        let react = |id: &str, reaction| {
            let occurrence = id.parse().map_err(|_| NotOurPress)?;
            Ok(Self::React { occurrence, reaction })
        };
        match rest.split_at_checked(1) {
            Some(("d", id)) => react(id, Reaction::Done),
            Some(("m", id)) => react(id, Reaction::Missed),
            Some(("p", text)) => Ok(Self::PassOn { text: text.parse()? }),
            Some(("c", text)) => Ok(Self::Agree { text: text.parse()? }),
            _ => Err(NotOurPress),
        }
    }
}

impl From<Press> for String {
    fn from(press: Press) -> Self {
        press.to_string()
    }
}

impl TryFrom<String> for Press {
    type Error = NotOurPress;

    fn try_from(data: String) -> Result<Self, NotOurPress> {
        data.parse()
    }
}

#[cfg(test)]
mod tests;
