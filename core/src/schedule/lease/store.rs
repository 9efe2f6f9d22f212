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
}

/// A lease as whoever would like to have it finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Found {
    /// Grows with every change of holder.
    pub epoch: i64,
    /// Until when it is held unless it is prolonged.
    pub until: Timestamp,
    /// The number of the process that holds it, if it has one and has not given the lease up.
    pub process: Option<i64>,
}

/// How the lease stands; nothing when nobody ever took it.
pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<Found>, StorageError> {
    const SQL: &str = "SELECT epoch, until, process FROM leases WHERE name = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(name).fetch_optional(c).await?))
}

/// How the lease stands.
pub async fn seen(tx: &mut Tx, name: &str) -> Result<Option<Seen>, StorageError> {
    const SQL: &str = "SELECT until, paused_until FROM leases WHERE name = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(name).fetch_optional(c).await?))
}

/// Takes the lease unless it has changed since it was found. Gives the new epoch and the pause.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    taker: Taker<'_>,
    found: Option<Found>,
    until: Timestamp,
) -> Result<Option<(i64, Option<Timestamp>)>, StorageError> {
    const SQL: &str = "INSERT INTO leases (name, holder, epoch, until, process) VALUES ($1, $2, 1, $3, $4)
        ON CONFLICT (name) DO UPDATE SET holder = $2, epoch = leases.epoch + 1, until = $3, process = $4
        WHERE leases.epoch = $5 AND leases.until = $6
        RETURNING epoch, paused_until";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL)
        .bind(name)
        .bind(taker.holder)
        .bind(until)
        .bind(taker.process)
        .bind(found.map(|found| found.epoch))
        .bind(found.map(|found| found.until))
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
