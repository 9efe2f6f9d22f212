//! The table `accounts`.

use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{AccountId, PersonId},
    },
    on_backend,
    people::{login::Login, name::FullName},
};

use super::Credential;

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Role {
    /// The one of the administrator.
    Administrator,
    /// A curator's.
    Curator,
}

pub struct New<'a> {
    pub account: AccountId,
    pub role: Role,
    pub person: Option<PersonId>,
    pub login: &'a Login,
    pub hash: &'a str,
    pub is_temporary: bool,
}

/// Opens an account; `false` when the login is in use.
pub async fn insert(tx: &mut Tx, new: &New<'_>, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO accounts (id, role, person_id, login, login_key, password_hash, password_is_temporary, \
                       created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (login_key) DO NOTHING";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(new.account)
        .bind(new.role)
        .bind(new.person)
        .bind(new.login.as_str())
        .bind(new.login.key())
        .bind(new.hash)
        .bind(new.is_temporary)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    Ok(rows == 1)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AccountId,
    person_id: Option<PersonId>,
    password_hash: String,
    password_is_temporary: bool,
}

impl From<Row> for Credential {
    fn from(row: Row) -> Self {
        Self {
            account: row.id,
            curator: row.person_id,
            password_hash: row.password_hash,
            must_change_password: row.password_is_temporary,
        }
    }
}

pub async fn credential(tx: &mut Tx, key: &str) -> Result<Option<Credential>, StorageError> {
    const SQL: &str = "SELECT id, person_id, password_hash, password_is_temporary FROM accounts \
                       WHERE login_key = $1 AND disabled_at IS NULL";
    let row: Option<Row> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(key).fetch_optional(c).await?);
    Ok(row.map(Credential::from))
}

pub async fn of_account(tx: &mut Tx, account: AccountId) -> Result<Option<Credential>, StorageError> {
    const SQL: &str = "SELECT id, person_id, password_hash, password_is_temporary FROM accounts \
                       WHERE id = $1 AND disabled_at IS NULL";
    let row: Option<Row> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(account).fetch_optional(c).await?);
    Ok(row.map(Credential::from))
}

pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Option<(AccountId, String)>, StorageError> {
    const SQL: &str = "SELECT id, login FROM accounts WHERE person_id = $1 AND disabled_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?))
}

/// The administrator's account; there is one at most.
pub async fn administrator(tx: &mut Tx) -> Result<Option<AccountId>, StorageError> {
    const SQL: &str = "SELECT id FROM accounts WHERE role = 'administrator' AND disabled_at IS NULL LIMIT 1";
    let row: Option<(AccountId,)> = on_backend!(tx, |c| sqlx::query_as(SQL).fetch_optional(c).await?);
    Ok(row.map(|(id,)| id))
}

pub async fn login_of(tx: &mut Tx, account: AccountId) -> Result<Option<String>, StorageError> {
    const SQL: &str = "SELECT login FROM accounts WHERE id = $1 AND disabled_at IS NULL";
    let row: Option<(String,)> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(account).fetch_optional(c).await?);
    Ok(row.map(|(login,)| login))
}

pub async fn key_is_taken(tx: &mut Tx, key: &str, but: AccountId) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT id FROM accounts WHERE login_key = $1 AND id <> $2";
    let row: Option<(AccountId,)> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(key).bind(but).fetch_optional(c).await?);
    Ok(row.is_some())
}

pub async fn set_login(tx: &mut Tx, account: AccountId, login: &Login) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE accounts SET login = $2, login_key = $3 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(account)
        .bind(login.as_str())
        .bind(login.key())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    exactly_one("accounts", account, rows)
}

pub async fn set_password(tx: &mut Tx, account: AccountId, hash: &str, is_temporary: bool) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE accounts SET password_hash = $2, password_is_temporary = $3 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(account)
        .bind(hash)
        .bind(is_temporary)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    exactly_one("accounts", account, rows)
}

pub async fn set_locale(tx: &mut Tx, account: AccountId, locale: &str) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE accounts SET locale = $2 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(account)
        .bind(locale)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    exactly_one("accounts", account, rows)
}

/// Closes an account and frees its login.
pub async fn close(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE accounts SET disabled_at = $2, login_key = NULL WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(SQL)
        .bind(account)
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    exactly_one("accounts", account, rows)
}

pub async fn name_of_person(tx: &mut Tx, person: PersonId) -> Result<Option<FullName>, StorageError> {
    const SQL: &str = "SELECT surname, name, patronymic FROM persons WHERE id = $1";
    let row: Option<(String, Option<String>, Option<String>)> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?);
    Ok(row.map(|(surname, name, patronymic)| FullName { surname, name, patronymic }))
}
