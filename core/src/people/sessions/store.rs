//! The table `sessions`.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{Flash, SessionRow, Stored};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{AccountId, PersonId, SessionId},
    },
    on_backend,
    settings::Demand,
};

pub struct New {
    pub id: SessionId,
    pub account: AccountId,
    pub secret_hash: Vec<u8>,
    pub csrf: String,
    pub address: String,
    pub device: String,
}

pub async fn insert(tx: &mut Tx, new: &New, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "INSERT INTO sessions (id, account_id, secret_hash, csrf, address, device, created_at, seen_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
    on_backend!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.account)
        .bind(&new.secret_hash)
        .bind(&new.csrf)
        .bind(&new.address)
        .bind(&new.device)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: SessionId,
    secret_hash: Vec<u8>,
    csrf: String,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    account_id: AccountId,
    person_id: Option<PersonId>,
    locale: Option<String>,
    password_is_temporary: bool,
    factor_since: Option<DateTime<Utc>>,
    demand: Demand,
    flash: Option<Json<Flash>>,
}

/// The session of an account that is not closed.
pub async fn find(tx: &mut Tx, id: SessionId) -> Result<Option<Stored>, StorageError> {
    const SQL: &str = "SELECT s.id, s.secret_hash, s.csrf, s.created_at, s.seen_at, s.account_id, a.person_id, a.locale, \
                       a.password_is_temporary, f.confirmed_at AS factor_since, t.second_factor AS demand, s.flash \
                       FROM sessions s JOIN accounts a ON a.id = s.account_id JOIN settings t ON t.id = 1 \
                       LEFT JOIN second_factors f ON f.account_id = a.id \
                       WHERE s.id = $1 AND a.disabled_at IS NULL";
    let row: Option<Row> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    Ok(row.map(|row| Stored {
        id: row.id,
        secret_hash: row.secret_hash,
        csrf: row.csrf,
        created_at: row.created_at,
        seen_at: row.seen_at,
        account: row.account_id,
        curator: row.person_id,
        locale: row.locale,
        must_change_password: row.password_is_temporary,
        has_second_factor: row.factor_since.is_some(),
        demand: row.demand,
        flash: row.flash.map(|flash| flash.0),
    }))
}

pub async fn seen(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE sessions SET seen_at = $2 WHERE id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}

pub async fn delete(tx: &mut Tx, id: SessionId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM sessions WHERE id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}

pub async fn delete_own(tx: &mut Tx, account: AccountId, id: SessionId) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM sessions WHERE id = $1 AND account_id = $2";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(account).execute(c).await.map(|done| done.rows_affected())?))
}

pub async fn delete_of_account(tx: &mut Tx, account: AccountId, but: Option<SessionId>) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM sessions WHERE account_id = $1 AND id <> $2";
    // No session has the nil id.
    let but = but.unwrap_or(SessionId(uuid::Uuid::nil()));
    on_backend!(tx, |c| sqlx::query(SQL).bind(account).bind(but).execute(c).await.map(|_| ())?);
    Ok(())
}

pub async fn delete_over(tx: &mut Tx, idle_since: Timestamp) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM sessions WHERE seen_at < $1";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(idle_since).execute(c).await.map(|done| done.rows_affected())?))
}

#[derive(sqlx::FromRow)]
struct Line {
    id: SessionId,
    device: String,
    address: String,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
}

pub async fn of_account(
    tx: &mut Tx,
    account: AccountId,
    this: SessionId,
    idle_since: Timestamp,
    born_since: Timestamp,
) -> Result<Vec<SessionRow>, StorageError> {
    const SQL: &str = "SELECT id, device, address, created_at, seen_at FROM sessions \
                       WHERE account_id = $1 AND seen_at > $2 AND created_at > $3 ORDER BY created_at DESC, id LIMIT 100";
    let lines: Vec<Line> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(account).bind(idle_since).bind(born_since).fetch_all(c).await?);
    Ok(lines
        .into_iter()
        .map(|line| SessionRow {
            is_this: line.id == this,
            id: line.id,
            device: line.device,
            address: line.address,
            created_at: line.created_at,
            seen_at: line.seen_at,
        })
        .collect())
}

pub async fn put_flash(tx: &mut Tx, id: SessionId, flash: &Flash) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE sessions SET flash = $2 WHERE id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(Json(flash)).execute(c).await.map(|_| ())?);
    Ok(())
}

pub async fn clear_flash(tx: &mut Tx, id: SessionId) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE sessions SET flash = NULL WHERE id = $1";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|_| ())?);
    Ok(())
}
