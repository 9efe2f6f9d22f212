//! Reading the list. Like that of citizens it is put together of what is asked for: a condition that is always there costs its
//! index. Ids hold the moment of creation, so dates are ranges of the key by which the list is ordered.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use super::{About, Kind, Record, Seen, Tick, is_overdue};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{ActivityId, ContactId, DistrictId, FileId, PersonId, SeriesId, first_of},
        page::{Cursor, Direction},
    },
    on_backend,
    patronage::citizens::{Search, Trigrams, look_for},
    people::{access::Author, name::FullName},
};

/// What is asked for, ready for the database.
#[derive(Debug)]
pub(super) struct Wanted {
    pub search: Search,
    pub curator: Option<PersonId>,
    pub district: Option<DistrictId>,
    pub seen: Seen,
    pub kind: Option<Kind>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
pub(super) struct Line {
    pub id: ActivityId,
    kind: Kind,
    created_at: Timestamp,
    processed_at: Option<Timestamp>,
    processed_by: Option<String>,
    first_date: Option<NaiveDate>,
    last_date: Option<NaiveDate>,
    files_sent: i64,
    requests_sent: i64,
    person_id: PersonId,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    phone: Option<String>,
    district: Option<String>,
    curator_id: Option<PersonId>,
    curator_surname: Option<String>,
    curator_name: Option<String>,
    curator_patronymic: Option<String>,
    then_id: Option<PersonId>,
    then_surname: Option<String>,
    then_name: Option<String>,
    then_patronymic: Option<String>,
    file_id: Option<FileId>,
    file_name: Option<String>,
    contact_id: Option<ContactId>,
    comment: Option<String>,
    result: Option<String>,
    series_id: Option<SeriesId>,
    ordinal: Option<i64>,
    local_date: Option<NaiveDate>,
    local_time: Option<NaiveTime>,
    text: Option<String>,
}

/// The lines of the page, once they are picked: nothing is joined to what will not be shown.
const LINES: &str = "SELECT a.id, a.kind, a.created_at, a.processed_at, a.processed_by, a.first_date, a.last_date, a.files_sent, \
     a.requests_sent, a.person_id, p.surname, p.name, p.patronymic, p.phone, d.name AS district, c.curator_id, \
     n.surname AS curator_surname, n.name AS curator_name, n.patronymic AS curator_patronymic, a.curator_id AS then_id, \
     t.surname AS then_surname, t.name AS then_name, t.patronymic AS then_patronymic, a.file_id, f.name AS file_name, \
     a.contact_id, k.comment, k.result, o.series_id, o.ordinal, o.local_date, o.local_time, o.text FROM (";
const JOINED: &str = ") AS picked JOIN activity a ON a.id = picked.id JOIN citizens c ON c.person_id = a.person_id \
     JOIN persons p ON p.id = a.person_id LEFT JOIN districts d ON d.id = c.district_id \
     LEFT JOIN persons n ON n.id = c.curator_id LEFT JOIN persons t ON t.id = a.curator_id \
     LEFT JOIN files f ON f.id = a.file_id LEFT JOIN contacts k ON k.id = a.contact_id \
     LEFT JOIN occurrences o ON o.id = a.occurrence_id";
const PICKED: &str =
    "SELECT a.id FROM activity a JOIN citizens c ON c.person_id = a.person_id WHERE c.deleted_at IS NULL";

/// One page, walking in the cursor's direction.
pub(super) async fn page(
    tx: &mut Tx,
    wanted: &Wanted,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Vec<Line>, StorageError> {
    let trigrams = Trigrams::of(tx);
    Ok(on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new(LINES);
        sql.push(PICKED);
        narrow(&mut sql, wanted, trigrams, cursor);
        let backwards = cursor.is_some_and(|cursor| cursor.direction() == Direction::Before);
        let order = if backwards { " ORDER BY a.id" } else { " ORDER BY a.id DESC" };
        sql.push(order).push(" LIMIT ").push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
        sql.push(JOINED).push(order);
        sql.build_query_as::<Line>().fetch_all(c).await?
    }))
}

/// How many there are, counted up to `most`.
pub(super) async fn count(tx: &mut Tx, wanted: &Wanted, most: i64) -> Result<i64, StorageError> {
    let trigrams = Trigrams::of(tx);
    Ok(on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new("SELECT COUNT(*) FROM (");
        sql.push(PICKED);
        narrow(&mut sql, wanted, trigrams, None);
        sql.push(" LIMIT ").push_bind(most).push(") AS counted");
        sql.build_query_scalar().fetch_one(c).await?
    }))
}

