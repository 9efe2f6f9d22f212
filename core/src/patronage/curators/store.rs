//! The table `curators` with the persons in it.

use std::{fmt, str::FromStr};

use super::{CuratorCard, CuratorRow, form::Draft};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Tx, exactly_one},
        errors::StorageError,
        ids::{DistrictId, PersonId},
        page::{Choice, Cursor, Direction},
    },
    messaging::letters::Addressee,
    on_backend,
    people::name::FullName,
};

/// A place in the list: the name, then the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub name_key: String,
    pub id: PersonId,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.name_key, self.id)
    }
}

impl FromStr for Place {
    type Err = crate::foundation::page::NotACursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name_key, id) = text.rsplit_once('|').ok_or(crate::foundation::page::NotACursor)?;
        let id = id.parse().map_err(|_| crate::foundation::page::NotACursor)?;
        Ok(Self { name_key: name_key.to_owned(), id })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    person_id: PersonId,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    telegram_name: Option<String>,
    district_id: Option<DistrictId>,
    district: Option<String>,
    login: Option<String>,
    version: i64,
}

impl From<Row> for CuratorCard {
    fn from(row: Row) -> Self {
        Self {
            row: CuratorRow {
                id: row.person_id,
                name: FullName { surname: row.surname, name: row.name, patronymic: row.patronymic },
                district: row.district,
                phone: row.phone,
                email: row.email,
                login: row.login,
            },
            telegram_name: row.telegram_name,
            district_id: row.district_id,
            version: row.version,
        }
    }
}

pub async fn page(tx: &mut Tx, cursor: Option<&Cursor>, limit: usize) -> Result<Vec<CuratorCard>, StorageError> {
    const AFTER: &str = "SELECT c.person_id, p.surname, p.name, p.patronymic, p.email, p.phone, c.telegram_name, \
                         c.district_id, d.name AS district, a.login, c.version \
                         FROM curators c JOIN persons p ON p.id = c.person_id \
                         LEFT JOIN districts d ON d.id = c.district_id \
                         LEFT JOIN accounts a ON a.person_id = c.person_id AND a.disabled_at IS NULL \
                         WHERE c.deleted_at IS NULL AND (p.name_key, p.id) > ($1, $2) \
                         ORDER BY p.name_key, p.id LIMIT $3";
    const BEFORE: &str = "SELECT c.person_id, p.surname, p.name, p.patronymic, p.email, p.phone, c.telegram_name, \
                          c.district_id, d.name AS district, a.login, c.version \
                          FROM curators c JOIN persons p ON p.id = c.person_id \
                          LEFT JOIN districts d ON d.id = c.district_id \
                          LEFT JOIN accounts a ON a.person_id = c.person_id AND a.disabled_at IS NULL \
                          WHERE c.deleted_at IS NULL AND (p.name_key, p.id) < ($1, $2) \
                          ORDER BY p.name_key DESC, p.id DESC LIMIT $3";
    let backwards = cursor.is_some_and(|cursor| cursor.direction() == Direction::Before);
    let start = Place { name_key: String::new(), id: PersonId(uuid::Uuid::nil()) };
    let place = cursor.and_then(Cursor::key::<Place>).unwrap_or(start);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let sql = if backwards { BEFORE } else { AFTER };
    let rows: Vec<Row> =
        on_backend!(tx, |c| sqlx::query_as(sql).bind(&place.name_key).bind(place.id).bind(limit).fetch_all(c).await?);
    Ok(rows.into_iter().map(CuratorCard::from).collect())
}

/// A curator who is not deleted.
pub async fn find(tx: &mut Tx, id: PersonId) -> Result<Option<CuratorCard>, StorageError> {
    const SQL: &str = "SELECT c.person_id, p.surname, p.name, p.patronymic, p.email, p.phone, c.telegram_name, \
                       c.district_id, d.name AS district, a.login, c.version \
                       FROM curators c JOIN persons p ON p.id = c.person_id \
                       LEFT JOIN districts d ON d.id = c.district_id \
                       LEFT JOIN accounts a ON a.person_id = c.person_id AND a.disabled_at IS NULL \
                       WHERE c.person_id = $1 AND c.deleted_at IS NULL";
    let row: Option<Row> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    Ok(row.map(CuratorCard::from))
}

