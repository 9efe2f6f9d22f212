//! SQL of the table `inbox`.

use sqlx::types::Json;

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    messaging::{message::Incoming, messenger::Messenger},
    on_backend,
};

/// An update that waits to be processed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Waiting {
    /// Its place in the order of arrival.
    pub seq: i64,
    /// From which messenger.
    pub messenger: Messenger,
    /// From which chat.
    pub chat: String,
    /// What arrived.
    pub payload: Json<serde_json::Value>,
    /// How often it failed.
    pub attempts: i64,
}

/// Adds what arrived; 0 when it was there already.
pub async fn insert(tx: &mut Tx, incoming: &Incoming) -> Result<u64, StorageError> {
    const SQL: &str = "INSERT INTO inbox (messenger, update_key, chat, payload, received_at, attempts)
        VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (messenger, update_key) DO NOTHING";
    Ok(on_backend!(tx, |c| sqlx::query(SQL)
        .bind(incoming.messenger)
        .bind(&incoming.update)
        .bind(&incoming.chat)
        .bind(Json(incoming))
        .bind(incoming.at)
        .execute(c)
        .await?
        .rows_affected()))
}

/// The oldest updates that wait.
pub async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<Waiting>, StorageError> {
    const SQL: &str = "SELECT seq, messenger, chat, payload, attempts FROM inbox
        WHERE processed_at IS NULL ORDER BY seq LIMIT $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(limit).fetch_all(c).await?))
}

/// Notes that the update is dealt with, or set aside because of `trouble`. What was dealt with is emptied: only its number is needed,
/// and what somebody wrote without passing it on is not kept (PT-139).
pub async fn processed(tx: &mut Tx, seq: i64, now: Timestamp, trouble: Option<&str>) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE inbox SET processed_at = $2, last_error = $3,
        payload = CASE WHEN $3 IS NULL THEN '{}' ELSE payload END WHERE seq = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(seq).bind(now).bind(trouble).execute(c).await?.rows_affected());
    Ok(())
}

/// Counts a failure.
pub async fn failed(tx: &mut Tx, seq: i64, why: &str) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE inbox SET attempts = attempts + 1, last_error = $2 WHERE seq = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(seq).bind(why).execute(c).await?.rows_affected());
    Ok(())
}

/// Deletes at most `limit` updates processed before `before`.
pub async fn clean(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM inbox WHERE seq IN (SELECT seq FROM inbox
        WHERE processed_at IS NOT NULL AND processed_at < $1 ORDER BY processed_at LIMIT $2)";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(before).bind(limit).execute(c).await?.rows_affected()))
}
