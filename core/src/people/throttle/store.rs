//! The table `throttles`.

use chrono::{DateTime, Utc};

use super::Counter;
use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    on_backend,
};

#[derive(sqlx::FromRow)]
struct Row {
    failures: i64,
    window_began: DateTime<Utc>,
    refused_until: Option<DateTime<Utc>>,
    strikes: i64,
}

pub async fn find(tx: &mut Tx, subject: &str) -> Result<Option<Counter>, StorageError> {
    const SQL: &str = "SELECT failures, window_began, refused_until, strikes FROM throttles WHERE subject = $1";
    let row: Option<Row> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(subject).fetch_optional(c).await?);
    Ok(row.map(|row| Counter {
        failures: row.failures,
        window_began: row.window_began,
        refused_until: row.refused_until,
        strikes: row.strikes,
    }))
}

/// Makes sure there is a row and holds it, so that simultaneous failures are all counted.
pub async fn lock(tx: &mut Tx, subject: &str, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO throttles (subject, failures, window_began, strikes) VALUES ($1, 0, $2, 0) \
                       ON CONFLICT (subject) DO UPDATE SET failures = throttles.failures";
    on_backend!(tx, |c| sqlx::query(SQL).bind(subject).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}

pub async fn save(tx: &mut Tx, subject: &str, counter: &Counter) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE throttles SET failures = $2, window_began = $3, refused_until = $4, strikes = $5 \
                       WHERE subject = $1";
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(subject)
        .bind(counter.failures)
        .bind(counter.window_began)
        .bind(counter.refused_until)
        .bind(counter.strikes)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

pub async fn pardon(tx: &mut Tx, subject: &str) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE throttles SET failures = failures - 1, refused_until = NULL \
                       WHERE subject = $1 AND failures > 0";
    on_backend!(tx, |c| sqlx::query(SQL).bind(subject).execute(c).await.map(|_| ())?);
    Ok(())
}

pub async fn delete(tx: &mut Tx, subject: &str) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM throttles WHERE subject = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(subject).execute(c).await.map(|_| ())?);
    Ok(())
}

pub async fn delete_older(tx: &mut Tx, than: Timestamp) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM throttles WHERE window_began < $1 AND (refused_until IS NULL OR refused_until < $1)";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(than).execute(c).await.map(|done| done.rows_affected())?))
}
