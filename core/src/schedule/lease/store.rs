//! SQL of the table `leases`.

use super::Seen;
use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    on_backend,
};

/// Who takes a lease.
#[derive(Debug, Clone, Copy)]
pub struct Taker<'a> {
    /// A name for people.
    pub holder: &'a str,
    /// The number under which the other processes see it, if they do.
    pub process: Option<i64>,
    /// Takes it in any case.
    pub always: bool,
    /// This process is gone: what it holds is free.
    pub gone: Option<i64>,
}

/// Who holds the lease past `now`, if somebody does: the number of the process, if it has one.
pub async fn holder(tx: &mut Tx, name: &str, now: Timestamp) -> Result<Option<Option<i64>>, StorageError> {
    const SQL: &str = "SELECT process FROM leases WHERE name = $1 AND until > $2";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(name).bind(now).fetch_optional(c).await?))
}

/// How the lease stands.
pub async fn seen(tx: &mut Tx, name: &str) -> Result<Option<Seen>, StorageError> {
    const SQL: &str = "SELECT until, paused_until FROM leases WHERE name = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(name).fetch_optional(c).await?))
}

/// Takes the lease unless somebody holds it past `now`. Gives the new epoch and the pause.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    taker: Taker<'_>,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<(i64, Option<Timestamp>)>, StorageError> {
    const SQL: &str = "INSERT INTO leases (name, holder, epoch, until, process) VALUES ($1, $2, 1, $3, $4)
        ON CONFLICT (name) DO UPDATE SET holder = $2, epoch = leases.epoch + 1, until = $3, process = $4
        WHERE $5 OR leases.until <= $6 OR leases.process = $7
        RETURNING epoch, paused_until";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL)
        .bind(name)
        .bind(taker.holder)
        .bind(until)
        .bind(taker.process)
        .bind(taker.always)
        .bind(now)
        .bind(taker.gone)
        .fetch_optional(c)
        .await?))
}

/// Moves the end of a lease that is still held; `false` when it is not.
pub async fn renew(
    tx: &mut Tx,
    name: &str,
    epoch: i64,
    until: Timestamp,
    process: Option<i64>,
) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE leases SET until = $3, process = $4 WHERE name = $1 AND epoch = $2";
    let rows = on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(name).bind(epoch).bind(until).bind(process);
        query.execute(c).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// Remembers until when to be silent.
pub async fn pause(tx: &mut Tx, name: &str, epoch: i64, until: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE leases SET paused_until = $3 WHERE name = $1 AND epoch = $2";
    on_backend!(tx, |c| sqlx::query(SQL).bind(name).bind(epoch).bind(until).execute(c).await?.rows_affected());
    Ok(())
}

/// Writes a lease that nobody takes.
pub async fn touch(tx: &mut Tx, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO leases (name, holder, epoch, until) VALUES ('trial', '', 1, $1)
        ON CONFLICT (name) DO UPDATE SET epoch = leases.epoch + 1, until = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(now).execute(c).await?.rows_affected());
    Ok(())
}
