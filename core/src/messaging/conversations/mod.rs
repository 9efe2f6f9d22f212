//! Where each conversation stands, as JSON of the conversation's own making. Reading never fails for what is written there.

mod store;

use crate::{Work, foundation::errors::StorageError, messaging::messenger::Messenger};

/// Where the conversation of an account stands; `None` when nothing is remembered.
pub async fn load(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
) -> Result<Option<serde_json::Value>, StorageError> {
    store::find(&mut work.tx, messenger, account).await
}

/// Remembers where the conversation stands; `None` forgets it.
pub async fn save(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
    state: Option<&serde_json::Value>,
) -> Result<(), StorageError> {
    match state {
        Some(state) => store::put(&mut work.tx, messenger, account, state, work.now).await,
        None => store::delete(&mut work.tx, messenger, account).await,
    }
}
