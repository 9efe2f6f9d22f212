//! Rows of conversations.

use serde_json::Value;
use sqlx::types::Json;

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    messaging::messenger::Messenger,
    on_backend,
};

/// The remembered state.
pub(super) async fn find(tx: &mut Tx, messenger: Messenger, account: &str) -> Result<Option<Value>, StorageError> {
    const SQL: &str = "SELECT state FROM conversations WHERE messenger = $1 AND account = $2";
    let found: Option<Json<Value>> =
        on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(messenger).bind(account).fetch_optional(c).await?);
    Ok(found.map(|state| state.0))
}

/// Remembers the state.
pub(super) async fn put(
    tx: &mut Tx,
    messenger: Messenger,
    account: &str,
    state: &Value,
    now: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO conversations (messenger, account, state, changed_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (messenger, account) DO UPDATE SET state = $3, changed_at = $4";
    on_backend!(tx, |c| {
        sqlx::query(SQL).bind(messenger).bind(account).bind(Json(state)).bind(now).execute(c).await.map(drop)?;
    });
    Ok(())
}

/// Forgets the state.
pub(super) async fn delete(tx: &mut Tx, messenger: Messenger, account: &str) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM conversations WHERE messenger = $1 AND account = $2";
    on_backend!(tx, |c| sqlx::query(SQL).bind(messenger).bind(account).execute(c).await.map(drop)?);
    Ok(())
}
