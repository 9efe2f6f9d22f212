//! SQL about reminders and citizens whose messages failed.

use sqlx::QueryBuilder;

use crate::{
    foundation::{
        db::Tx,
        errors::StorageError,
        ids::{OccurrenceId, PersonId},
    },
    on_backend,
    patronage::reminders::OccurrenceState,
};

/// What matters of a reminder.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Reminder {
    pub id: OccurrenceId,
    pub state: OccurrenceState,
    /// Its series was deleted.
    pub is_ended: bool,
    /// Its date was excluded.
    pub is_excluded: bool,
}

/// Reads rows by a list of ids; an empty list has none.
macro_rules! by_ids {
    ($tx:expr, $ids:expr, $head:expr, $tail:literal, $build:ident) => {{
        if $ids.is_empty() {
            return Ok(Vec::new());
        }
        Ok(on_backend!($tx, |c| {
            let mut builder = QueryBuilder::new($head);
            let mut list = builder.separated(", ");
            for id in $ids {
                list.push_bind(*id);
            }
            builder.push($tail);
            builder.$build().persistent(false).fetch_all(c).await?
        }))
    }};
}

/// These reminders.
pub(super) async fn reminders(tx: &mut Tx, ids: &[OccurrenceId]) -> Result<Vec<Reminder>, StorageError> {
    const HEAD: &str = "SELECT o.id, o.state, s.ended_at IS NOT NULL AS is_ended, EXISTS (SELECT 1 FROM exclusions e
            WHERE e.series_id = o.series_id AND o.local_date BETWEEN e.first_date AND e.last_date) AS is_excluded
        FROM occurrences o JOIN series s ON s.id = o.series_id WHERE o.id IN (";
    by_ids!(tx, ids, HEAD, ")", build_query_as)
}

/// Those of these citizens whose card was deleted.
pub(super) async fn deleted(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<PersonId>, StorageError> {
    const HEAD: &str = "SELECT person_id FROM citizens WHERE person_id IN (";
    by_ids!(tx, people, HEAD, ") AND deleted_at IS NOT NULL", build_query_scalar)
}

/// Where these citizens can be written to: messenger and chat.
pub(super) async fn open_chats(
    tx: &mut Tx,
    people: &[PersonId],
) -> Result<Vec<(PersonId, String, String)>, StorageError> {
    const HEAD: &str = "SELECT person_id, messenger, chat FROM links WHERE person_id IN (";
    by_ids!(tx, people, HEAD, ") AND state <> 'unlinked' AND state = 'linked'", build_query_as)
}

/// What could not be delivered is on its way again.
pub(super) async fn set_out(tx: &mut Tx, ids: &[OccurrenceId]) -> Result<(), StorageError> {
    const HEAD: &str =
        "UPDATE occurrences SET state = 'sending', reason = NULL WHERE state = 'undelivered' AND id IN (";
    if ids.is_empty() {
        return Ok(());
    }
    on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new(HEAD);
        let mut list = builder.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        builder.push(")");
        builder.build().persistent(false).execute(c).await?;
    });
    Ok(())
}
