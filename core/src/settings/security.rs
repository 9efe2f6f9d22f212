//! Safety of sign-ins: who must have a second factor, and whether people hear of sign-ins by mail.

use serde::Deserialize;
use serde_json::json;

use super::store;
use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        db::Tx,
        errors::{Failure, StorageError},
    },
    people::access::Action,
};

/// «Требовать двухфакторный вход».
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Demand {
    /// Everybody chooses for himself.
    #[default]
    Nobody,
    /// The administrator must have one.
    Administrator,
    /// Administrator and curators.
    Everybody,
}

impl Demand {
    /// All choices, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Nobody, Self::Administrator, Self::Everybody];

    /// The name in forms and in the audit.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Administrator => "administrator",
            Self::Everybody => "everybody",
        }
    }

    /// Whether the administrator (or else a curator) must have a second factor.
    pub fn concerns(self, is_administrator: bool) -> bool {
        match self {
            Self::Nobody => false,
            Self::Administrator => is_administrator,
            Self::Everybody => true,
        }
    }
}

/// What the administrator decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Security {
    /// Who must have a second factor.
    pub demand: Demand,
    /// Whether holders of accounts get letters about new sign-ins and changed passwords.
    pub sign_in_letters: bool,
}

/// Reads it.
pub async fn security(work: &mut Work) -> Result<Security, Failure> {
    work.must(Action::ChangeSettings)?;
    Ok(store::security(&mut work.tx).await?)
}

/// Saves it. A new demand holds at once, also for who is signed in.
pub async fn save_security(work: &mut Work, new: Security) -> Result<(), Failure> {
    work.must(Action::ChangeSettings)?;
    let old = store::security(&mut work.tx).await?;
    store::save_security(&mut work.tx, new).await?;
    let changes = audit::difference(&facts(old), &facts(new));
    audit::note(work, Entry { action: "settings.changed", subject: "settings", subject_id: None, changes }).await?;
    Ok(())
}

/// Whether holders of accounts get letters about new sign-ins and changed passwords.
pub async fn sends_sign_in_letters(tx: &mut Tx) -> Result<bool, StorageError> {
    Ok(store::security(tx).await?.sign_in_letters)
}

fn facts(security: Security) -> serde_json::Value {
    json!({ "second_factor": security.demand.name(), "sign_in_letters": security.sign_in_letters })
}
