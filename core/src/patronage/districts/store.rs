//! The table `districts`.

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::DistrictId, page::Choice},
    on_backend,
};

pub async fn active(tx: &mut Tx) -> Result<Vec<Choice<DistrictId>>, StorageError> {
    const SQL: &str = "SELECT id, name FROM districts WHERE retired_at IS NULL ORDER BY created_at, id";
    let rows: Vec<(DistrictId, String)> = on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(id, label)| Choice { id, label }).collect())
}

/// Adds a district; `false` when the name is taken.
pub async fn insert(tx: &mut Tx, id: DistrictId, name: &str, key: &str, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO districts (id, name, name_key, created_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (name_key) DO NOTHING";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(name)
        .bind(key)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

pub async fn is_active(tx: &mut Tx, id: DistrictId) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT id FROM districts WHERE id = $1 AND retired_at IS NULL";
    let row: Option<(DistrictId,)> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    Ok(row.is_some())
}
