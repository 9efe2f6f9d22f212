//! What was read from the database and still holds.

use std::sync::{Arc, PoisonError, RwLock};

/// The last reading of something that hardly ever changes, beside a number that every change makes greater.
#[derive(Debug)]
pub struct Kept<T: ?Sized>(RwLock<Option<(i64, Arc<T>)>>);

impl<T: ?Sized> Default for Kept<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

impl<T: ?Sized> Kept<T> {
    /// What was read, unless something has changed since.
    pub fn at(&self, changes: i64) -> Option<Arc<T>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(then, _)| *then == changes).map(|(_, it)| Arc::clone(it))
    }

    /// Keeps a reading. What a transaction itself has changed must not get here: it may yet be taken back, and the same number would
    /// come to stand for something else.
    pub fn keep(&self, changes: i64, it: &Arc<T>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((changes, Arc::clone(it)));
    }
}
