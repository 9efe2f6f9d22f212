//! The table `special_groups`.

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::GroupId, page::Choice},
    on_backend,
};

pub async fn active(tx: &mut Tx) -> Result<Vec<Choice<GroupId>>, StorageError> {
    const SQL: &str = "SELECT id, name FROM special_groups WHERE retired_at IS NULL ORDER BY name_key";
    let rows: Vec<(GroupId, String)> = on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(id, label)| Choice { id, label }).collect())
}

/// Adds a group; `false` when the name is taken.
pub async fn insert(tx: &mut Tx, id: GroupId, name: &str, key: &str, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO special_groups (id, name, name_key, created_at) VALUES ($1, $2, $3, $4) \
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

pub async fn is_active(tx: &mut Tx, id: GroupId) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT id FROM special_groups WHERE id = $1 AND retired_at IS NULL";
    let row: Option<(GroupId,)> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    Ok(row.is_some())
}
