//! SQL of the table `marks`.

use crate::{
    foundation::{db::Tx, errors::StorageError},
    on_backend,
};

/// All of them: a few, and one for each time zone in use.
pub async fn all(tx: &mut Tx) -> Result<Vec<(String, String)>, StorageError> {
    const SQL: &str = "SELECT name, value FROM marks";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?))
}

/// Sets one.
pub async fn put(tx: &mut Tx, name: &str, value: &str) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2";
    on_backend!(tx, |c| sqlx::query(SQL).bind(name).bind(value).execute(c).await?.rows_affected());
    Ok(())
}

/// Takes one away.
pub async fn remove(tx: &mut Tx, name: &str) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM marks WHERE name = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(name).execute(c).await?.rows_affected());
    Ok(())
}
