//! Looking up many ids, whatever they are ids of.

use std::collections::BTreeSet;

use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::{
    foundation::{db::Tx, errors::StorageError, ids::PersonId},
    on_backend,
    people::name::FullName,
};

/// What entries are about, with the person it belongs to.
const OWNED: [&str; 6] = [
    "SELECT id, person_id FROM series WHERE id IN (",
    "SELECT id, person_id FROM occurrences WHERE id IN (",
    "SELECT id, person_id FROM contacts WHERE id IN (",
    "SELECT id, person_id FROM files WHERE id IN (",
    "SELECT id, person_id FROM activity WHERE id IN (",
    "SELECT id, person_id FROM accounts WHERE person_id IS NOT NULL AND id IN (",
];
/// What has a name that somebody typed in.
const NAMED: [&str; 3] = [
    "SELECT id, name FROM districts WHERE id IN (",
    "SELECT id, name FROM special_groups WHERE id IN (",
    "SELECT id, name FROM file_types WHERE id IN (",
];

#[derive(sqlx::FromRow)]
struct PersonRow {
    id: Uuid,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
}

/// Whose these things are.
pub(super) async fn owners(tx: &mut Tx, ids: &BTreeSet<Uuid>) -> Result<Vec<(Uuid, PersonId)>, StorageError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_backend!(tx, |c| all_of(&OWNED, ids).build_query_as().persistent(false).fetch_all(c).await?))
}

/// The names of districts, special groups and types of files.
pub(super) async fn lists(tx: &mut Tx, ids: &BTreeSet<Uuid>) -> Result<Vec<(Uuid, String)>, StorageError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_backend!(tx, |c| all_of(&NAMED, ids).build_query_as().persistent(false).fetch_all(c).await?))
}

/// The names of people, deleted ones included.
pub(super) async fn people(tx: &mut Tx, ids: &BTreeSet<Uuid>) -> Result<Vec<(Uuid, FullName)>, StorageError> {
    const SQL: [&str; 1] = ["SELECT id, surname, name, patronymic FROM persons WHERE id IN ("];
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<PersonRow> =
        on_backend!(tx, |c| all_of(&SQL, ids).build_query_as().persistent(false).fetch_all(c).await?);
    let name = |row: PersonRow| (row.id, FullName { surname: row.surname, name: row.name, patronymic: row.patronymic });
    Ok(rows.into_iter().map(name).collect())
}

/// These statements as one, each ending with a list of the ids.
fn all_of<DB>(heads: &[&'static str], ids: &BTreeSet<Uuid>) -> QueryBuilder<DB>
where
    DB: Database,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
{
    let mut sql = QueryBuilder::new("");
    for (number, head) in heads.iter().enumerate() {
        if number > 0 {
            sql.push(" UNION ALL ");
        }
        sql.push(*head);
        let mut list = sql.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        list.push_unseparated(")");
    }
    sql
}
