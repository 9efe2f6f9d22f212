//! How people are reached: telephone numbers and mail addresses.

use std::fmt::Write;

use crate::foundation::errors::Say;

/// A telephone number in E.164: `+` and 8 … 15 digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Phone(String);

impl Phone {
    /// Reads a number: `8…` and `+7…` of eleven digits are the same Russian number, foreign ones begin with `+` (PT-068).
    pub fn parse(text: &str) -> Result<Self, Say> {
        let wrong = || Say::key("people-wrong-phone");
        let text = text.trim();
        if !text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-–()".contains(c)) {
            return Err(wrong());
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let international = text.starts_with('+');
        if text.matches('+').count() > usize::from(international) {
            return Err(wrong());
        }
        let digits = match (international, digits.len()) {
            (true, 11) if digits.starts_with('7') => digits,
            (true, 8..=15) if !digits.starts_with(['7', '0']) => digits,
            (false, 11) if digits.starts_with(['7', '8']) => format!("7{}", digits.get(1..).unwrap_or_default()),
            (false, 10) if digits.starts_with('9') => format!("7{digits}"),
            _ => return Err(wrong()),
        };
        Ok(Self(format!("+{digits}")))
    }

    /// `+79131234567`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// «+7 (913) 123-45-67»; foreign numbers as they are.
    pub fn shown(&self) -> String {
        shown(&self.0)
    }
}

/// A stored number as people read it.
pub fn shown(number: &str) -> String {
    let Some(national) = number.strip_prefix("+7").filter(|rest| rest.len() == 10) else { return number.to_owned() };
    let mut shown = String::from("+7\u{a0}(");
    for (place, digit) in national.chars().enumerate() {
        let mark = match place {
            3 => ")\u{a0}",
            6 | 8 => "-",
            _ => "",
        };
        let _ = write!(shown, "{mark}{digit}");
    }
    shown
}

/// A mail address of at most 254 characters.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Email(String);

impl Email {
    /// Reads an address; what the mail library would refuse to write to is refused here.
    pub fn parse(text: &str) -> Result<Self, Say> {
        let text = text.trim();
        let has_dot = text.rsplit_once('@').is_some_and(|(_, host)| host.contains('.') || host == "localhost");
        match text.parse::<lettre::Address>() {
            Ok(_) if has_dot && text.len() <= 254 => Ok(Self(text.to_owned())),
            _ => Err(Say::key("people-wrong-email")),
        }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads an optional field: empty is `None`.
pub fn optional<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Say>) -> Result<Option<T>, Say> {
    if text.trim().is_empty() { Ok(None) } else { parse(text).map(Some) }
}
