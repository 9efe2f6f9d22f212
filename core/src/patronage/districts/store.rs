//! The table `districts`: its time zones. What it has in common with other lists stands in `named`.

use crate::{
    foundation::{
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::DistrictId,
    },
    on_backend,
};

/// A district as the section shows it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct District {
    /// Its id.
    pub id: DistrictId,
    /// «Наименование района».
    pub name: String,
    /// Its own time zone; `None` is the installation's.
    pub time_zone: Option<String>,
}

/// Districts in use, in the order of creation.
pub async fn list(tx: &mut Tx) -> Result<Vec<District>, StorageError> {
    const SQL: &str = "SELECT id, name, time_zone FROM districts WHERE retired_at IS NULL ORDER BY created_at, id";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?))
}

/// A district in use.
pub async fn find(tx: &mut Tx, id: DistrictId) -> Result<Option<District>, StorageError> {
    const SQL: &str = "SELECT id, name, time_zone FROM districts WHERE id = $1 AND retired_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// Gives a district a time zone of its own, or takes it away.
pub async fn set_zone(tx: &mut Tx, id: DistrictId, zone: Option<&str>) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE districts SET time_zone = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(zone).execute(c).await?.rows_affected());
    exactly_one("districts", id, rows)
}
