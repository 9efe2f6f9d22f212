//! Logins and new passwords of the panel.

use crate::foundation::{errors::Say, secrets::Secret};

/// A login: 3 … 64 characters without spaces, unique whatever the letter case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login(String);

impl Login {
    /// Reads a login.
    pub fn parse(text: &str) -> Result<Self, Say> {
        let text = text.trim();
        let is_right =
            (3..=64).contains(&text.chars().count()) && !text.chars().any(|c| c.is_whitespace() || c.is_control());
        if is_right { Ok(Self(text.to_owned())) } else { Err(Say::key("people-wrong-login")) }
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What must be unique.
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

/// A login as it is compared: lower case.
pub fn key(login: &str) -> String {
    login.trim().to_lowercase()
}

/// A password somebody chose: 8 … 128 characters, typed twice alike.
#[derive(Debug, Clone)]
pub struct NewPassword(Secret);

impl NewPassword {
    /// Reads the two entries (PT-027).
    pub fn parse(password: &str, repeat: &str) -> Result<Self, Say> {
        if !(8..=128).contains(&password.chars().count()) {
            return Err(Say::key("people-password-length"));
        }
        if password != repeat {
            return Err(Say::key("people-passwords-differ"));
        }
        Ok(Self(Secret::new(password)))
    }

    /// The password.
    pub fn secret(&self) -> &Secret {
        &self.0
    }
}
