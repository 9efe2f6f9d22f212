//! The unit of work: one transaction, on behalf of one actor, at one moment.
//!
//! Every change of state is one use case `verb(work: &mut Work, input) -> Result<_, Failure>` that checks the right, changes
//! rows, writes the audit and puts messages into the outbox. Whoever opened the work commits it; then the workers are woken.

use std::{fmt, sync::Arc};

use tokio::sync::broadcast;

use crate::{
    foundation::{
        bell::Bell,
        chance::SharedChance,
        clock::{SharedClock, Timestamp},
        config::Config,
        db::{Db, Tx},
        errors::{Failure, StorageError},
        ids::{PersonId, WebChatId},
        kept::Kept,
        page::Choice,
        presence::Presence,
        secrets::Sealer,
        writing::Writing,
    },
    people::{
        access::{Action, Actor, Sight},
        notices::Herald,
        password::Hasher,
    },
    words::{Dictionary, Words},
};

/// The installation at run time: what every adapter shares. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Time.
    pub clock: SharedClock,
    /// Chance.
    pub chance: SharedChance,
    /// The operator's decisions.
    pub config: Arc<Config>,
    /// Texts in all languages.
    pub words: Arc<Words>,
    /// Encrypts what is kept secret in the database.
    pub sealer: Sealer,
    /// Makes and checks password hashes.
    pub hasher: Hasher,
    /// Tells holders of accounts what they should know.
    pub herald: Arc<dyn Herald>,
    /// Wakes workers after a commit.
    pub wake: Arc<Wake>,
    /// The curators that lists offer to choose from.
    pub known_curators: Arc<Kept<[Choice<PersonId>]>>,
}

/// Signals that follow a commit. A waiter must [`Bell::listen`] before it looks at the database.
#[derive(Debug)]
pub struct Wake {
    /// A reminder's next due moment may have come nearer.
    pub schedule: Bell,
    /// The outbox has something new to send.
    pub outbox: Bell,
    /// The inbox has something new to process.
    pub inbox: Bell,
    /// A file waits to be fetched.
    pub files: Bell,
    /// A table of citizens waits for its next step.
    pub imports: Bell,
    /// A web chat has a new or changed line.
    pub web_chat: broadcast::Sender<WebChatId>,
    /// The other processes of this installation, if there are any.
    pub presence: Presence,
    /// Whether the database takes what this process writes.
    pub writing: Writing,
}

impl Default for Wake {
    fn default() -> Self {
        Self {
            schedule: Bell::default(),
            outbox: Bell::default(),
            inbox: Bell::default(),
            files: Bell::default(),
            imports: Bell::default(),
            web_chat: broadcast::channel(256).0,
            presence: Presence::default(),
            writing: Writing::default(),
        }
    }
}

/// What to wake once the work is committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// See [`Wake::schedule`].
    Schedule,
    /// See [`Wake::outbox`].
    Outbox,
    /// See [`Wake::inbox`].
    Inbox,
    /// See [`Wake::files`].
    Files,
    /// See [`Wake::imports`].
    Imports,
    /// See [`Wake::web_chat`].
    WebChat(WebChatId),
}

/// The name of a signal among processes; see [`Signal::read`].
impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Schedule => f.write_str("schedule"),
            Self::Outbox => f.write_str("outbox"),
            Self::Inbox => f.write_str("inbox"),
            Self::Files => f.write_str("files"),
            Self::Imports => f.write_str("imports"),
            Self::WebChat(chat) => write!(f, "web_chat:{chat}"),
        }
    }
}

impl Signal {
    /// The signal of this name; a process of another version may use names that are not known here.
    pub fn read(name: &str) -> Option<Self> {
        match name {
            "schedule" => Some(Self::Schedule),
            "outbox" => Some(Self::Outbox),
            "inbox" => Some(Self::Inbox),
            "files" => Some(Self::Files),
            "imports" => Some(Self::Imports),
            _ => name.strip_prefix("web_chat:")?.parse().ok().map(Self::WebChat),
        }
    }
}

