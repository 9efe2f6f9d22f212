//! SQL that records outcomes, many rows a statement.

use sqlx::QueryBuilder;

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::OccurrenceId},
    on_backend,
    patronage::reminders::state::Reason,
};

/// Rows of one statement at most.
const ROWS_A_STATEMENT: usize = 2000;

/// Makes these yellow that were on their way or given up.
pub async fn await_reaction(tx: &mut Tx, confirmed: &[(OccurrenceId, Timestamp)]) -> Result<(), StorageError> {
    for some in confirmed.chunks(ROWS_A_STATEMENT) {
        on_backend!(tx, |c| {
            let mut builder = QueryBuilder::new(
                "UPDATE occurrences SET state = 'awaiting', reason = NULL, delivered_at = v.column2 FROM (",
            );
            builder.push_values(some, |mut row, (id, at)| {
                row.push_bind(*id).push_bind(*at);
            });
            builder.push(") AS v WHERE occurrences.id = v.column1 AND occurrences.state IN ('sending', 'undelivered')");
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}

/// Those of them that were answered already.
pub async fn answered(tx: &mut Tx, ids: &[OccurrenceId]) -> Result<Vec<OccurrenceId>, StorageError> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        let part: Vec<OccurrenceId> = on_backend!(tx, |c| {
            let mut builder =
                QueryBuilder::new("SELECT id FROM occurrences WHERE state IN ('done', 'missed') AND id IN (");
            let mut list = builder.separated(", ");
            for id in some {
                list.push_bind(*id);
            }
            builder.push(")");
            builder.build_query_scalar().persistent(false).fetch_all(c).await?
        });
        found.extend(part);
    }
    Ok(found)
}

/// Makes these grey whose every message has failed.
pub async fn give_up(tx: &mut Tx, failed: &[(OccurrenceId, Reason)]) -> Result<(), StorageError> {
    for some in failed.chunks(ROWS_A_STATEMENT) {
        on_backend!(tx, |c| {
            let mut builder =
                QueryBuilder::new("UPDATE occurrences SET state = 'undelivered', reason = v.column2 FROM (");
            builder.push_values(some, |mut row, (id, reason)| {
                row.push_bind(*id).push_bind(*reason);
            });
            builder.push(
                ") AS v WHERE occurrences.id = v.column1 AND occurrences.state = 'sending' AND NOT EXISTS (
                    SELECT 1 FROM outbox m WHERE m.occurrence_id = occurrences.id
                        AND m.state IN ('queued', 'sending', 'unknown', 'delivered'))",
            );
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}
