//! The tables `consents` and `consent_texts`.

use super::Consent;
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{ConsentId, PersonId},
    },
    messaging::messenger::Messenger,
    on_backend,
};

/// Keeps a text, unless it is kept already.
pub(super) async fn keep_text(tx: &mut Tx, version: &str, text: &str, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO consent_texts (version, text, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (version) DO NOTHING";
    on_backend!(tx, |c| sqlx::query(SQL).bind(version).bind(text).bind(now).execute(c).await.map(drop)?);
    Ok(())
}

/// Writes a consent.
pub(super) async fn insert(
    tx: &mut Tx,
    id: ConsentId,
    person: PersonId,
    version: &str,
    messenger: Messenger,
    now: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO consents (id, person_id, version, messenger, given_at) VALUES ($1, $2, $3, $4, $5)";
    on_backend!(tx, |c| {
        sqlx::query(SQL).bind(id).bind(person).bind(version).bind(messenger).bind(now).execute(c).await.map(drop)?;
    });
    Ok(())
}

/// The latest consent.
pub(super) async fn latest(tx: &mut Tx, person: PersonId) -> Result<Option<Consent>, StorageError> {
    const SQL: &str = "SELECT given_at, messenger, version FROM consents WHERE person_id = $1 ORDER BY id DESC LIMIT 1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?))
}
