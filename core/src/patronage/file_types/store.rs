//! The table `file_types`.

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::FileTypeId, page::Choice},
    on_backend,
};

pub async fn active(tx: &mut Tx) -> Result<Vec<Choice<FileTypeId>>, StorageError> {
    const SQL: &str = "SELECT id, name FROM file_types WHERE deleted_at IS NULL ORDER BY name_key, id";
    let rows: Vec<(FileTypeId, String)> = on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?);
    Ok(rows.into_iter().map(|(id, label)| Choice { id, label }).collect())
}

/// Adds a type; `false` when the name is taken.
pub async fn insert(tx: &mut Tx, id: FileTypeId, name: &str, key: &str, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO file_types (id, name, name_key, created_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (name_key) WHERE deleted_at IS NULL DO NOTHING";
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
