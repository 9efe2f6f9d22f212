//! The tables `activation_codes` and `links`.

use chrono::{DateTime, Utc};

use super::{Link, LinkState};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{CodeId, LinkId, PersonId},
    },
    messaging::messenger::Messenger,
    on_backend,
};

/// A code that was neither used nor revoked; it may have expired.
#[derive(Clone, sqlx::FromRow)]
pub struct Code {
    pub id: CodeId,
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    pub code: String,
    pub valid_until: DateTime<Utc>,
}

/// The live code of a citizen.
pub async fn live_code(tx: &mut Tx, person: PersonId) -> Result<Option<Code>, StorageError> {
    const SQL: &str = "SELECT id, person_id, code, valid_until FROM activation_codes \
                       WHERE person_id = $1 AND code IS NOT NULL";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?))
}

/// The live code with these digits.
pub async fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Code>, StorageError> {
    const SQL: &str = "SELECT id, person_id, code, valid_until FROM activation_codes WHERE code = $1";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(code).fetch_optional(c).await?))
}

/// Adds a code; `false` when the digits are in use or the citizen has one.
pub async fn insert(tx: &mut Tx, new: &Code, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO activation_codes (id, person_id, code, state, issued_at, valid_until, extensions) \
                       VALUES ($1, $2, $3, 'issued', $4, $5, 0) ON CONFLICT DO NOTHING";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(new.id)
        .bind(new.person)
        .bind(&new.code)
        .bind(now)
        .bind(new.valid_until)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Prolongs an expired code; `false` when it is gone or valid.
pub async fn extend(tx: &mut Tx, id: CodeId, now: Timestamp, until: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE activation_codes SET state = 'extended', valid_until = $3, extensions = extensions + 1 \
                       WHERE id = $1 AND code IS NOT NULL AND valid_until <= $2";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(id)
        .bind(now)
        .bind(until)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Uses a valid code up; `false` when it is gone.
pub async fn use_up(tx: &mut Tx, id: CodeId, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE activation_codes SET state = 'used', code = NULL, ended_at = $2 \
                       WHERE id = $1 AND code IS NOT NULL AND valid_until > $2";
    let rows =
        on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Revokes the live code of a citizen, if there is one.
pub async fn revoke(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE activation_codes SET state = 'revoked', code = NULL, ended_at = $2 \
                       WHERE person_id = $1 AND code IS NOT NULL";
    on_backend!(tx, |c| sqlx::query(SQL).bind(person).bind(now).execute(c).await.map(|_| ())?);
    Ok(())
}

/// Citizens with neither link nor code, in the order of creation.
pub async fn without_code(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<(i64, PersonId)>, StorageError> {
    const SQL: &str = "SELECT c.seq, c.person_id FROM citizens c WHERE c.deleted_at IS NULL AND c.seq > $1 \
                       AND NOT EXISTS (SELECT 1 FROM activation_codes a WHERE a.person_id = c.person_id \
                       AND a.code IS NOT NULL) \
                       AND NOT EXISTS (SELECT 1 FROM links l WHERE l.person_id = c.person_id \
                       AND l.state <> 'unlinked') ORDER BY c.seq LIMIT $2";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await?))
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    id: LinkId,
    person_id: PersonId,
    messenger: Messenger,
    account: String,
    chat: String,
    state: LinkState,
    linked_at: DateTime<Utc>,
}

impl From<LinkRow> for Link {
    fn from(row: LinkRow) -> Self {
        Self {
            id: row.id,
            person: row.person_id,
            messenger: row.messenger,
            account: row.account,
            chat: row.chat,
            state: row.state,
            linked_at: row.linked_at,
        }
    }
}

pub async fn link_of(tx: &mut Tx, messenger: Messenger, account: &str) -> Result<Option<Link>, StorageError> {
    const SQL: &str = "SELECT id, person_id, messenger, account, chat, state, linked_at FROM links \
                       WHERE messenger = $1 AND account = $2 AND state <> 'unlinked'";
    let row: Option<LinkRow> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(messenger).bind(account).fetch_optional(c).await?);
    Ok(row.map(Link::from))
}

pub async fn links_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Link>, StorageError> {
    const SQL: &str = "SELECT id, person_id, messenger, account, chat, state, linked_at FROM links \
                       WHERE person_id = $1 AND state <> 'unlinked' ORDER BY messenger";
    let rows: Vec<LinkRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_all(c).await?);
    Ok(rows.into_iter().map(Link::from).collect())
}

/// Adds a link; `false` when the account, or the person in this messenger, has a live one.
pub async fn insert_link(tx: &mut Tx, link: &Link) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO links (id, person_id, messenger, account, chat, state, linked_at, changed_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(link.id)
        .bind(link.person)
        .bind(link.messenger)
        .bind(&link.account)
        .bind(&link.chat)
        .bind(link.state)
        .bind(link.linked_at)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

/// Takes back a link made in this very transaction.
pub async fn delete_link(tx: &mut Tx, id: LinkId) -> Result<(), StorageError> {
    const SQL: &str = "DELETE FROM links WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|done| done.rows_affected())?);
    exactly_one("links", id, rows)
}

/// Ends a link; `false` when it had ended.
pub async fn unlink(tx: &mut Tx, id: LinkId, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE links SET state = 'unlinked', changed_at = $2 WHERE id = $1 AND state <> 'unlinked'";
    let rows =
        on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

pub async fn block(
    tx: &mut Tx,
    messenger: Messenger,
    account: &str,
    now: Timestamp,
) -> Result<Option<PersonId>, StorageError> {
    const SQL: &str = "UPDATE links SET state = 'blocked', changed_at = $3 WHERE messenger = $1 AND account = $2 \
                       AND state <> 'unlinked' AND state = 'linked' RETURNING person_id";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(messenger).bind(account).bind(now).fetch_optional(c).await?))
}

pub async fn unblock(
    tx: &mut Tx,
    messenger: Messenger,
    account: &str,
    now: Timestamp,
) -> Result<Option<PersonId>, StorageError> {
    const SQL: &str = "UPDATE links SET state = 'linked', changed_at = $3 WHERE messenger = $1 AND account = $2 \
                       AND state <> 'unlinked' AND state = 'blocked' RETURNING person_id";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(messenger).bind(account).bind(now).fetch_optional(c).await?))
}
