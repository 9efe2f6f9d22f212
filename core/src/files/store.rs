//! SQL of the fetcher: files that wait to be fetched.

use crate::{
    files::Stored,
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{FileId, PersonId},
    },
    messaging::messenger::Messenger,
    on_backend,
};

/// A file that waits to be fetched.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Waiting {
    /// Which.
    pub id: FileId,
    /// Who sent it.
    pub person_id: PersonId,
    /// Through which messenger.
    pub messenger: Messenger,
    /// From which chat.
    pub chat: String,
    /// The messenger's handle.
    pub source: Option<String>,
    /// Its album.
    pub album: Option<String>,
    /// Its name.
    pub name: String,
    /// When it was announced.
    pub received_at: Timestamp,
    /// How often fetching failed.
    pub attempts: i64,
}

/// The files whose time has come.
pub async fn waiting(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Waiting>, StorageError> {
    const SQL: &str = "SELECT id, person_id, messenger, chat, source, album, name, received_at, attempts FROM files
        WHERE state = 'receiving' AND next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $2";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(now).bind(limit).fetch_all(c).await?))
}

/// When the next file is to be fetched.
pub async fn next_moment(tx: &mut Tx) -> Result<Option<Timestamp>, StorageError> {
    const SQL: &str = "SELECT min(next_attempt_at) FROM files WHERE state = 'receiving'";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await?))
}

/// The file is on the disk; `false` when nobody waits for it any more.
pub async fn stored(tx: &mut Tx, id: FileId, stored: &Stored) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE files SET state = 'stored', storage_key = $2, sha256 = $3, size = $4, source = NULL,
        next_attempt_at = NULL WHERE id = $1 AND state = 'receiving'";
    let size = i64::try_from(stored.size).unwrap_or(i64::MAX);
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(&stored.key)
        .bind(stored.sha256.as_slice())
        .bind(size)
        .execute(c)
        .await?
        .rows_affected());
    Ok(rows == 1)
}

/// The file will not come: `rejected` or `failed`; `false` when nobody waits for it any more.
pub async fn ended(tx: &mut Tx, id: FileId, state: &'static str) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE files SET state = $2, source = NULL, next_attempt_at = NULL
        WHERE id = $1 AND state = 'receiving'";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(state).execute(c).await?.rows_affected()) == 1)
}

/// Fetching failed; it is tried again at `again_at`.
pub async fn retry(tx: &mut Tx, id: FileId, again_at: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE files SET attempts = attempts + 1, next_attempt_at = $2
        WHERE id = $1 AND state = 'receiving'";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(again_at).execute(c).await?.rows_affected());
    Ok(())
}
