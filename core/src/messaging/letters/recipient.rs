//! To whom a letter goes. Addresses are looked up when it leaves, so a transfer of the citizen counts (PT-D11).

use std::{fmt, str::FromStr};

use async_trait::async_trait;

use crate::foundation::{
    db::Tx,
    errors::StorageError,
    ids::{PersonId, parse, short},
};

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// The curator who looks after this citizen at the moment of sending.
    CuratorOf(PersonId),
    /// This curator himself.
    Curator(PersonId),
    /// The administrator.
    Administrator,
    /// The administrator, unless the citizen's curator has the same address (PT-D54).
    AdministratorBesides(PersonId),
    /// The administrator, unless this curator has the same address.
    AdministratorBesidesCurator(PersonId),
}

impl Recipient {
    /// Whether it is the administrator's copy.
    pub fn is_administrator(&self) -> bool {
        matches!(self, Self::Administrator | Self::AdministratorBesides(_) | Self::AdministratorBesidesCurator(_))
    }
}

/// A name and a mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Shown in the `To` header.
    pub name: Option<String>,
    /// The address.
    pub email: String,
}

/// Knows people's mail addresses; a module implements it.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// The present curator of a citizen; `None` when there is none or he has no address.
    async fn curator_of(&self, tx: &mut Tx, citizen: PersonId) -> Result<Option<Addressee>, StorageError>;

    /// A curator.
    async fn curator(&self, tx: &mut Tx, curator: PersonId) -> Result<Option<Addressee>, StorageError>;
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CuratorOf(person) => write!(f, "curator-of:{}", short(person.0)),
            Self::Curator(person) => write!(f, "curator:{}", short(person.0)),
            Self::Administrator => f.write_str("administrator"),
            Self::AdministratorBesides(person) => write!(f, "administrator-besides-curator-of:{}", short(person.0)),
            Self::AdministratorBesidesCurator(person) => write!(f, "administrator-besides:{}", short(person.0)),
        }
    }
}

/// Text that names no recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a recipient")]
pub struct NotARecipient;

impl FromStr for Recipient {
    type Err = NotARecipient;

    fn from_str(text: &str) -> Result<Self, NotARecipient> {
        let person = |id: &str| parse(id).map(PersonId).ok_or(NotARecipient);
        match text.split_once(':') {
            Some(("curator-of", id)) => person(id).map(Self::CuratorOf),
            Some(("curator", id)) => person(id).map(Self::Curator),
            Some(("administrator-besides-curator-of", id)) => person(id).map(Self::AdministratorBesides),
            Some(("administrator-besides", id)) => person(id).map(Self::AdministratorBesidesCurator),
            None if text == "administrator" => Ok(Self::Administrator),
            _ => Err(NotARecipient),
        }
    }
}
