//! SQL that puts failed messages into the queue again.

use sqlx::QueryBuilder;

use super::Candidate;
use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::OutboxId},
    on_backend,
};

/// Those of these that are failures, in the order in which they were written.
pub(super) async fn candidates(tx: &mut Tx, ids: &[OutboxId]) -> Result<Vec<Candidate>, StorageError> {
    const HEAD: &str = "SELECT id, channel, recipient, person_id, occurrence_id, expires_at FROM outbox
        WHERE fault IS NOT NULL AND id IN (";
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new(HEAD);
        let mut list = builder.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        builder.push(") ORDER BY id");
        builder.build_query_as().persistent(false).fetch_all(c).await?
    }))
}

/// Queues these as of now, as if they had never been tried, and tells which of them: another transaction may have been faster. Those
/// that may have arrived stay repetitions.
pub(super) async fn queue(tx: &mut Tx, ids: &[OutboxId], now: Timestamp) -> Result<Vec<OutboxId>, StorageError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new("UPDATE outbox SET state = 'queued', due_at = ");
        builder.push_bind(now).push(
            ", fault = NULL, last_error = NULL, finished_at = NULL, retry_at = NULL, attempt = 0
            WHERE fault IS NOT NULL AND id IN (",
        );
        let mut list = builder.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        builder.push(") RETURNING id");
        builder.build_query_scalar().persistent(false).fetch_all(c).await?
    }))
}