impl Wake {
    /// Rings every bell: something may have been missed.
    pub fn ring_all(&self) {
        for bell in [&self.schedule, &self.outbox, &self.inbox, &self.files, &self.imports] {
            bell.ring();
        }
    }
}

impl App {
    /// Opens work that may change things.
    pub async fn begin(&self, actor: Actor) -> Result<Work, StorageError> {
        let tx = self.db.begin().await?;
        Ok(self.work(tx, actor, false))
    }

    /// Opens work that changes nothing of what others look ahead at; see [`Db::begin_aside`].
    pub async fn begin_aside(&self, actor: Actor) -> Result<Work, StorageError> {
        let tx = self.db.begin_aside().await?;
        Ok(self.work(tx, actor, false))
    }

    /// Opens work that only looks.
    pub async fn look(&self, actor: Actor) -> Result<Work, StorageError> {
        let tx = self.db.read().await?;
        Ok(self.work(tx, actor, true))
    }

    /// Opens work that only looks, and whose statements need not agree with each other; see [`Db::glance`].
    pub async fn glance(&self, actor: Actor) -> Result<Work, StorageError> {
        let tx = self.db.glance().await?;
        Ok(self.work(tx, actor, true))
    }

    fn work(&self, tx: Tx, actor: Actor, only_looks: bool) -> Work {
        Work { tx, actor, now: self.clock.now(), app: self.clone(), signals: Vec::new(), only_looks }
    }

    /// Texts in the installation's own language: for the bot and letters.
    pub fn house_words(&self) -> &Dictionary {
        self.words.in_locale(&self.config.locale)
    }

    /// Wakes those of this process who wait for such a thing.
    pub fn send(&self, signal: &Signal) {
        match signal {
            Signal::Schedule => self.wake.schedule.ring(),
            Signal::Outbox => self.wake.outbox.ring(),
            Signal::Inbox => self.wake.inbox.ring(),
            Signal::Files => self.wake.files.ring(),
            Signal::Imports => self.wake.imports.ring(),
            // An error only says that nobody watches a web chat just now.
            Signal::WebChat(chat) => drop(self.wake.web_chat.send(*chat)),
        }
    }
}

/// One transaction, on behalf of one actor, at one moment. Dropped without [`Work::commit`] it leaves no trace.
pub struct Work {
    /// The transaction; storage functions take it.
    pub tx: Tx,
    /// On whose behalf.
    pub actor: Actor,
    /// When; the same for the whole work.
    pub now: Timestamp,
    /// The installation.
    pub app: App,
    signals: Vec<Signal>,
    only_looks: bool,
}

impl Work {
    /// Demands the right to `action` and tells whose citizens it reaches.
    pub fn must(&self, action: Action) -> Result<Sight, Failure> {
        self.actor.may(action, self.app.config.patronage.curator_visibility)
    }

    /// Whether it was opened to change nothing.
    pub fn only_looks(&self) -> bool {
        self.only_looks
    }

    /// Remembers to wake somebody after the commit.
    pub fn signal(&mut self, signal: Signal) {
        if !self.signals.contains(&signal) {
            self.signals.push(signal);
        }
    }

    /// Makes the changes last and wakes those who wait for them, in this process and in the others.
    pub async fn commit(mut self) -> Result<(), StorageError> {
        if !self.signals.is_empty() {
            let names: Vec<String> = self.signals.iter().map(Signal::to_string).collect();
            self.app.wake.presence.tell(&mut self.tx, &names.join(" ")).await?;
        }
        // In a task of its own: whoever waits may go away at any moment, and of what lasts somebody must hear.
        let finished = tokio::spawn(self.finish()).await;
        finished.unwrap_or_else(|fault| Err(StorageError::Unreachable(fault.to_string())))
    }

    async fn finish(self) -> Result<(), StorageError> {
        self.tx.commit().await.inspect_err(|error| self.app.wake.writing.failed(error))?;
        for signal in &self.signals {
            self.app.send(signal);
        }
        Ok(())
    }
}
