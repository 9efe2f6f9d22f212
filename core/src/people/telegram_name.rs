//! «Telegram username»: contact data only, nothing is sent by it (PT-053).

use crate::foundation::errors::Say;

/// A name in Telegram without the `@`: 5 … 32 of A–Z a–z 0–9 _.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramName(String);

impl TelegramName {
    /// Reads a name with or without `@`.
    pub fn parse(text: &str) -> Result<Self, Say> {
        let text = text.trim();
        let name = text.strip_prefix('@').unwrap_or(text);
        let is_right = (5..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if is_right { Ok(Self(name.to_owned())) } else { Err(Say::key("people-wrong-telegram-name")) }
    }

    /// The name without `@`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
