//! Activation codes and bot links (PT-082…PT-091, machines 3.1 and 3.2).

use crate::{
    App, Work,
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::{Failure, StorageError},
        ids::{LinkId, PersonId},
    },
    messaging::messenger::Messenger,
};

/// How a citizen stands with the bot, as the card shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activation {
    /// The installation works without bots (PT-011).
    NotNeeded,
    /// A code waits to be sent to the bot.
    Waiting {
        /// Ten digits.
        code: String,
        /// The end of its validity.
        valid_until: Timestamp,
    },
    /// The code was not used in time.
    Expired {
        /// When it ended.
        valid_until: Timestamp,
    },
    /// «Бот активирован».
    Connected {
        /// The live links.
        links: Vec<LinkRow>,
        /// Whether every one of them is blocked by the citizen.
        blocked: bool,
    },
}

impl Activation {
    /// Whether the other tabs of the card are open (PT-089).
    pub fn opens_tabs(&self) -> bool {
        matches!(self, Self::NotNeeded | Self::Connected { .. })
    }
}

/// A live link as the card shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkRow {
    /// The messenger.
    pub messenger: Messenger,
    /// Linked or blocked.
    pub state: LinkState,
    /// Since when.
    pub linked_at: Timestamp,
}

/// State of a link (machine 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum LinkState {
    /// Messages can be sent.
    Linked,
    /// The citizen stopped or blocked the bot.
    Blocked,
    /// Ended.
    Unlinked,
}

/// A live link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The citizen.
    pub person: PersonId,
    /// The messenger.
    pub messenger: Messenger,
    /// The account there.
    pub account: String,
    /// The chat to write to.
    pub chat: String,
    /// Linked or blocked.
    pub state: LinkState,
}

/// What became of a message that may hold a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Activated {
    /// «Успешная активация».
    Linked {
        /// The citizen.
        person: PersonId,
    },
    /// No such code; counted.
    WrongCode,
    /// The code's time is over; not counted.
    Expired,
    /// Too many wrong codes from this account.
    TooMany {
        /// Minutes to wait.
        minutes: i64,
    },
    /// «Этот аккаунт уже подключен»; the code stays unused (PT-D15).
    AlreadyLinked,
    /// Not a digit in it: «Введите код активации»; not counted.
    NotACode,
}

/// How a citizen stands with the bot.
pub async fn state_of(work: &mut Work, person: PersonId) -> Result<Activation, Failure> {
    todo!("{} {person}", work.now)
}

/// «Продлить срок действия кода» (PT-086): the same code from now on; refused with `activation-code-used` when it was used.
pub async fn extend(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    todo!("{} {person}", work.now)
}

/// «Отключить бот» and «Выдать новый код» (PT-091): ends the links, revokes the old code, issues a new one.
pub async fn renew(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    todo!("{} {person}", work.now)
}

/// Takes a message of an account without a link. Commit whatever the answer: wrong codes are counted.
pub async fn activate(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
    chat: &str,
    text: &str,
) -> Result<Activated, Failure> {
    todo!("{} {messenger:?} {account} {chat} {text}", work.now)
}

/// Whether so many wrong codes arrive in the whole installation that answers to them are held back by five seconds (PT-D14).
pub async fn answers_are_delayed(work: &mut Work) -> Result<bool, StorageError> {
    todo!("{}", work.now)
}

/// The live link of an account.
pub async fn link_of(tx: &mut Tx, messenger: Messenger, account: &str) -> Result<Option<Link>, StorageError> {
    todo!("{tx:?} {messenger:?} {account}")
}

/// The live links of a citizen, blocked ones included.
pub async fn live_links(tx: &mut Tx, person: PersonId) -> Result<Vec<Link>, StorageError> {
    todo!("{tx:?} {person}")
}

/// The citizen stopped the bot; `Some` when this is news (one letter per transition, PT-D17).
pub async fn mark_blocked(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
) -> Result<Option<PersonId>, StorageError> {
    todo!("{} {messenger:?} {account}", work.now)
}

/// The citizen came back; `Some` when this is news.
pub async fn mark_unblocked(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
) -> Result<Option<PersonId>, StorageError> {
    todo!("{} {messenger:?} {account}", work.now)
}

/// At start: gives a code to every citizen who has neither link nor code, as after switching bots on (PT-D18).
pub async fn issue_missing(app: &App) -> Result<u64, StorageError> {
    todo!("{}", app.clock.now())
}
