//! What earlier starts have looked through: so a start follows only what has changed since, however much there is.

mod store;

use std::collections::BTreeMap;

use crate::foundation::{db::Tx, errors::StorageError};

/// All marks by name.
pub async fn all(tx: &mut Tx) -> Result<BTreeMap<String, String>, StorageError> {
    Ok(store::all(tx).await?.into_iter().collect())
}

/// Sets a mark, or takes it away.
pub async fn set(tx: &mut Tx, name: &str, value: Option<&str>) -> Result<(), StorageError> {
    match value {
        Some(value) => store::put(tx, name, value).await,
        None => store::remove(tx, name).await,
    }
}
