//! SQL of the table `downtimes`.

use super::Downtime;
use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    messaging::messenger::Messenger,
    on_backend,
};

/// Notes a time in which a messenger, or everything, did not work.
pub(super) async fn add(
    tx: &mut Tx,
    messenger: Option<Messenger>,
    from: Timestamp,
    to: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO downtimes (channel, began_at, ended_at) VALUES ($1, $2, $3)";
    on_backend!(tx, |c| sqlx::query(SQL).bind(messenger).bind(from).bind(to).execute(c).await.map(drop)?);
    Ok(())
}

/// Prolongs a messenger's standstill that was seen after `seen_since`; tells whether there was one.
pub(super) async fn prolong(
    tx: &mut Tx,
    messenger: Messenger,
    seen_since: Timestamp,
    to: Timestamp,
) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE downtimes SET ended_at = $3 WHERE channel = $1 AND ended_at >= $2";
    Ok(on_backend!(tx, |c| sqlx::query(SQL)
        .bind(messenger)
        .bind(seen_since)
        .bind(to)
        .execute(c)
        .await?
        .rows_affected())
        > 0)
}

/// Since when the oldest reminder waits that could have gone.
pub(super) async fn oldest_waiting(tx: &mut Tx, messenger: Messenger) -> Result<Option<Timestamp>, StorageError> {
    const SQL: &str = "SELECT min(due_at) FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(messenger).fetch_one(c).await?))
}

/// Whether the messenger took anything after `since`.
pub(super) async fn has_sent(tx: &mut Tx, messenger: Messenger, since: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM outbox
        WHERE finished_at > $2 AND finished_at IS NOT NULL AND channel = $1 AND state = 'delivered')";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(messenger).bind(since).fetch_one(c).await?))
}

pub(super) async fn between(
    tx: &mut Tx,
    from: Timestamp,
    to: Timestamp,
    limit: i64,
) -> Result<Vec<Downtime>, StorageError> {
    const SQL: &str = "SELECT channel, began_at, ended_at FROM downtimes
        WHERE ended_at >= $1 AND began_at <= $2 ORDER BY ended_at LIMIT $3";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(from).bind(to).bind(limit).fetch_all(c).await?))
}
