//! Whether the database takes what is written. A full disk still lets everything be read, so nobody would notice by looking.

use std::sync::atomic::{AtomicBool, Ordering};

use super::errors::StorageError;

/// What this process knows of its writing.
#[derive(Debug, Default)]
pub struct Writing {
    is_refused: AtomicBool,
}

impl Writing {
    /// An attempt failed; that there was no room is remembered and told in the log, once.
    pub fn failed(&self, error: &StorageError) {
        if matches!(error, StorageError::Full) && !self.is_refused.swap(true, Ordering::Relaxed) {
            tracing::error!("{error}");
        }
    }

    /// Something was written indeed: a transaction that changed nothing proves nothing.
    pub fn succeeded(&self) {
        if self.is_refused() && self.is_refused.swap(false, Ordering::Relaxed) {
            tracing::warn!("the database can be written again");
        }
    }

    /// Whether there was no room when this process wrote last.
    pub fn is_refused(&self) -> bool {
        self.is_refused.load(Ordering::Relaxed)
    }
}
