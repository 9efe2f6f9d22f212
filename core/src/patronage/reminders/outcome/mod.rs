//! What became of the messages of reminders; called by the recorder of the outbox, many at a time, in the transaction that
//! recorded the same in the outbox.

mod store;

use super::{copies, occurrence, state::Reason};
use crate::{
    foundation::{clock::Timestamp, errors::StorageError, ids::OccurrenceId},
    messaging::sender::{Finished, Verdict},
    work::Work,
};

/// Sorts what has ended and hands it on to [`delivered`] and [`undelivered`].
pub async fn finished(work: &mut Work, finished: &[Finished]) -> Result<(), StorageError> {
    let (mut confirmed, mut failed) = (Vec::new(), Vec::new());
    for it in finished {
        let Some(occurrence) = it.occurrence else { continue };
        match it.verdict {
            Verdict::Delivered => confirmed.push((occurrence, it.at)),
            Verdict::Blocked => failed.push((occurrence, Reason::BotBlocked)),
            Verdict::Failed => failed.push((occurrence, Reason::SendFailed)),
            Verdict::TooLate => failed.push((occurrence, Reason::TooLate)),
        }
    }
    delivered(work, &confirmed).await?;
    undelivered(work, &failed).await
}

/// The messenger has confirmed these: yellow, unless a reaction was faster. Copies of what was answered meanwhile lose their
/// buttons.
pub async fn delivered(work: &mut Work, confirmed: &[(OccurrenceId, Timestamp)]) -> Result<(), StorageError> {
    if confirmed.is_empty() {
        return Ok(());
    }
    let yellow = store::await_reaction(&mut work.tx, confirmed).await?;
    if usize::try_from(yellow) == Ok(confirmed.len()) {
        return Ok(());
    }
    let ids: Vec<OccurrenceId> = confirmed.iter().map(|(id, _)| *id).collect();
    for id in store::answered(&mut work.tx, &ids).await? {
        let Some(row) = occurrence::store::find(&mut work.tx, id).await? else { continue };
        if let Some(reaction) = row.state.reaction() {
            copies::close(work, &row, reaction, None).await?;
        }
    }
    Ok(())
}

/// These could not be delivered: grey, unless another messenger still has or may have them, or a reaction came after all.
pub async fn undelivered(work: &mut Work, failed: &[(OccurrenceId, Reason)]) -> Result<(), StorageError> {
    if failed.is_empty() {
        return Ok(());
    }
    store::give_up(&mut work.tx, failed).await
}
