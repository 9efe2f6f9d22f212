//! SQL of the table `standstills`, and of the signs by which one is seen.

use super::Known;
use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    messaging::outbox::Channel,
    on_backend,
};

/// The columns of a [`Known`].
macro_rules! columns {
    () => {
        "channel, cause, detail, since, suspected_at, looked_at, begun_at, told_at"
    };
}

pub(super) async fn find(tx: &mut Tx, channel: Channel) -> Result<Option<Known>, StorageError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM standstills WHERE channel = $1");
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(channel.name()).fetch_optional(c).await?))
}

/// Those that are more than suspected, the oldest first.
pub(super) async fn begun(tx: &mut Tx) -> Result<Vec<Known>, StorageError> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM standstills WHERE begun_at IS NOT NULL ORDER BY since, channel");
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?))
}

pub(super) async fn save(tx: &mut Tx, known: &Known) -> Result<(), StorageError> {
    const SQL: &str = concat!(
        "INSERT INTO standstills (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (channel) DO UPDATE SET cause = $2, detail = $3, since = $4, suspected_at = $5, looked_at = $6,
            begun_at = $7, told_at = $8"
    );
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(&known.channel)
        .bind(known.cause)
        .bind(&known.detail)
        .bind(known.since)
        .bind(known.suspected_at)
        .bind(known.looked_at)
        .bind(known.begun_at)
        .bind(known.told_at)
        .execute(c)
        .await
        .map(drop)?);
    Ok(())
}

pub(super) async fn forget(tx: &mut Tx, channel: Channel) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM standstills WHERE channel = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(channel.name()).execute(c).await.map(drop)?);
    Ok(())
}

/// Since when the oldest message is due that has not come to an end: the first of each priority stands at the beginning of its
/// index. A probe that is under way at this very moment waits like the others.
pub(super) async fn oldest_due(
    tx: &mut Tx,
    channel: Channel,
    now: Timestamp,
) -> Result<Option<Timestamp>, StorageError> {
    const SQL: &str = "SELECT min(at) FROM (
        SELECT min(due_at) AS at FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 0 AND due_at <= $2
        UNION ALL SELECT min(due_at) FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 1 AND due_at <= $2
        UNION ALL SELECT min(due_at) FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 2 AND due_at <= $2
        ) AS moments";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).bind(now).fetch_one(c).await?))
}

/// Whether something of the channel came to an end after `since` because the other side said so.
pub(super) async fn has_moved(tx: &mut Tx, channel: Channel, since: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM outbox
        WHERE finished_at > $2 AND finished_at IS NOT NULL AND channel = $1 AND state IN ('delivered', 'failed'))";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).bind(since).fetch_one(c).await?))
}

/// What was said when a message of the channel was put off; it may be on its way again.
pub(in crate::messaging::delivery) async fn said(
    tx: &mut Tx,
    channel: Channel,
) -> Result<Option<String>, StorageError> {
    const SQL: &str = "SELECT last_error FROM outbox
        WHERE channel = $1 AND state = 'queued' AND retry_at IS NOT NULL ORDER BY retry_at LIMIT 1";
    let said: Option<Option<String>> =
        on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).fetch_optional(c).await?);
    Ok(said.flatten())
}
