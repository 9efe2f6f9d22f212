//! The table `audit`.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{QueryBuilder, types::Json};
use uuid::Uuid;

use super::{Entry, Filter, Listed, Record};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{AccountId, AuditId},
        page::{Cursor, Direction},
    },
    on_backend,
    people::{access::Actor, name::FullName},
};

/// Rows of one statement at most.
const ROWS_A_STATEMENT: usize = 1000;

pub async fn insert_many(
    tx: &mut Tx,
    ids: &[AuditId],
    at: Timestamp,
    actor: &Actor,
    entries: &[Entry],
) -> Result<(), StorageError> {
    const HEAD: &str = "INSERT INTO audit (id, at, author, account_id, address, action, subject, subject_id, changes) ";
    let rows: Vec<(AuditId, &Entry)> = ids.iter().copied().zip(entries).collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on_backend!(tx, |c| {
            let mut builder = QueryBuilder::new(HEAD);
            builder.push_values(some, |mut row, (id, entry)| {
                row.push_bind(*id).push_bind(at).push_bind(actor.author().to_string()).push_bind(actor.account());
                row.push_bind(actor.address().map(str::to_owned)).push_bind(entry.action).push_bind(entry.subject);
                row.push_bind(entry.subject_id).push_bind(Json(entry.changes.clone()));
            });
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}

pub async fn insert(tx: &mut Tx, id: AuditId, at: Timestamp, actor: &Actor, entry: &Entry) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO audit (id, at, author, account_id, address, action, subject, subject_id, changes) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(at)
        .bind(actor.author().to_string())
        .bind(actor.account())
        .bind(actor.address())
        .bind(entry.action)
        .bind(entry.subject)
        .bind(entry.subject_id)
        .bind(Json(&entry.changes))
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AuditId,
    at: DateTime<Utc>,
    author: String,
    address: Option<String>,
    action: String,
    changes: Json<Value>,
}

impl TryFrom<Row> for Record {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let senseless = || StorageError::Inconsistent { table: "audit", column: "author", id: row.id.to_string() };
        Ok(Self {
            id: row.id,
            at: row.at,
            author: row.author.parse().map_err(|_| senseless())?,
            address: row.address,
            action: row.action,
            changes: row.changes.0,
        })
    }
}

/// Latest first: "after" in this list is earlier in time.
pub async fn of_subject(
    tx: &mut Tx,
    subject: Uuid,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Record>, StorageError> {
    const LATER: &str = "SELECT id, at, author, address, action, changes FROM audit \
                         WHERE subject_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    const EARLIER: &str = "SELECT id, at, author, address, action, changes FROM audit \
                           WHERE subject_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    let backwards = cursor.is_some_and(|cursor| cursor.direction() == Direction::Before);
    let edge = AuditId(if backwards { Uuid::nil() } else { Uuid::max() });
    let key = cursor.and_then(Cursor::key::<AuditId>).unwrap_or(edge);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = if backwards { LATER } else { EARLIER };
    let rows: Vec<Row> =
        on_backend!(tx, |c| sqlx::query_as(sql).bind(subject).bind(key).bind(limit).fetch_all(c).await?);
    rows.into_iter().map(Record::try_from).collect()
}

/// The values of an entry.
#[derive(sqlx::FromRow)]
pub struct Values {
    pub id: AuditId,
    pub address: Option<String>,
    pub changes: Json<Value>,
}

/// The values of all entries about one thing.
pub async fn values_of(tx: &mut Tx, subject: Uuid) -> Result<Vec<Values>, StorageError> {
    const SQL: &str = "SELECT id, address, changes FROM audit WHERE subject_id = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(subject).fetch_all(c).await?))
}

/// Writes other values into an entry.
pub async fn replace_values(
    tx: &mut Tx,
    id: AuditId,
    changes: &Value,
    address: Option<&String>,
) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE audit SET changes = $2, address = $3 WHERE id = $1";
    let rows = on_backend!(tx, |c| {
        sqlx::query(SQL).bind(id).bind(Json(changes)).bind(address).execute(c).await?.rows_affected()
    });
    exactly_one("audit", id, rows)
}

