//! SQL of the table `periodic_jobs`.

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    on_backend,
};

/// When the job ran last. A job never heard of is noted as if it had just run.
pub async fn last_run(tx: &mut Tx, name: &str, now: Timestamp) -> Result<Timestamp, StorageError> {
    const NOTE: &str = "INSERT INTO periodic_jobs (name, ran_at, outcome) VALUES ($1, $2, 'new')
        ON CONFLICT (name) DO NOTHING";
    const SQL: &str = "SELECT ran_at FROM periodic_jobs WHERE name = $1";
    on_backend!(tx, |c| sqlx::query(NOTE).bind(name).bind(now).execute(c).await?.rows_affected());
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(name).fetch_one(c).await?))
}

/// When the job ran last, if it was ever heard of.
pub async fn ran_at(tx: &mut Tx, name: &str) -> Result<Option<Timestamp>, StorageError> {
    const SQL: &str = "SELECT ran_at FROM periodic_jobs WHERE name = $1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(name).fetch_optional(c).await?))
}

/// Notes a run and how it went.
pub async fn ran(tx: &mut Tx, name: &str, at: Timestamp, outcome: &str) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE periodic_jobs SET ran_at = $2, outcome = $3 WHERE name = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(name).bind(at).bind(outcome).execute(c).await?.rows_affected());
    Ok(())
}
