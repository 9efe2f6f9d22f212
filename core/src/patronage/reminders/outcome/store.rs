//! SQL that records outcomes, many rows a statement.

use sqlx::QueryBuilder;

use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx},
        errors::StorageError,
        ids::OccurrenceId,
        rows,
    },
    on_backend,
    patronage::reminders::state::Reason,
};

/// Rows of one statement at most.
const ROWS_A_STATEMENT: usize = 2000;

/// Makes these yellow that were on their way or given up, and tells how many of them were.
pub async fn await_reaction(tx: &mut Tx, confirmed: &[(OccurrenceId, Timestamp)]) -> Result<u64, StorageError> {
    const SQL: Sql = Sql {
        sqlite: "UPDATE occurrences SET state = 'awaiting', reason = NULL, delivered_at = v.at
            FROM (SELECT unhex(value ->> 0) AS id, value ->> 1 AS at FROM json_each($1)) AS v
            WHERE occurrences.id = v.id AND +occurrences.state IN ('sending', 'undelivered')",
        // The list of ids keeps the planner from walking through all occurrences while it knows little about them.
        postgres: "UPDATE occurrences SET state = 'awaiting', reason = NULL, delivered_at = v.at
            FROM (SELECT CAST(value ->> 0 AS uuid) AS id, CAST(value ->> 1 AS timestamptz) AS at
                FROM jsonb_array_elements(CAST($1 AS jsonb))) AS v
            WHERE occurrences.id = v.id AND occurrences.state IN ('sending', 'undelivered')
                AND occurrences.id = ANY(ARRAY(SELECT CAST(value ->> 0 AS uuid) FROM jsonb_array_elements(CAST($1 AS jsonb))))",
    };
    let rows: Vec<(String, String)> =
        confirmed.iter().map(|(id, at)| (id.0.simple().to_string(), rows::text(*at))).collect();
    let (sql, rows) = (SQL.of(tx), rows::json(&rows));
    Ok(on_backend!(tx, |c| sqlx::query(sql).bind(rows).execute(c).await?.rows_affected()))
}

/// Those of them that were answered already.
pub async fn answered(tx: &mut Tx, ids: &[OccurrenceId]) -> Result<Vec<OccurrenceId>, StorageError> {
    let mut answered = Vec::new();
    for some in ids.chunks(ROWS_A_STATEMENT) {
        answered.extend(on_backend!(tx, |c| {
            let mut builder = QueryBuilder::new("SELECT id FROM occurrences WHERE id IN (");
            let mut list = builder.separated(", ");
            for id in some {
                list.push_bind(*id);
            }
            list.push_unseparated(") AND state IN ('done', 'missed')");
            builder.build_query_scalar::<OccurrenceId>().persistent(false).fetch_all(c).await?
        }));
    }
    Ok(answered)
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
                        AND m.state IN ('queued', 'unknown', 'delivered'))",
            );
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}
