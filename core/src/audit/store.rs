//! The table `audit`.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Entry, Record};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::AuditId,
        page::{Cursor, Direction},
    },
    on_backend,
    people::access::Actor,
};

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