/// An id at the edge of a moment: the first one of its millisecond (`rest` 0), or the last one.
fn edge_of(at: Timestamp, rest: u8) -> AuditId {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    AuditId(uuid::Builder::from_unix_timestamp_millis(millis, &[rest; 10]).into_uuid())
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    #[sqlx(flatten)]
    row: Row,
    subject: String,
    subject_id: Option<Uuid>,
    surname: Option<String>,
    name: Option<String>,
    patronymic: Option<String>,
}

impl ListedRow {
    fn into_listed(self) -> Result<Listed, StorageError> {
        let name = self.surname.map(|surname| FullName { surname, name: self.name, patronymic: self.patronymic });
        let name = name.map(|name| name.full()).filter(|name| !name.is_empty());
        Ok(Listed { record: self.row.try_into()?, subject: self.subject, subject_id: self.subject_id, name })
    }
}

/// The statement for one leading condition: latest first, and the same backwards. The others are looked at on the way.
macro_rules! listing {
    ($leading:literal) => {
        (
            concat!(listing!(@head), $leading, listing!(@rest), " ORDER BY a.id DESC LIMIT $6"),
            concat!(listing!(@head), $leading, listing!(@rest), " ORDER BY a.id LIMIT $6"),
        )
    };
    (@head) => {
        "SELECT a.id, a.at, a.author, a.address, a.action, a.changes, a.subject, a.subject_id, p.surname, p.name, p.patronymic
            FROM audit a LEFT JOIN persons p ON p.id = a.subject_id WHERE "
    };
    (@rest) => {
        " AND a.id > $4 AND a.id < $5 AND ($1 IS NULL OR a.subject_id = $1) AND ($2 IS NULL OR a.author = $2)
            AND ($3 IS NULL OR a.action = $3)"
    };
}

/// Entries that meet the filter, latest first; walked along the index of the narrowest condition.
pub async fn list(
    tx: &mut Tx,
    filter: &Filter,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Listed>, StorageError> {
    let author = filter.author.map(|author| author.to_string());
    let (later, earlier) = match filter {
        Filter { subject: Some(_), .. } => listing!("a.subject_id = $1"),
        Filter { author: Some(_), .. } => listing!("a.author = $2"),
        Filter { action: Some(_), .. } => listing!("a.action = $3"),
        _ => listing!("a.id IS NOT NULL"),
    };
    let backwards = cursor.is_some_and(|cursor| cursor.direction() == Direction::Before);
    let mut low = filter.since.map_or(AuditId(Uuid::nil()), |at| edge_of(at, 0));
    let mut high = filter.until.map_or(AuditId(Uuid::max()), |at| edge_of(at, 0));
    if let Some(key) = cursor.and_then(Cursor::key::<AuditId>) {
        if backwards { low = low.max(key) } else { high = high.min(key) }
    }
    let sql = if backwards { earlier } else { later };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<ListedRow> = on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(filter.subject).bind(author).bind(&filter.action);
        query.bind(low).bind(high).bind(limit).fetch_all(c).await?
    });
    rows.into_iter().map(ListedRow::into_listed).collect()
}

/// Whether an act of this account upon one thing was noted after `since`.
pub async fn is_noted(
    tx: &mut Tx,
    subject: Uuid,
    account: AccountId,
    action: &str,
    since: Timestamp,
) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM audit WHERE subject_id = $1 AND id > $2 AND account_id = $3
        AND action = $4)";
    let low = edge_of(since, 0xff);
    Ok(on_backend!(tx, |c| {
        sqlx::query_scalar(SQL).bind(subject).bind(low).bind(account).bind(action).fetch_one(c).await?
    }))
}
