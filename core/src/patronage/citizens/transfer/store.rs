//! Moving many citizens in a few statements.

use sqlx::QueryBuilder;

use crate::{
    foundation::{
        db::Tx,
        errors::StorageError,
        ids::{PersonId, SessionId},
    },
    messaging::messenger::Messenger,
    on_backend,
};

/// Rows of one statement at most.
const ROWS_A_STATEMENT: usize = 2000;

/// Holds the ticked citizens until the transaction ends and tells how many they are; open cards become outdated (PT-081).
pub async fn hold_chosen(tx: &mut Tx, session: SessionId) -> Result<i64, StorageError> {
    const SQL: &str = "UPDATE citizens SET version = version + 1 WHERE deleted_at IS NULL
        AND person_id IN (SELECT person_id FROM selections WHERE session_id = $1)";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(session).execute(c).await?.rows_affected());
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// The ticked citizens who are not the curator's yet, with whose they are.
pub async fn of_others(
    tx: &mut Tx,
    session: SessionId,
    to: PersonId,
) -> Result<Vec<(PersonId, Option<PersonId>)>, StorageError> {
    const SQL: &str = "SELECT c.person_id, c.curator_id FROM selections s JOIN citizens c ON c.person_id = s.person_id
        WHERE s.session_id = $1 AND (c.curator_id IS NULL OR c.curator_id <> $2) ORDER BY c.seq";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(session).bind(to).fetch_all(c).await?))
}

/// Gives all ticked citizens this curator.
pub async fn assign_chosen(tx: &mut Tx, session: SessionId, to: PersonId) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE citizens SET curator_id = $2 WHERE deleted_at IS NULL
        AND person_id IN (SELECT person_id FROM selections WHERE session_id = $1)";
    on_backend!(tx, |c| sqlx::query(SQL).bind(session).bind(to).execute(c).await.map(drop)?);
    Ok(())
}

/// The chats in which these citizens can be reached.
pub async fn chats(tx: &mut Tx, persons: &[PersonId]) -> Result<Vec<(PersonId, Messenger, String)>, StorageError> {
    let mut found = Vec::new();
    for some in persons.chunks(ROWS_A_STATEMENT) {
        let part: Vec<(PersonId, Messenger, String)> = on_backend!(tx, |c| {
            let mut sql = QueryBuilder::new(
                "SELECT person_id, messenger, chat FROM links WHERE state <> 'unlinked' AND state = 'linked' AND person_id IN (",
            );
            let mut list = sql.separated(", ");
            for person in some {
                list.push_bind(*person);
            }
            sql.push(")").build_query_as().persistent(false).fetch_all(c).await?
        });
        found.extend(part);
    }
    Ok(found)
}
