//! The tables `imports` and `import_rows`.

use std::collections::BTreeMap;

use serde_json::json;
use sqlx::types::Json;

use super::types::{Counts, Existing, Fault, Import, ImportRow, ImportState, Part, RowState, name};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx, exactly_one},
        errors::StorageError,
        ids::{AccountId, ImportId, PersonId},
        page::{Cursor, Direction},
    },
    on_backend,
    people::name::FullName,
};

/// An import to be written.
pub(super) struct New<'a> {
    pub id: ImportId,
    pub file_name: &'a str,
    pub ignored: &'a str,
    pub account: AccountId,
    pub address: &'a str,
}

/// Adds an import whose rows are to be checked.
pub(super) async fn insert(tx: &mut Tx, new: &New<'_>, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str =
        "INSERT INTO imports (id, file_name, ignored, state, existing, account_id, address, done_to, created_at, changed_at)
        VALUES ($1, $2, $3, 'checking', 'skip', $4, $5, 0, $6, $6)";
    on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(new.id).bind(new.file_name).bind(new.ignored).bind(new.account);
        query.bind(new.address).bind(now).execute(c).await.map(drop)?;
    });
    Ok(())
}

/// Adds the rows, many with one statement.
pub(super) async fn insert_rows(tx: &mut Tx, id: ImportId, rows: &[super::read::SheetRow]) -> Result<(), StorageError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO import_rows (import_id, number, fields, faults, state)
            SELECT $1, value ->> 'number', value ->> 'fields', value ->> 'faults', 'unchecked' FROM json_each($2)",
        postgres: "INSERT INTO import_rows (import_id, number, fields, faults, state)
            SELECT $1, r.number, r.fields, r.faults, 'unchecked'
            FROM jsonb_to_recordset(CAST($2 AS jsonb)) AS r (number bigint, fields jsonb, faults jsonb)",
    };
    let sql = SQL.of(tx);
    for some in rows.chunks(1000) {
        let json: Vec<serde_json::Value> = some
            .iter()
            .map(|row| json!({ "number": row.number, "fields": row.fields, "faults": row.faults }))
            .collect();
        let json = serde_json::Value::from(json).to_string();
        on_backend!(tx, |c| sqlx::query(sql).bind(id).bind(json).execute(c).await.map(drop)?);
    }
    Ok(())
}

/// One import.
pub(super) async fn find(tx: &mut Tx, id: ImportId) -> Result<Option<Import>, StorageError> {
    const SQL: &str = "SELECT * FROM imports WHERE id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?))
}

/// The latest imports.
pub(super) async fn latest(tx: &mut Tx) -> Result<Vec<Import>, StorageError> {
    const SQL: &str = "SELECT * FROM imports ORDER BY id DESC LIMIT 20";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?))
}

/// The oldest import that waits for the worker.
pub(super) async fn next(tx: &mut Tx) -> Result<Option<Import>, StorageError> {
    const SQL: &str = "SELECT * FROM imports WHERE state IN ('checking', 'running', 'undoing') ORDER BY id LIMIT 1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).fetch_optional(c).await?))
}

/// An import not touched since `before` whose rows are still kept.
pub(super) async fn oldest(tx: &mut Tx, before: Timestamp) -> Result<Option<Import>, StorageError> {
    const SQL: &str = "SELECT * FROM imports WHERE state NOT IN ('checking', 'running', 'undoing', 'forgotten')
        AND changed_at <= $1 ORDER BY changed_at LIMIT 1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(before).fetch_optional(c).await?))
}

/// Leads an import on to another state, its rows to be dealt with from the first one; `false` when it is in a third one.
pub(super) async fn change_state(
    tx: &mut Tx,
    id: ImportId,
    from: ImportState,
    to: ImportState,
    now: Timestamp,
) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE imports SET state = $3, done_to = 0, changed_at = $4,
        finished_at = CASE WHEN $5 THEN $4 ELSE finished_at END WHERE id = $1 AND state = $2";
    let is_done = to == ImportState::Done;
    let rows = on_backend!(tx, |c| {
        sqlx::query(SQL).bind(id).bind(from).bind(to).bind(now).bind(is_done).execute(c).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// Notes what to do with citizens already there.
pub(super) async fn set_existing(tx: &mut Tx, id: ImportId, existing: Existing) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE imports SET existing = $2 WHERE id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(existing).execute(c).await.map(drop)?);
    Ok(())
}

