//! What arrived: stored first, confirmed to the messenger second, processed third (design D6).

use std::sync::Arc;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::message::Incoming;
use crate::{
    App, Work,
    foundation::errors::{Failure, StorageError},
};

/// What answers to people: the bot's conversation.
#[async_trait]
pub trait Conversation: Send + Sync + 'static {
    /// Deals with one thing that arrived. Its changes and answers last together or not at all; the work's actor is a stranger
    /// until the conversation finds out who it is.
    async fn receive(&self, work: &mut Work, incoming: &Incoming) -> Result<(), Failure>;
}

/// Stores what arrived and tells how much of it is new: an update that came before changes nothing.
pub async fn store(work: &mut Work, incoming: &[Incoming]) -> Result<u64, StorageError> {
    let _ = (work, incoming);
    todo!()
}

/// Processes what arrives until `cancel`. One process at a time does so; the others wait to take over.
pub async fn run(app: App, conversation: Arc<dyn Conversation>, cancel: CancellationToken) {
    let _ = (app, conversation, cancel);
    todo!()
}

/// Processes everything that waits now and tells how much it was.
pub async fn process_waiting(app: &App, conversation: &dyn Conversation) -> Result<u64, StorageError> {
    let _ = (app, conversation);
    todo!()
}
