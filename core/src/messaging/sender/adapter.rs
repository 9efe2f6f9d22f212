//! What the engine demands of a messenger, and what it tells the modules.

use std::time::Duration;

use async_trait::async_trait;
use tokio::io::AsyncWrite;

use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{OccurrenceId, OutboxId, PersonId},
    },
    messaging::{message::Outgoing, messenger::Messenger, outbox::Channel},
};

/// A messenger, as seen by the engine.
#[async_trait]
pub trait Adapter: Send + Sync + 'static {
    /// Which messenger.
    fn messenger(&self) -> Messenger;

    /// What it can do.
    fn abilities(&self) -> Abilities;

    /// Hands one message over. Never waits for a limit by itself and never tries again: the engine decides.
    async fn deliver(&self, delivery: &Delivery) -> Outcome;

    /// Writes the file `source` to `into`, at most `limit` bytes, and tells its size.
    async fn fetch(
        &self,
        source: &str,
        limit: u64,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, FetchError>;
}

/// What a messenger can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// Change a message after it was sent.
    pub edit: bool,
    /// Show a persistent menu below the message line.
    pub menu: bool,
    /// Recognise a message that comes twice by its id, so that repeating is harmless.
    pub recognises_repetition: bool,
    /// Show buttons under a message.
    pub inline_buttons: bool,
    /// Longest text in characters (UTF-16 units, as messengers count).
    pub text_limit: usize,
    /// Largest file it lets a bot fetch, in bytes.
    pub file_limit: u64,
}

/// One message to hand over.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The row of the outbox; an adapter that can recognises a repetition by it.
    pub id: OutboxId,
    /// To which chat.
    pub chat: String,
    /// What.
    pub outgoing: Outgoing,
    /// It may have arrived before; the text says so already.
    pub is_repeat: bool,
}

/// How handing over went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The messenger's server has it.
    Delivered {
        /// The messenger's id of the message, if it makes one.
        external_id: Option<String>,
    },
    /// The person cannot be reached: blocked the bot, deleted the account, never wrote (PT-D17).
    Blocked,
    /// Refused for good.
    Refused(String),
    /// Too fast: nothing more until the time is over (PT-D41).
    TooMany {
        /// How long to be silent.
        retry_after: Duration,
    },
    /// Not accepted, may work later: refused connection, 5xx.
    Temporary(String),
    /// It may have arrived or not: time-out, a connection that broke half-way.
    Unknown(String),
    /// The bot itself is not let in (wrong token): nobody's message fails for that.
    NoEntry(String),
}

/// Why a file could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is larger than the limit, or than the messenger hands out.
    #[error("the file is too large")]
    TooLarge,
    /// It is not there any more.
    #[error("the file is gone: {0}")]
    Gone(String),
    /// May work later.
    #[error("the file could not be fetched: {0}")]
    Temporary(String),
}

/// A message that has come to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Finished {
    /// The row of the outbox.
    pub id: OutboxId,
    /// Which way it went.
    pub channel: Channel,
    /// The chat or mail address.
    pub recipient: String,
    /// The person it was for.
    pub person: Option<PersonId>,
    /// The reminder it carried.
    pub occurrence: Option<OccurrenceId>,
    /// When.
    pub at: Timestamp,
    /// How it ended.
    pub verdict: Verdict,
}

/// How a message ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It is with the messenger's server.
    Delivered,
    /// The person blocked the bot.
    Blocked,
    /// Refused for good, or tried until its time was over.
    Failed,
    /// Its time was over before it could be tried.
    TooLate,
}

/// What the modules do when messages come to their end. Called in the transaction that records it.
#[async_trait]
pub trait OnOutcome: Send + Sync + 'static {
    /// These messages have ended.
    async fn finished(&self, work: &mut Work, finished: &[Finished]) -> Result<(), Failure>;

    /// The messenger says that the bot was blocked in this chat (in private chats the chat is the account).
    async fn blocked(&self, work: &mut Work, messenger: Messenger, chat: &str) -> Result<(), Failure>;
}