/// Notes how far the worker has come.
pub(super) async fn set_done_to(tx: &mut Tx, id: ImportId, number: i64) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE imports SET done_to = $2 WHERE id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(number).execute(c).await.map(drop)?);
    Ok(())
}

/// Deletes the rows of an import.
pub(super) async fn delete_rows(tx: &mut Tx, id: ImportId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM import_rows WHERE import_id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(drop)?);
    Ok(())
}

/// A row for the worker.
#[derive(sqlx::FromRow)]
pub(super) struct Waiting {
    pub number: i64,
    pub state: RowState,
    pub fields: Option<Json<BTreeMap<String, String>>>,
    pub faults: Option<Json<Vec<Fault>>>,
    pub person_id: Option<PersonId>,
    pub filled: Option<Json<Vec<String>>>,
    pub version: Option<i64>,
}

/// The next rows to be dealt with in the import's state.
pub(super) async fn waiting(tx: &mut Tx, import: &Import, limit: i64) -> Result<Vec<Waiting>, StorageError> {
    const SQL: &str = "SELECT number, state, fields, faults, person_id, filled, version FROM import_rows
        WHERE import_id = $1 AND number > $2 AND state IN ($3, $4) ORDER BY number LIMIT $5";
    let [one, other] = match import.state {
        ImportState::Checking => [RowState::Unchecked, RowState::Unchecked],
        ImportState::Running => [RowState::New, RowState::Known],
        _ => [RowState::Created, RowState::Filled],
    };
    Ok(on_backend!(tx, |c| {
        let query = sqlx::query_as(SQL).bind(import.id).bind(import.done_to).bind(one).bind(other);
        query.bind(limit).fetch_all(c).await?
    }))
}

/// Writes the verdict of the preview.
pub(super) async fn judge(
    tx: &mut Tx,
    id: ImportId,
    number: i64,
    state: RowState,
    faults: &[Fault],
    person: Option<PersonId>,
) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE import_rows SET state = $3, faults = $4, person_id = $5
        WHERE import_id = $1 AND number = $2";
    let rows = on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(id).bind(number).bind(state).bind(Json(faults)).bind(person);
        query.execute(c).await?.rows_affected()
    });
    exactly_one("import_rows", number, rows)
}

/// What became of a row.
pub(super) struct Outcome {
    pub state: RowState,
    pub person: PersonId,
    pub filled: Vec<String>,
    pub version: Option<i64>,
}

/// Writes what became of a row. What it said stands in the card now and is not kept twice.
pub(super) async fn settle(tx: &mut Tx, id: ImportId, number: i64, outcome: &Outcome) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE import_rows SET state = $3, person_id = $4, filled = $5, version = $6, fields = NULL
        WHERE import_id = $1 AND number = $2";
    let rows = on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(id).bind(number).bind(outcome.state).bind(outcome.person);
        query.bind(Json(&outcome.filled)).bind(outcome.version).execute(c).await?.rows_affected()
    });
    exactly_one("import_rows", number, rows)
}

/// Writes why a row made nothing.
pub(super) async fn refuse(
    tx: &mut Tx,
    id: ImportId,
    number: i64,
    state: RowState,
    faults: &[Fault],
) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE import_rows SET state = $3, faults = $4 WHERE import_id = $1 AND number = $2";
    let rows = on_backend!(tx, |c| {
        sqlx::query(SQL).bind(id).bind(number).bind(state).bind(Json(faults)).execute(c).await?.rows_affected()
    });
    exactly_one("import_rows", number, rows)
}

/// Gives a row another state.
pub(super) async fn set_state(tx: &mut Tx, id: ImportId, number: i64, state: RowState) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE import_rows SET state = $3 WHERE import_id = $1 AND number = $2";
    let rows =
        on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(number).bind(state).execute(c).await?.rows_affected());
    exactly_one("import_rows", number, rows)
}

/// How many rows stand where.
pub(super) async fn counts(tx: &mut Tx, id: ImportId) -> Result<Counts, StorageError> {
    const SQL: &str = "SELECT state, COUNT(*) FROM import_rows WHERE import_id = $1 GROUP BY state";
    let rows: Vec<(RowState, i64)> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_all(c).await?);
    Ok(Counts(rows.into_iter().map(|(state, count)| (name(state).to_owned(), count)).collect()))
}

