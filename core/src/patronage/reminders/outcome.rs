//! What became of the messages of reminders; called by the recorder of the outbox, many at a time, in the transaction that
//! recorded the same in the outbox.

use super::state::Reason;
use crate::{
    foundation::{clock::Timestamp, errors::StorageError, ids::OccurrenceId},
    work::Work,
};

/// The messenger has confirmed these: yellow, unless a reaction was faster.
pub async fn delivered(work: &mut Work, confirmed: &[(OccurrenceId, Timestamp)]) -> Result<(), StorageError> {
    let _ = (work, confirmed);
    todo!()
}

/// These could not be delivered: grey, unless another messenger still has or may have them, or a reaction came after all.
pub async fn undelivered(work: &mut Work, failed: &[(OccurrenceId, Reason)]) -> Result<(), StorageError> {
    let _ = (work, failed);
    todo!()
}
