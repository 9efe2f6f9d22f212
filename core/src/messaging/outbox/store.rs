//! SQL of the table `outbox`.

use super::Draft;
use crate::foundation::{chance::Chance, clock::Timestamp, db::Tx, errors::StorageError};

/// Adds rows; those whose cause is there already are left out.
pub async fn insert(tx: &mut Tx, drafts: &[Draft], now: Timestamp, chance: &dyn Chance) -> Result<u64, StorageError> {
    let _ = (tx, drafts, now, chance);
    todo!()
}