#[derive(sqlx::FromRow)]
struct ShownRow {
    number: i64,
    state: RowState,
    fields: Option<Json<BTreeMap<String, String>>>,
    faults: Option<Json<Vec<Fault>>>,
    person_id: Option<PersonId>,
    surname: Option<String>,
    name: Option<String>,
    patronymic: Option<String>,
    is_there: bool,
}

impl ShownRow {
    fn into_row(self) -> ImportRow {
        let text = |field: &str| self.fields.as_ref().and_then(|fields| fields.get(field)).map(String::as_str);
        let typed = [text("surname"), text("name"), text("patronymic")];
        let typed = typed.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let stored = self.surname.map(|surname| FullName { surname, name: self.name, patronymic: self.patronymic });
        ImportRow {
            number: self.number,
            name: stored.map_or(typed, |name| name.full()),
            state: self.state,
            faults: self.faults.map(|faults| faults.0).unwrap_or_default(),
            person: self.person_id.filter(|_| self.is_there),
        }
    }
}

/// Rows of one part, in the order of the file.
pub(super) async fn page(
    tx: &mut Tx,
    id: ImportId,
    part: Part,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<ImportRow>, StorageError> {
    const LATER: &str = "SELECT r.number, r.state, r.fields, r.faults, r.person_id, p.surname, p.name, p.patronymic,
            (c.person_id IS NOT NULL) AS is_there
        FROM import_rows r LEFT JOIN persons p ON p.id = r.person_id
            LEFT JOIN citizens c ON c.person_id = r.person_id AND c.deleted_at IS NULL
        WHERE r.import_id = $1 AND r.state IN ($2, $3) AND r.number > $4 ORDER BY r.number LIMIT $5";
    const EARLIER: &str = "SELECT r.number, r.state, r.fields, r.faults, r.person_id, p.surname, p.name, p.patronymic,
            (c.person_id IS NOT NULL) AS is_there
        FROM import_rows r LEFT JOIN persons p ON p.id = r.person_id
            LEFT JOIN citizens c ON c.person_id = r.person_id AND c.deleted_at IS NULL
        WHERE r.import_id = $1 AND r.state IN ($2, $3) AND r.number < $4 ORDER BY r.number DESC LIMIT $5";
    let [one, other] = part.states();
    let backwards = cursor.is_some_and(|cursor| cursor.direction() == Direction::Before);
    let key = cursor.and_then(Cursor::key::<i64>).unwrap_or(if backwards { i64::MAX } else { 0 });
    let sql = if backwards { EARLIER } else { LATER };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<ShownRow> = on_backend!(tx, |c| {
        sqlx::query_as(sql).bind(id).bind(one).bind(other).bind(key).bind(limit).fetch_all(c).await?
    });
    Ok(rows.into_iter().map(ShownRow::into_row).collect())
}

/// Rows whose cards are not any more what the import made of them; see [`is_in_use`].
pub(super) async fn changed_since(tx: &mut Tx, id: ImportId) -> Result<Vec<ImportRow>, StorageError> {
    const SQL: &str = "SELECT r.number, r.state, r.fields, r.faults, r.person_id, p.surname, p.name, p.patronymic,
            (c.deleted_at IS NULL) AS is_there
        FROM import_rows r JOIN persons p ON p.id = r.person_id JOIN citizens c ON c.person_id = r.person_id
        WHERE r.import_id = $1 AND r.state IN ('created', 'filled') AND (c.version <> r.version
            OR c.deleted_at IS NOT NULL OR (r.state = 'created'
                AND (EXISTS (SELECT 1 FROM links l WHERE l.person_id = c.person_id)
                    OR EXISTS (SELECT 1 FROM series s WHERE s.person_id = c.person_id)
                    OR EXISTS (SELECT 1 FROM contacts k WHERE k.person_id = c.person_id)
                    OR EXISTS (SELECT 1 FROM files f WHERE f.person_id = c.person_id))))
        ORDER BY r.number LIMIT 100";
    let rows: Vec<ShownRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_all(c).await?);
    Ok(rows.into_iter().map(ShownRow::into_row).collect())
}

/// Whether anything was done with a card beside its own fields.
pub(super) async fn is_in_use(tx: &mut Tx, person: PersonId) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM links WHERE person_id = $1)
        OR EXISTS (SELECT 1 FROM series WHERE person_id = $1) OR EXISTS (SELECT 1 FROM contacts WHERE person_id = $1)
        OR EXISTS (SELECT 1 FROM files WHERE person_id = $1)";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(person).fetch_one(c).await?))
}
