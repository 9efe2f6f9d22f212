//! Why a mail server cannot be used, in kinds that an administrator can do something about (PT-043).

use std::error::Error as _;

use lettre::transport::smtp::{Error, response::Code};

/// What stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The server takes neither this user nor this password.
    Password,
    /// There is no server of this name.
    Host,
    /// Nobody answers at this port.
    Refused,
    /// The server offers no encryption.
    Encryption,
    /// Its certificate is not to be trusted.
    Certificate,
    /// It gives no answer.
    Timeout,
    /// It speaks another way at this port.
    Port,
    /// Anything else.
    Other,
}

impl Cause {
    /// The kind of an error.
    pub(super) fn of(error: &Error) -> Self {
        if error.status().is_some_and(is_about_us) {
            return Self::Password;
        }
        let text = said(error);
        let says = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
        if error.is_timeout() || says(&["timed out"]) {
            Self::Timeout
        } else if says(&["lookup address", "could not resolve", "valid DNS name"]) {
            Self::Host
        } else if says(&["refused"]) {
            Self::Refused
        } else if says(&["certificate"]) {
            Self::Certificate
        } else if says(&["STARTTLS is not supported"]) {
            Self::Encryption
        } else if error.is_tls() || error.is_response() || says(&["corrupt message", "InvalidContentType"]) {
            Self::Port
        } else {
            Self::Other
        }
    }

    /// Key of the sentence.
    pub fn key(self) -> &'static str {
        match self {
            Self::Password => "settings-mail-password",
            Self::Host => "settings-mail-host",
            Self::Refused => "settings-mail-refused",
            Self::Encryption => "settings-mail-encryption",
            Self::Certificate => "settings-mail-certificate",
            Self::Timeout => "settings-mail-timeout",
            Self::Port => "settings-mail-port",
            Self::Other => "settings-mail-other",
        }
    }
}

/// Whether the server refuses who we are, not what we send.
pub(super) fn is_about_us(code: Code) -> bool {
    matches!(code.to_string().as_str(), "530" | "534" | "535" | "538")
}

/// An error with what is behind it, as «certificate: `UnknownIssuer`».
pub(super) fn said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = inner.source();
    }
    text
}
