//! The table `known_places`.

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::AccountId},
    on_backend,
};

pub async fn any(tx: &mut Tx, account: AccountId) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT kind FROM known_places WHERE account_id = $1 LIMIT 1";
    let found: Option<(String,)> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(account).fetch_optional(c).await?);
    Ok(found.is_some())
}

/// Notes that a place was seen; `true` when it is new.
pub async fn remember(
    tx: &mut Tx,
    account: AccountId,
    kind: &str,
    name: &str,
    now: Timestamp,
) -> Result<bool, StorageError> {
    const SEEN: &str = "UPDATE known_places SET seen_at = $4 WHERE account_id = $1 AND kind = $2 AND name = $3";
    const NEW: &str = "INSERT INTO known_places (account_id, kind, name, seen_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (account_id, kind, name) DO NOTHING";
    for (sql, is_new) in [(SEEN, false), (NEW, true)] {
        let rows = on_backend!(tx, |c| sqlx::query(sql)
            .bind(account)
            .bind(kind)
            .bind(name)
            .bind(now)
            .execute(c)
            .await
            .map(|done| done.rows_affected())?);
        if rows > 0 {
            return Ok(is_new);
        }
    }
    Ok(false)
}

pub async fn delete_older(tx: &mut Tx, than: Timestamp) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM known_places WHERE seen_at < $1";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(than).execute(c).await.map(|done| done.rows_affected())?))
}