/// Adds the conditions. The list runs from new to old, so what comes after a key is smaller.
fn narrow<DB>(sql: &mut QueryBuilder<DB>, wanted: &Wanted, trigrams: Trigrams, cursor: Option<&Cursor>)
where
    DB: Database,
    for<'q> Uuid: Encode<'q, DB> + Type<DB>,
    for<'q> String: Encode<'q, DB> + Type<DB>,
    for<'q> Timestamp: Encode<'q, DB> + Type<DB>,
{
    let place = cursor.and_then(|cursor| Some((cursor.direction(), cursor.key::<ActivityId>()?.0)));
    let (mut above, mut below) =
        (wanted.from.map_or(Uuid::nil(), first_of), wanted.until.map_or(Uuid::max(), first_of));
    match place {
        Some((Direction::After, key)) => below = below.min(key),
        Some((Direction::Before, key)) => above = above.max(key),
        None => {}
    }
    sql.push(" AND a.id > ").push_bind(above).push(" AND a.id < ").push_bind(below);
    if let Some(from) = wanted.from {
        sql.push(" AND a.created_at >= ").push_bind(from);
    }
    if let Some(until) = wanted.until {
        sql.push(" AND a.created_at < ").push_bind(until);
    }
    if let Some(kind) = wanted.kind {
        sql.push(" AND a.kind = ").push_bind(kind.name().to_owned());
    }
    sql.push(match wanted.seen {
        Seen::All => "",
        Seen::Seen => " AND a.processed_at IS NOT NULL",
        Seen::Unseen => " AND a.processed_at IS NULL",
    });
    if let Some(curator) = wanted.curator {
        sql.push(" AND c.curator_id = ").push_bind(curator.0);
    }
    if let Some(district) = wanted.district {
        sql.push(" AND c.district_id = ").push_bind(district.0);
    }
    look_for(sql, &wanted.search, trigrams);
}

/// How many wait for a tick, counted up to `most`.
pub(super) async fn waiting(tx: &mut Tx, curator: Option<PersonId>, most: i64) -> Result<i64, StorageError> {
    // In this order it walks along what waits, not along the citizens.
    const ALL: &str = "SELECT COUNT(*) FROM (SELECT a.id FROM activity a JOIN citizens c ON c.person_id = a.person_id
        WHERE a.processed_at IS NULL AND c.deleted_at IS NULL ORDER BY a.id LIMIT $1) AS counted";
    const OWN: &str = "SELECT COUNT(*) FROM (SELECT a.id FROM citizens c JOIN activity a ON a.person_id = c.person_id
        WHERE c.curator_id = $2 AND c.deleted_at IS NULL AND a.processed_at IS NULL LIMIT $1) AS counted";
    Ok(match curator {
        None => on_backend!(tx, |c| sqlx::query_scalar(ALL).bind(most).fetch_one(c).await?),
        Some(curator) => on_backend!(tx, |c| sqlx::query_scalar(OWN).bind(most).bind(curator).fetch_one(c).await?),
    })
}

impl Line {
    /// Who ticked it and when.
    pub fn tick(&self) -> Result<Option<(Timestamp, Author)>, StorageError> {
        let (Some(at), Some(by)) = (self.processed_at, &self.processed_by) else { return Ok(None) };
        Ok(Some((at, by.parse().map_err(|_| self.wrong("processed_by"))?)))
    }

    pub fn into_record(self, tick: Option<Tick>, house: Tz, now: Timestamp) -> Result<Record, StorageError> {
        let about = self.about()?;
        let is_overdue = self.kind == Kind::ContactRequest && tick.is_none() && is_overdue(self.created_at, now, house);
        let named = |surname: Option<String>, name, patronymic| Some(FullName { surname: surname?, name, patronymic });
        let is_moved = self.then_id != self.curator_id;
        Ok(Record {
            id: self.id,
            kind: self.kind,
            created_at: self.created_at,
            person: self.person_id,
            name: FullName { surname: self.surname, name: self.name, patronymic: self.patronymic },
            phone: self.phone.unwrap_or_default(),
            curator: named(self.curator_surname, self.curator_name, self.curator_patronymic),
            curator_then: named(self.then_surname, self.then_name, self.then_patronymic).filter(|_| is_moved),
            district: self.district,
            about,
            tick,
            is_overdue,
        })
    }

    fn about(&self) -> Result<About, StorageError> {
        match self.kind {
            Kind::File => Ok(About::File {
                id: self.file_id.ok_or_else(|| self.wrong("file_id"))?,
                name: self.file_name.clone().unwrap_or_default(),
            }),
            Kind::ContactRequest => Ok(About::Request {
                id: self.contact_id.ok_or_else(|| self.wrong("contact_id"))?,
                comment: self.comment.clone(),
                result: self.result.clone().unwrap_or_default(),
            }),
            Kind::CuratorReminder => self.own_reminder().ok_or_else(|| self.wrong("occurrence_id")),
            Kind::Missed | Kind::Inactive | Kind::NoAssignments => Ok(About::Dates {
                first: self.first_date.ok_or_else(|| self.wrong("first_date"))?,
                last: self.last_date.ok_or_else(|| self.wrong("last_date"))?,
                files: self.files_sent,
                requests: self.requests_sent,
            }),
        }
    }

    fn own_reminder(&self) -> Option<About> {
        Some(About::OwnReminder {
            series: self.series_id?,
            ordinal: u32::try_from(self.ordinal?).ok()?,
            date: self.local_date?,
            time: self.local_time?,
            text: self.text.clone()?,
        })
    }

    fn wrong(&self, column: &'static str) -> StorageError {
        StorageError::Inconsistent { table: "activity", column, id: self.id.to_string() }
    }
}