/// Adds person and curator; `false` when the id is taken.
pub async fn insert(
    tx: &mut Tx,
    id: PersonId,
    draft: &Draft,
    district: Option<DistrictId>,
    now: Timestamp,
) -> Result<bool, StorageError> {
    const PERSON: &str = "INSERT INTO persons (id, surname, name, patronymic, email, phone, name_key, created_at) \
                          VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";
    const CURATOR: &str = "INSERT INTO curators (person_id, telegram_name, district_id, created_at) \
                           VALUES ($1, $2, $3, $4)";
    let rows = on_backend!(tx, |c| sqlx::query(PERSON)
        .bind(id)
        .bind(&draft.name.surname)
        .bind(&draft.name.name)
        .bind(&draft.name.patronymic)
        .bind(&draft.email)
        .bind(&draft.phone)
        .bind(draft.name.search_key())
        .bind(now)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    if rows != 1 {
        return Ok(false);
    }
    on_backend!(tx, |c| sqlx::query(CURATOR)
        .bind(id)
        .bind(draft.telegram_name.as_ref().map(crate::people::telegram_name::TelegramName::as_str))
        .bind(district)
        .bind(now)
        .execute(c)
        .await
        .map(|_| ())?);
    Ok(true)
}

/// Saves over this version; `false` when there is a newer one.
pub async fn update(
    tx: &mut Tx,
    id: PersonId,
    version: i64,
    draft: &Draft,
    district: Option<DistrictId>,
) -> Result<bool, StorageError> {
    const CURATOR: &str = "UPDATE curators SET telegram_name = $3, district_id = $4, version = version + 1 \
                           WHERE person_id = $1 AND version = $2 AND deleted_at IS NULL";
    const PERSON: &str = "UPDATE persons SET surname = $2, name = $3, patronymic = $4, email = $5, phone = $6, \
                          name_key = $7 WHERE id = $1";
    let rows = on_backend!(tx, |c| sqlx::query(CURATOR)
        .bind(id)
        .bind(version)
        .bind(draft.telegram_name.as_ref().map(crate::people::telegram_name::TelegramName::as_str))
        .bind(district)
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    if rows != 1 {
        return Ok(false);
    }
    let rows = on_backend!(tx, |c| sqlx::query(PERSON)
        .bind(id)
        .bind(&draft.name.surname)
        .bind(&draft.name.name)
        .bind(&draft.name.patronymic)
        .bind(&draft.email)
        .bind(&draft.phone)
        .bind(draft.name.search_key())
        .execute(c)
        .await
        .map(|done| done.rows_affected())?);
    exactly_one("persons", id, rows)?;
    Ok(true)
}

/// Holds the row until the transaction ends; `false` when there is no active curator.
pub async fn hold(tx: &mut Tx, id: PersonId) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE curators SET version = version WHERE person_id = $1 AND deleted_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(|done| done.rows_affected())?) == 1)
}

pub async fn citizens_of(tx: &mut Tx, id: PersonId) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT COUNT(*) FROM citizens WHERE curator_id = $1 AND deleted_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_one(c).await?))
}

/// Whom the curator looks after.
pub async fn persons_of(tx: &mut Tx, id: PersonId) -> Result<Vec<PersonId>, StorageError> {
    const SQL: &str = "SELECT person_id FROM citizens WHERE curator_id = $1 AND deleted_at IS NULL ORDER BY seq";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(id).fetch_all(c).await?))
}

pub async fn delete(tx: &mut Tx, id: PersonId, now: Timestamp) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE curators SET deleted_at = $2, version = version + 1 WHERE person_id = $1";
    let rows =
        on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await.map(|done| done.rows_affected())?);
    exactly_one("curators", id, rows)
}

/// A number that grows with every change of any curator: rows stay when a curator is deleted, and each change raises a version.
pub async fn changes(tx: &mut Tx) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM curators";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await?))
}

pub async fn choices(tx: &mut Tx) -> Result<Vec<Choice<PersonId>>, StorageError> {
    const SQL: &str = "SELECT p.id, p.surname, p.name, p.patronymic FROM curators c \
                       JOIN persons p ON p.id = c.person_id WHERE c.deleted_at IS NULL ORDER BY p.name_key, p.id";
    let rows: Vec<(PersonId, String, Option<String>, Option<String>)> =
        on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?);
    let choice = |(id, surname, name, patronymic)| Choice { id, label: FullName { surname, name, patronymic }.full() };
    Ok(rows.into_iter().map(choice).collect())
}

pub async fn count_without_email(tx: &mut Tx) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT COUNT(*) FROM curators c JOIN persons p ON p.id = c.person_id \
                       WHERE c.deleted_at IS NULL AND p.email IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await?))
}

/// Where letters to a curator go.
pub async fn addressee(tx: &mut Tx, id: PersonId) -> Result<Option<Addressee>, StorageError> {
    const SQL: &str = "SELECT p.surname, p.name, p.patronymic, p.email FROM curators c JOIN persons p ON p.id = c.person_id \
                       WHERE c.person_id = $1 AND c.deleted_at IS NULL AND p.email IS NOT NULL";
    let row: Option<(String, Option<String>, Option<String>, String)> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    let addressee = |(surname, name, patronymic, email)| Addressee {
        name: Some(FullName { surname, name, patronymic }.full()),
        email,
    };
    Ok(row.map(addressee))
}

/// Where letters about a citizen go: to the present curator.
pub async fn addressee_of_citizen(tx: &mut Tx, citizen: PersonId) -> Result<Option<Addressee>, StorageError> {
    const SQL: &str = "SELECT curator_id FROM citizens WHERE person_id = $1 AND deleted_at IS NULL";
    let curator: Option<Option<PersonId>> =
        on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(citizen).fetch_optional(c).await?);
    match curator.flatten() {
        Some(curator) => addressee(tx, curator).await,
        None => Ok(None),
    }
}
