//! The tables `second_factors` and `recovery_codes`.

use chrono::{DateTime, Utc};

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::AccountId},
    on_backend,
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Factor {
    pub secret: Vec<u8>,
    pub confirmed_at: Option<DateTime<Utc>>,
}

pub async fn find(tx: &mut Tx, account: AccountId) -> Result<Option<Factor>, StorageError> {
    const SQL: &str = "SELECT secret, confirmed_at FROM second_factors WHERE account_id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(account).fetch_optional(c).await?))
}

/// Begins anew, unless there is a confirmed one: then `false`.
pub async fn begin(tx: &mut Tx, account: AccountId, secret: &[u8], now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO second_factors (account_id, secret, begun_at) VALUES ($1, $2, $3) \
                       ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at \
                       WHERE second_factors.confirmed_at IS NULL";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(account)
        .bind(secret)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Makes it count; `false` when it counts already.
pub async fn confirm(tx: &mut Tx, account: AccountId, step: i64, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE second_factors SET confirmed_at = $2, used_step = $3 \
                       WHERE account_id = $1 AND confirmed_at IS NULL";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(account)
        .bind(now)
        .bind(step)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Takes the code of a step; `false` when it or a later one was taken already.
pub async fn take_step(tx: &mut Tx, account: AccountId, step: i64) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE second_factors SET used_step = $2 WHERE account_id = $1 AND used_step < $2";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(account)
        .bind(step)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

pub async fn delete(tx: &mut Tx, account: AccountId) -> Result<bool, StorageError> {
    const FACTOR: &str = "DELETE FROM second_factors WHERE account_id = $1";
    forget_codes(tx, account).await?;
    let rows =
        on_backend!(tx, |c| sqlx::query(FACTOR).bind(account).execute(c).await.map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

async fn forget_codes(tx: &mut Tx, account: AccountId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM recovery_codes WHERE account_id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(account).execute(c).await.map(drop)?);
    Ok(())
}

/// Puts new recovery codes in the place of the old ones.
pub async fn replace_codes(tx: &mut Tx, account: AccountId, hashes: &[Vec<u8>]) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO recovery_codes (account_id, code_hash) VALUES ($1, $2)";
    forget_codes(tx, account).await?;
    for hash in hashes {
        on_backend!(tx, |c| sqlx::query(SQL).bind(account).bind(hash).execute(c).await.map(drop)?);
    }
    Ok(())
}

/// Uses a recovery code up; `false` when there is none like this or it was used already.
pub async fn take_code(tx: &mut Tx, account: AccountId, hash: &[u8], now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE recovery_codes SET used_at = $3 \
                       WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(account)
        .bind(hash)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

pub async fn codes_left(tx: &mut Tx, account: AccountId) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(account).fetch_one(c).await?))
}
