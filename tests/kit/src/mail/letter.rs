//! A letter as a person would read it.

use mail_parser::MessageParser;

/// A letter that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Sender of the envelope.
    pub from: String,
    /// Recipients of the envelope.
    pub to: Vec<String>,
    /// The sender's name in `From:`.
    pub sender_name: String,
    /// `Subject:`, decoded.
    pub subject: String,
    /// The plain text, decoded.
    pub text: String,
    /// Everything as it came.
    pub raw: String,
}

impl Letter {
    /// Decodes `raw`, which came in this envelope.
    pub(crate) fn read(from: &str, to: &[String], raw: &[u8]) -> Self {
        let message = MessageParser::default().parse(raw);
        let message = message.unwrap_or_else(|| panic!("not a letter: {}", String::from_utf8_lossy(raw)));
        let sender = message.from().and_then(|from| from.first()).and_then(|sender| sender.name());
        Self {
            from: from.to_owned(),
            to: to.to_vec(),
            sender_name: sender.unwrap_or_default().to_owned(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().replace("\r\n", "\n").trim_end().to_owned(),
            raw: String::from_utf8_lossy(raw).into_owned(),
        }
    }

    /// A header as it stands in the letter.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = MessageParser::default().parse(self.raw.as_bytes())?;
        message.header_raw(name).map(|value| value.trim().to_owned())
    }
}
