//! SQL of the table `bots`.

use super::Bot;
use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    messaging::messenger::Messenger,
    on_backend,
};

/// The bot of this messenger.
pub async fn find(tx: &mut Tx, messenger: Messenger) -> Result<Option<Bot>, StorageError> {
    const SQL: &str = "SELECT name, trouble, changed_at FROM bots WHERE messenger = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(messenger.name()).fetch_optional(c).await?))
}

/// Writes name and trouble; a missing name leaves the known one.
pub async fn save(
    tx: &mut Tx,
    messenger: Messenger,
    name: Option<&str>,
    trouble: Option<&str>,
    now: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO bots (messenger, name, trouble, changed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (messenger) DO UPDATE SET name = COALESCE($2, bots.name), trouble = $3, changed_at = $4";
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(messenger.name())
        .bind(name)
        .bind(trouble)
        .bind(now)
        .execute(c)
        .await?
        .rows_affected());
    Ok(())
}
