//! SQL of the table `leases`.

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    on_backend,
};

/// Takes the lease unless somebody holds it past `latest` (`None`: take it in any case). Gives the new epoch and the pause.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    holder: &str,
    until: Timestamp,
    latest: Option<Timestamp>,
) -> Result<Option<(i64, Option<Timestamp>)>, StorageError> {
    const SQL: &str = "INSERT INTO leases (name, holder, epoch, until) VALUES ($1, $2, 1, $3)
        ON CONFLICT (name) DO UPDATE SET holder = $2, epoch = leases.epoch + 1, until = $3
        WHERE $4 OR leases.until <= $5
        RETURNING epoch, paused_until";
    let (always, latest) = (latest.is_none(), latest.unwrap_or(until));
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL)
        .bind(name)
        .bind(holder)
        .bind(until)
        .bind(always)
        .bind(latest)
        .fetch_optional(c)
        .await?))
}

/// Moves the end of a lease that is still held; `false` when it is not.
pub async fn renew(tx: &mut Tx, name: &str, epoch: i64, until: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE leases SET until = $3 WHERE name = $1 AND epoch = $2";
    let rows =
        on_backend!(tx, |c| sqlx::query(SQL).bind(name).bind(epoch).bind(until).execute(c).await?.rows_affected());
    Ok(rows == 1)
}

/// Remembers until when to be silent.
pub async fn pause(tx: &mut Tx, name: &str, epoch: i64, until: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE leases SET paused_until = $3 WHERE name = $1 AND epoch = $2";
    on_backend!(tx, |c| sqlx::query(SQL).bind(name).bind(epoch).bind(until).execute(c).await?.rows_affected());
    Ok(())
}
