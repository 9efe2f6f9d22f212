//! The table `pending_sign_ins`.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::AccountId},
    on_backend,
};

#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Pending {
    pub account_id: AccountId,
    pub secret_hash: Vec<u8>,
    pub created_at: DateTime<Utc>,
}

pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    account: AccountId,
    secret_hash: &[u8],
    now: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO pending_sign_ins (id, account_id, secret_hash, created_at) VALUES ($1, $2, $3, $4)";
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(account)
        .bind(secret_hash)
        .bind(now)
        .execute(c)
        .await
        .map(drop)?);
    Ok(())
}

pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Pending>, StorageError> {
    const SQL: &str = "SELECT account_id, secret_hash, created_at FROM pending_sign_ins WHERE id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// Ends it; `false` when it was ended already.
pub async fn delete(tx: &mut Tx, id: Uuid) -> Result<bool, StorageError> {
    const SQL: &str = "DELETE FROM pending_sign_ins WHERE id = $1";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|done| done.rows_affected())?) == 1)
}

pub async fn delete_of_account(tx: &mut Tx, account: AccountId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM pending_sign_ins WHERE account_id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(account).execute(c).await.map(drop)?);
    Ok(())
}

pub async fn delete_older(tx: &mut Tx, than: Timestamp) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM pending_sign_ins WHERE created_at < $1";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(than).execute(c).await.map(|done| done.rows_affected())?))
}
