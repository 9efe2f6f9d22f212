//! How things go wrong, in three kinds: the database's troubles ([`StorageError`]), the answer of a use case that did not
//! happen ([`Failure`]) and the words for it ([`Say`]), which are a key of the locales with arguments, never text.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A sentence to be said in the reader's language: a key of `locales/` and its arguments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Say {
    /// Key of a Fluent message.
    pub key: Cow<'static, str>,
    /// Arguments by name.
    pub args: Vec<(Cow<'static, str>, Arg)>,
}

/// An argument of a sentence. Numbers stay numbers, so that the plural form agrees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    /// A count or other whole number.
    Number(i64),
    /// Text, shown as it is.
    Text(String),
}

impl Say {
    /// The sentence with this key.
    pub fn key(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: Vec::new() }
    }

    /// Adds a text argument.
    #[must_use]
    pub fn text(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((Cow::Borrowed(name), Arg::Text(value.into())));
        self
    }

    /// Adds a number argument.
    #[must_use]
    pub fn number(mut self, name: &'static str, value: impl TryInto<i64>) -> Self {
        self.args.push((Cow::Borrowed(name), Arg::Number(value.try_into().unwrap_or(i64::MAX))));
        self
    }
}

/// What is wrong with the fields of a form: the field's name (as in the form) and what to say beside it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Complaints(Vec<(&'static str, Say)>);

impl Complaints {
    /// Adds a complaint about `field`.
    pub fn add(&mut self, field: &'static str, say: Say) {
        self.0.push((field, say));
    }

    /// Takes the value, or notes the complaint about `field`.
    pub fn check<T>(&mut self, field: &'static str, parsed: Result<T, Say>) -> Option<T> {
        parsed.map_err(|say| self.add(field, say)).ok()
    }

    /// The first complaint about `field`.
    pub fn about(&self, field: &str) -> Option<&Say> {
        self.0.iter().find(|(name, _)| *name == field).map(|(_, say)| say)
    }

    /// All complaints in the order they were made.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Say)> {
        self.0.iter().map(|(field, say)| (*field, say))
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` when nothing is wrong, else [`Failure::Invalid`].
    pub fn into_result(self) -> Result<(), Failure> {
        if self.is_empty() { Ok(()) } else { Err(Failure::Invalid(self)) }
    }
}

/// Why a use case did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such thing, or the actor may not know of it (a foreign object answers the same).
    #[error("not found")]
    NotFound,
    /// The actor's role never may do this.
    #[error("forbidden")]
    Forbidden,
    /// The input breaks rules; each complaint names its field.
    #[error("invalid input: {0:?}")]
    Invalid(Complaints),
    /// The state of things does not allow it; the sentence says why.
    #[error("refused: {0:?}")]
    Refused(Say),
    /// Somebody else changed the same thing meanwhile (PT-081).
    #[error("changed by somebody else")]
    Stale,
    /// The database could not do it.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Failure {
    /// A refusal with the sentence `key`.
    pub fn refused(key: &'static str) -> Self {
        Self::Refused(Say::key(key))
    }

    /// One complaint about one field.
    pub fn invalid(field: &'static str, say: Say) -> Self {
        let mut complaints = Complaints::default();
        complaints.add(field, say);
        Self::Invalid(complaints)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(error.into())
    }
}

/// The database's troubles, told apart by what one can do about them.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A unique rule was broken; the name is the constraint's (PostgreSQL) or its columns' (SQLite).
    #[error("already there: {0}")]
    Conflict(String),
    /// Another program holds the database.
    #[error("the database is busy: another program holds it")]
    Busy,
    /// The server cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The database or its folder may not be written.
    #[error("the database is read-only: check the owner and the free space of its folder")]
    ReadOnly,
    /// There is no room: what was asked for is not kept, all that was kept before is.
    #[error(
        "the database cannot be written: its disk is full, a quota is used up, or the disk is broken; make room, and all goes on by itself"
    )]
    Full,
    /// A newer Opora has worked here.
    #[error(
        "the database was made by a newer Opora (step {found}, this one knows up to {known}): install the newer version"
    )]
    Newer {
        /// Last migration applied to the database.
        found: i64,
        /// Last migration this binary knows.
        known: i64,
    },
    /// Stored data make no sense.
    #[error("{table} {id}: {column} makes no sense")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: String,
    },
    /// Anything else.
    #[error(transparent)]
    Other(sqlx::Error),
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(inner) = &error {
            if inner.is_unique_violation() {
                return Self::Conflict(inner.constraint().unwrap_or(inner.message()).to_owned());
            }
            match inner.code().as_deref() {
                // SQLITE_BUSY with its extended codes; SQLITE_LOCKED.
                Some("5" | "261" | "517" | "773" | "6") => return Self::Busy,
                // SQLITE_READONLY with its extended codes; PostgreSQL's read_only_sql_transaction.
                Some("8" | "264" | "520" | "776" | "1032" | "1288" | "1544" | "25006") => return Self::ReadOnly,
                // SQLITE_FULL, and SQLITE_IOERR of writing, syncing and stretching files, as quotas answer; PostgreSQL's disk_full.
                Some("13" | "778" | "1034" | "1290" | "1546" | "4874" | "53100") => return Self::Full,
                // PostgreSQL: shutting down, starting up, too many connections.
                Some("57P01" | "57P02" | "57P03" | "53300") => return Self::Unreachable(inner.message().to_owned()),
                _ => {}
            }
        }
        match error {
            sqlx::Error::Io(inner) => Self::Unreachable(inner.to_string()),
            // What answers is no database server: one that goes away, or a proxy before it.
            sqlx::Error::Protocol(inner) => Self::Unreachable(inner),
            sqlx::Error::PoolTimedOut => Self::Unreachable("no connection became free in time".to_owned()),
            other => Self::Other(other),
        }
    }
}

impl StorageError {
    /// Whether this is a conflict on one of the named constraints; give PostgreSQL's name and SQLite's `table.column`.
    pub fn is_conflict_on(&self, names: &[&str]) -> bool {
        matches!(self, Self::Conflict(what) if names.iter().any(|name| what.contains(name)))
    }

    /// Whether the same work may succeed when tried again shortly.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::Unreachable(_) | Self::Full)
    }
}
