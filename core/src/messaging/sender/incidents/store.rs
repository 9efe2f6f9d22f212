//! SQL of the table `delivery_incidents`.

use sqlx::QueryBuilder;

use super::{Happened, Incident, IncidentRow};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{OccurrenceId, OutboxId},
    },
    messaging::outbox::Channel,
    on_backend,
};

/// Rows of one statement at most.
const ROWS_A_STATEMENT: usize = 2000;

/// Adds what happened; what happened before to the same message counts one more.
pub(super) async fn add(tx: &mut Tx, channel: Channel, happened: &[Happened]) -> Result<(), StorageError> {
    for some in happened.chunks(ROWS_A_STATEMENT) {
        on_backend!(tx, |c| {
            let mut builder = QueryBuilder::new(
                "INSERT INTO delivery_incidents (occurrence_id, channel, incident, first_at, last_at, times, detail) ",
            );
            builder.push_values(some, |mut row, it| {
                row.push_bind(it.occurrence).push_bind(channel.name()).push_bind(it.incident);
                row.push_bind(it.at).push_bind(it.at).push_bind(1_i64).push_bind(&it.detail);
            });
            builder.push(
                " ON CONFLICT (occurrence_id, channel, incident) DO UPDATE
                    SET times = delivery_incidents.times + 1, last_at = excluded.last_at, detail = excluded.detail",
            );
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}

/// Adds the repetition of these, which a take-over has just queued once more.
pub(super) async fn add_crashed(tx: &mut Tx, repeated: &[OutboxId], now: Timestamp) -> Result<(), StorageError> {
    on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new(
            "INSERT INTO delivery_incidents (occurrence_id, channel, incident, first_at, last_at, times, detail)
            SELECT o.occurrence_id, o.channel, ",
        );
        builder.push_bind(Incident::Repeated).push(", ").push_bind(now).push(", ").push_bind(now);
        builder
            .push(", 1, o.last_error FROM outbox o WHERE o.priority = 1 AND o.occurrence_id IS NOT NULL AND o.id IN (");
        let mut list = builder.separated(", ");
        for id in repeated {
            list.push_bind(*id);
        }
        builder.push(") ON CONFLICT (occurrence_id, channel, incident) DO NOTHING");
        builder.build().persistent(false).execute(c).await?;
    });
    Ok(())
}

pub(super) async fn of_occurrence(tx: &mut Tx, occurrence: OccurrenceId) -> Result<Vec<IncidentRow>, StorageError> {
    const SQL: &str = "SELECT channel, incident, first_at, last_at, times, detail FROM delivery_incidents
        WHERE occurrence_id = $1 ORDER BY first_at, incident";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(occurrence).fetch_all(c).await?))
}

pub(super) async fn clean(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM delivery_incidents WHERE (occurrence_id, channel, incident) IN (
        SELECT occurrence_id, channel, incident FROM delivery_incidents WHERE last_at < $1 ORDER BY last_at LIMIT $2)";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(before).bind(limit).execute(c).await?.rows_affected()))
}
