//! The table `selections`.

use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::{
    foundation::{
        db::Tx,
        errors::StorageError,
        ids::{PersonId, SessionId},
    },
    on_backend,
    patronage::citizens::list::store::{Search, Trigrams, narrow},
};

/// Ticks these, unless they are deleted.
pub async fn add(tx: &mut Tx, session: SessionId, persons: &[PersonId]) -> Result<(), StorageError> {
    if persons.is_empty() {
        return Ok(());
    }
    on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new("INSERT INTO selections (session_id, person_id) SELECT ");
        sql.push_bind(session).push(", c.person_id FROM citizens c WHERE c.deleted_at IS NULL AND c.person_id IN (");
        listed(&mut sql, persons);
        sql.push(") ON CONFLICT DO NOTHING").build().persistent(false).execute(c).await?;
    });
    Ok(())
}

/// Ticks everybody whom the search finds.
pub async fn add_found(tx: &mut Tx, session: SessionId, search: &Search) -> Result<(), StorageError> {
    let trigrams = Trigrams::of(tx);
    on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new("INSERT INTO selections (session_id, person_id) SELECT ");
        sql.push_bind(session).push(", c.person_id FROM citizens c WHERE c.deleted_at IS NULL");
        narrow(&mut sql, search, trigrams);
        sql.push(" ON CONFLICT DO NOTHING").build().persistent(false).execute(c).await?;
    });
    Ok(())
}

/// Takes these ticks away.
pub async fn remove(tx: &mut Tx, session: SessionId, persons: &[PersonId]) -> Result<(), StorageError> {
    if persons.is_empty() {
        return Ok(());
    }
    on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new("DELETE FROM selections WHERE session_id = ");
        sql.push_bind(session).push(" AND person_id IN (");
        listed(&mut sql, persons);
        sql.push(")").build().persistent(false).execute(c).await?;
    });
    Ok(())
}

/// Takes all ticks of a session away.
pub async fn clear(tx: &mut Tx, session: SessionId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM selections WHERE session_id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(session).execute(c).await.map(drop)?);
    Ok(())
}

/// Takes a citizen's ticks away, whoever set them.
pub async fn forget(tx: &mut Tx, person: PersonId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM selections WHERE person_id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(person).execute(c).await.map(drop)?);
    Ok(())
}

/// How many are ticked.
pub async fn count(tx: &mut Tx, session: SessionId) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT COUNT(*) FROM selections WHERE session_id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(session).fetch_one(c).await?))
}

/// Which of these are ticked.
pub async fn among(tx: &mut Tx, session: SessionId, persons: &[PersonId]) -> Result<Vec<PersonId>, StorageError> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new("SELECT person_id FROM selections WHERE session_id = ");
        sql.push_bind(session).push(" AND person_id IN (");
        listed(&mut sql, persons);
        sql.push(")").build_query_scalar().persistent(false).fetch_all(c).await?
    }))
}

fn listed<DB>(sql: &mut QueryBuilder<DB>, persons: &[PersonId])
where
    DB: Database,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
{
    let mut list = sql.separated(", ");
    for person in persons {
        list.push_bind(person.0);
    }
}
