//! Rows of «История взаимодействия».

use std::collections::{HashMap, hash_map::Entry};

use super::{ContactRow, Initiator, Stamp};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{ContactId, PersonId},
        page::{Cursor, Direction, PAGE_ROWS, Page},
    },
    on_backend,
    people::{
        access::Author,
        accounts::{self, AuthorName},
    },
};

/// An open request to which a further press belongs.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct OpenRequest {
    /// Which.
    pub id: ContactId,
    /// What the citizen wrote so far.
    pub comment: Option<String>,
}

/// What an edit writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edit<'a> {
    pub result: &'a str,
    pub handled_at: Option<Timestamp>,
    pub by: Author,
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: ContactId,
    person_id: PersonId,
    initiator: Initiator,
    created_at: Timestamp,
    comment: Option<String>,
    result: String,
    edited_by: Option<String>,
    edited_at: Option<Timestamp>,
    handled_at: Option<Timestamp>,
    version: i64,
}

/// Lets presses of one citizen pass one after the other; SQLite's writers do so anyway.
pub(super) async fn lock_citizen(tx: &mut Tx, person: PersonId) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE citizens SET version = version WHERE person_id = $1";
    exactly_one(
        "citizens",
        person,
        on_backend!(tx, |c| sqlx::query(SQL).bind(person).execute(c).await?.rows_affected()),
    )
}

/// The latest request that is open and younger than `since`.
pub(super) async fn open_since(
    tx: &mut Tx,
    person: PersonId,
    since: Timestamp,
) -> Result<Option<OpenRequest>, StorageError> {
    const SQL: &str = "SELECT id, comment FROM contacts
        WHERE person_id = $1 AND initiator = 'citizen' AND result = '' AND handled_at IS NULL AND created_at > $2
        ORDER BY id DESC LIMIT 1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).bind(since).fetch_optional(c).await?))
}

/// Writes a citizen's request.
pub(super) async fn insert_request(
    tx: &mut Tx,
    id: ContactId,
    person: PersonId,
    comment: Option<&str>,
    now: Timestamp,
) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO contacts (id, person_id, initiator, created_at, comment, result)
        VALUES ($1, $2, $3, $4, $5, '')";
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(person)
        .bind(Initiator::Citizen)
        .bind(now)
        .bind(comment)
        .execute(c)
        .await
        .map(drop)?);
    Ok(())
}

/// Writes a contact the curator began.
pub(super) async fn insert_own(
    tx: &mut Tx,
    id: ContactId,
    person: PersonId,
    edit: Edit<'_>,
) -> Result<(), StorageError> {
    const SQL: &str =
        "INSERT INTO contacts (id, person_id, initiator, created_at, result, edited_by, edited_at, handled_at)
        VALUES ($1, $2, $3, $4, $5, $6, $4, $7)";
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(person)
        .bind(Initiator::Curator)
        .bind(edit.at)
        .bind(edit.result)
        .bind(edit.by.to_string())
        .bind(edit.handled_at)
        .execute(c)
        .await
        .map(drop)?);
    Ok(())
}

/// Gives an open request its comment.
pub(super) async fn set_comment(tx: &mut Tx, id: ContactId, comment: &str) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE contacts SET comment = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(comment).execute(c).await?.rows_affected());
    exactly_one("contacts", id, rows)
}

/// Writes a result onto the version the editor saw; tells whether it was still that version.
pub(super) async fn save_result(
    tx: &mut Tx,
    id: ContactId,
    version: i64,
    edit: Edit<'_>,
) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE contacts
        SET result = $3, handled_at = $4, edited_by = $5, edited_at = $6, version = version + 1
        WHERE id = $1 AND version = $2";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(version)
        .bind(edit.result)
        .bind(edit.handled_at)
        .bind(edit.by.to_string())
        .bind(edit.at)
        .execute(c)
        .await?
        .rows_affected());
    Ok(rows == 1)
}

/// Notes when a request became processed, or that it is open again.
pub(super) async fn set_handled(tx: &mut Tx, id: ContactId, at: Option<Timestamp>) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE contacts SET handled_at = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(at).execute(c).await?.rows_affected());
    exactly_one("contacts", id, rows)
}

/// One record and whose it is.
pub(super) async fn find(tx: &mut Tx, id: ContactId) -> Result<Option<(PersonId, ContactRow)>, StorageError> {
    const SQL: &str = "SELECT * FROM contacts WHERE id = $1";
    let row: Option<Row> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    let Some(row) = row else { return Ok(None) };
    let person = row.person_id;
    let mut rows = with_names(tx, vec![row]).await?;
    Ok(rows.pop().map(|row| (person, row)))
}

/// A page of a citizen's history, newest first.
pub(super) async fn list(tx: &mut Tx, person: PersonId, at: Option<Cursor>) -> Result<Page<ContactRow>, StorageError> {
    const FIRST: &str = "SELECT * FROM contacts WHERE person_id = $1 ORDER BY id DESC LIMIT $2";
    const OLDER: &str = "SELECT * FROM contacts WHERE person_id = $1 AND id < $3 ORDER BY id DESC LIMIT $2";
    const NEWER: &str = "SELECT * FROM contacts WHERE person_id = $1 AND id > $3 ORDER BY id LIMIT $2";
    let limit = i64::try_from(PAGE_ROWS + 1).unwrap_or(i64::MAX);
    let key = at.as_ref().and_then(Cursor::key::<ContactId>);
    let rows: Vec<Row> = match (key, at.as_ref().map(Cursor::direction)) {
        (Some(key), Some(side)) => {
            let sql = if side == Direction::Before { NEWER } else { OLDER };
            on_backend!(tx, |c| sqlx::query_as(sql).bind(person).bind(limit).bind(key).fetch_all(c).await?)
        }
        _ => on_backend!(tx, |c| sqlx::query_as(FIRST).bind(person).bind(limit).fetch_all(c).await?),
    };
    let rows = with_names(tx, rows).await?;
    Ok(Page::of(rows, PAGE_ROWS, at.as_ref().filter(|_| key.is_some()), |row| row.id))
}

/// Adds the names of those who edited; one look-up for each of them on the page.
async fn with_names(tx: &mut Tx, rows: Vec<Row>) -> Result<Vec<ContactRow>, StorageError> {
    let mut names: HashMap<Author, AuthorName> = HashMap::new();
    let mut complete = Vec::with_capacity(rows.len());
    for row in rows {
        let edited = match (&row.edited_by, row.edited_at) {
            (Some(by), Some(at)) => {
                let by: Author = by.parse().map_err(|_| inconsistent(row.id))?;
                if let Entry::Vacant(unknown) = names.entry(by) {
                    unknown.insert(accounts::name_of_author(tx, by).await?);
                }
                names.get(&by).map(|name| Stamp { by: name.clone(), at })
            }
            _ => None,
        };
        complete.push(ContactRow {
            id: row.id,
            initiator: row.initiator,
            created_at: row.created_at,
            comment: row.comment,
            result: row.result,
            edited,
            handled_at: row.handled_at,
            version: row.version,
        });
    }
    Ok(complete)
}

fn inconsistent(id: ContactId) -> StorageError {
    StorageError::Inconsistent { table: "contacts", column: "edited_by", id: id.to_string() }
}
