//! Deleted rows of `citizens`.

use std::{fmt, str::FromStr};

use chrono::DateTime;
use uuid::Uuid;

use super::{DeletedRow, UNDO_DAYS};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::PersonId,
        page::{Cursor, Direction, NotACursor},
    },
    on_backend,
    people::name::FullName,
};

/// Marks the card as deleted; `false` when it was already.
pub async fn delete(tx: &mut Tx, id: PersonId, now: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE citizens SET deleted_at = $2, version = version + 1
        WHERE person_id = $1 AND deleted_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(now).execute(c).await?.rows_affected()) == 1)
}

/// Files that were announced and not fetched yet are not fetched any more.
pub async fn stop_fetching(tx: &mut Tx, id: PersonId) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE files SET state = 'failed', source = NULL, next_attempt_at = NULL
        WHERE person_id = $1 AND state = 'receiving'";
    on_backend!(tx, |c| sqlx::query(SQL).bind(id).execute(c).await.map(drop)?);
    Ok(())
}

/// When a card was deleted that can be taken back.
pub async fn restorable(tx: &mut Tx, id: PersonId, since: Timestamp) -> Result<Option<Timestamp>, StorageError> {
    const SQL: &str = "SELECT deleted_at FROM citizens
        WHERE person_id = $1 AND deleted_at IS NOT NULL AND erased_at IS NULL AND deleted_at > $2";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(id).bind(since).fetch_optional(c).await?))
}

/// Takes the mark away; `false` when somebody did so already.
pub async fn restore(tx: &mut Tx, id: PersonId, deleted_at: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE citizens SET deleted_at = NULL, version = version + 1,
            curator_id = (SELECT k.person_id FROM curators k WHERE k.person_id = citizens.curator_id AND k.deleted_at IS NULL)
        WHERE person_id = $1 AND deleted_at = $2 AND erased_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(id).bind(deleted_at).execute(c).await?.rows_affected()) == 1)
}

/// A place in the list of the deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    at: Timestamp,
    id: PersonId,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.at.timestamp_micros(), self.id)
    }
}

impl FromStr for Place {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (at, id) = text.split_once('|').ok_or(NotACursor)?;
        let at = at.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or(NotACursor)?;
        Ok(Self { at, id: id.parse().map_err(|_| NotACursor)? })
    }
}

#[derive(sqlx::FromRow)]
pub struct Line {
    person_id: PersonId,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    phone: Option<String>,
    curator_surname: Option<String>,
    curator_name: Option<String>,
    curator_patronymic: Option<String>,
    deleted_at: Timestamp,
}

impl Line {
    pub fn place(&self) -> Place {
        Place { at: self.deleted_at, id: self.person_id }
    }

    pub fn into_row(self, now: Timestamp) -> DeletedRow {
        let curator = self.curator_surname.map(|surname| FullName {
            surname,
            name: self.curator_name,
            patronymic: self.curator_patronymic,
        });
        DeletedRow {
            id: self.person_id,
            name: FullName { surname: self.surname, name: self.name, patronymic: self.patronymic },
            phone: self.phone.unwrap_or_default(),
            curator,
            deleted_at: self.deleted_at,
            days_left: (UNDO_DAYS - (now - self.deleted_at).num_days()).max(0),
        }
    }
}

/// Those deleted after `since`, the latest first: "after" in this list is earlier in time.
pub async fn page(
    tx: &mut Tx,
    since: Timestamp,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Line>, StorageError> {
    const EARLIER: &str = "SELECT c.person_id, p.surname, p.name, p.patronymic, p.phone,
            k.surname AS curator_surname, k.name AS curator_name, k.patronymic AS curator_patronymic, c.deleted_at
        FROM citizens c JOIN persons p ON p.id = c.person_id LEFT JOIN persons k ON k.id = c.curator_id
        WHERE c.deleted_at IS NOT NULL AND c.erased_at IS NULL AND c.deleted_at > $1 AND (c.deleted_at, c.person_id) < ($2, $3)
        ORDER BY c.deleted_at DESC, c.person_id DESC LIMIT $4";
    const LATER: &str = "SELECT c.person_id, p.surname, p.name, p.patronymic, p.phone,
            k.surname AS curator_surname, k.name AS curator_name, k.patronymic AS curator_patronymic, c.deleted_at
        FROM citizens c JOIN persons p ON p.id = c.person_id LEFT JOIN persons k ON k.id = c.curator_id
        WHERE c.deleted_at IS NOT NULL AND c.erased_at IS NULL AND c.deleted_at > $1 AND (c.deleted_at, c.person_id) > ($2, $3)
        ORDER BY c.deleted_at, c.person_id LIMIT $4";
    let backwards = cursor.is_some_and(|cursor| cursor.direction() == Direction::Before);
    let edge =
        Place { at: DateTime::from_timestamp(253_402_300_799, 0).unwrap_or_default(), id: PersonId(Uuid::max()) };
    let place = cursor.and_then(Cursor::key::<Place>).unwrap_or(edge);
    let sql = if backwards { LATER } else { EARLIER };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(on_backend!(tx, |c| {
        sqlx::query_as(sql).bind(since).bind(place.at).bind(place.id).bind(limit).fetch_all(c).await?
    }))
}
