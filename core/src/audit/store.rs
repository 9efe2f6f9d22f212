//! The table `audit`.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{QueryBuilder, types::Json};
use uuid::Uuid;

use super::{Entry, Record};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::AuditId,
        page::{Cursor, Direction},
    },
    on_backend,
    people::access::Actor,
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
