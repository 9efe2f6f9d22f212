//! SQL by which erasure and export find what belongs to one person.

use uuid::Uuid;

use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{FileId, PersonId},
    },
    messaging::{forget::Trace, messenger::Messenger},
    on_backend,
};

#[derive(sqlx::FromRow)]
struct TraceRow {
    messenger: Messenger,
    account: String,
    chat: String,
    others_since: Option<Timestamp>,
}

/// The accounts the person ever had, and since when they are somebody else's.
pub(super) async fn traces(tx: &mut Tx, person: PersonId) -> Result<Vec<Trace>, StorageError> {
    const SQL: &str = "SELECT DISTINCT l.messenger, l.account, l.chat, o.linked_at AS others_since FROM links l
        LEFT JOIN links o ON o.messenger = l.messenger AND o.account = l.account AND o.person_id <> l.person_id
            AND o.state <> 'unlinked'
        WHERE l.person_id = $1";
    let rows: Vec<TraceRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_all(c).await?);
    let trace = |row: TraceRow| Trace {
        messenger: row.messenger,
        account: row.account,
        chat: row.chat,
        others_since: row.others_since,
    };
    Ok(rows.into_iter().map(trace).collect())
}

/// A file and where its content may lie.
#[derive(sqlx::FromRow)]
pub(super) struct FileRow {
    pub id: FileId,
    pub messenger: String,
    pub source: Option<String>,
    pub storage_key: Option<String>,
}

/// The person's files, in whatever state.
pub(super) async fn files(tx: &mut Tx, person: PersonId) -> Result<Vec<FileRow>, StorageError> {
    const SQL: &str = "SELECT id, messenger, source, storage_key FROM files WHERE person_id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_all(c).await?))
}

/// What of the person entries of the audit may be about, beside the card.
pub(super) async fn subjects(tx: &mut Tx, person: PersonId) -> Result<Vec<Uuid>, StorageError> {
    const SQL: &str =
        "SELECT id FROM series WHERE person_id = $1 UNION ALL SELECT id FROM occurrences WHERE person_id = $1
        UNION ALL SELECT id FROM files WHERE person_id = $1 UNION ALL SELECT id FROM contacts WHERE person_id = $1
        UNION ALL SELECT id FROM activity WHERE person_id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(person).fetch_all(c).await?))
}
