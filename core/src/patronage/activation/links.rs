//! Links as the conversation and the senders use them.

use super::{Link, store};
use crate::{
    Work,
    foundation::{db::Tx, errors::StorageError, ids::PersonId},
    messaging::messenger::Messenger,
};

/// The live link of an account, blocked or not.
pub async fn link_of(tx: &mut Tx, messenger: Messenger, account: &str) -> Result<Option<Link>, StorageError> {
    store::link_of(tx, messenger, account).await
}

/// The live links of a citizen, blocked ones included.
pub async fn live_links(tx: &mut Tx, person: PersonId) -> Result<Vec<Link>, StorageError> {
    store::links_of(tx, person).await
}

/// The citizen stopped the bot; `Some` when this is news (one letter per transition, PT-D17).
pub async fn mark_blocked(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
) -> Result<Option<PersonId>, StorageError> {
    store::block(&mut work.tx, messenger, account, work.now).await
}

/// The citizen came back; `Some` when this is news.
pub async fn mark_unblocked(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
) -> Result<Option<PersonId>, StorageError> {
    store::unblock(&mut work.tx, messenger, account, work.now).await
}
