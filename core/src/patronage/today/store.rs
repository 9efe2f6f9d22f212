//! Reading «Сегодня». Every statement has two texts: for everybody it walks along what waits, for one curator along his
//! citizens; both stop at the limit.

use chrono_tz::Tz;

use super::{Cause, Deviating, Frame, Need, NewFile, ROWS_A_CAUSE, Who};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{ActivityId, ContactId, FileId, PersonId},
    },
    on_backend,
    patronage::reminders::is_deviation,
    people::{access::Author, name::FullName},
};

/// The columns of a [`WhoRow`].
macro_rules! who {
    () => {
        "c.person_id, p.surname, p.name, p.patronymic, p.phone, COALESCE(p.time_zone, d.time_zone) AS zone,
         k.surname AS curator_surname, k.name AS curator_name, k.patronymic AS curator_patronymic"
    };
}
pub(super) use who;

/// The tables of a [`WhoRow`], beside the card `c`.
macro_rules! who_from {
    () => {
        " JOIN persons p ON p.id = c.person_id LEFT JOIN districts d ON d.id = c.district_id
          LEFT JOIN persons k ON k.id = c.curator_id "
    };
}
pub(super) use who_from;

/// Cards that count: alive, and not marked «Неактивный» on the day `$2` (PT-254).
macro_rules! active {
    () => {
        " c.deleted_at IS NULL AND (NOT c.inactive OR c.inactive_until < $2) "
    };
}
pub(super) use active;

/// Reminders that are deviations between the moments `$3` and `$4` (PT-249, PT-250).
macro_rules! deviating {
    () => {
        concat!(" o.due_at > $3 AND ", is_deviation!("$4"))
    };
}
pub(super) use deviating;

/// Unprocessed records of the kind `$1`.
macro_rules! records {
    ($mine:literal, $order:literal) => {
        concat!(
            "SELECT a.id AS record, a.created_at, a.contact_id, t.comment, o.text, f.id AS file_id, f.name AS file_name,
                f.size AS file_size, y.name AS type_name, ",
            who!(),
            " FROM activity a JOIN citizens c ON c.person_id = a.person_id ",
            who_from!(),
            " LEFT JOIN contacts t ON t.id = a.contact_id LEFT JOIN files f ON f.id = a.file_id
              LEFT JOIN file_types y ON y.id = f.type_id LEFT JOIN occurrences o ON o.id = a.occurrence_id
              WHERE a.kind = $1 AND a.processed_at IS NULL AND c.deleted_at IS NULL ",
            $mine,
            " ORDER BY a.id ",
            $order,
            " LIMIT $2"
        )
    };
}

/// The same condition for one curator's citizens.
macro_rules! mine {
    ($parameter:literal) => {
        concat!(" AND c.curator_id = ", $parameter, " ")
    };
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct WhoRow {
    person_id: PersonId,
    surname: String,
    name: Option<String>,
    patronymic: Option<String>,
    phone: Option<String>,
    zone: Option<String>,
    curator_surname: Option<String>,
    curator_name: Option<String>,
    curator_patronymic: Option<String>,
}

impl WhoRow {
    pub(super) fn into_who(self, house: Tz) -> Who {
        let curator = self.curator_surname.map(|surname| FullName {
            surname,
            name: self.curator_name,
            patronymic: self.curator_patronymic,
        });
        Who {
            id: self.person_id,
            name: FullName { surname: self.surname, name: self.name, patronymic: self.patronymic },
            phone: self.phone,
            zone: self.zone.and_then(|name| name.parse().ok()).unwrap_or(house),
            curator,
        }
    }
}

#[derive(sqlx::FromRow)]
struct RecordRow {
    #[sqlx(flatten)]
    who: WhoRow,
    record: ActivityId,
    created_at: Timestamp,
    contact_id: Option<ContactId>,
    comment: Option<String>,
    text: Option<String>,
    file_id: Option<FileId>,
    file_name: Option<String>,
    file_size: Option<i64>,
    type_name: Option<String>,
}

#[derive(sqlx::FromRow)]
struct DeviatingRow {
    #[sqlx(flatten)]
    who: WhoRow,
    #[sqlx(flatten)]
    it: Deviating,
}

#[derive(sqlx::FromRow)]
struct SinceRow {
    #[sqlx(flatten)]
    who: WhoRow,
    since: Timestamp,
}

impl Cause {
    /// The kind of record in «Активность» that tells of it.
    fn kind(self) -> &'static str {
        match self {
            Self::Contact => "contact_request",
            Self::OwnReminder => "curator_reminder",
            Self::MissedDays => "missed_5_days",
            Self::Silence => "inactive_10_days",
            Self::NoAssignments => "no_assignments_2_days",
            Self::Deviations | Self::Blocked | Self::Expired => "",
        }
    }
}

fn limit() -> i64 {
    i64::try_from(ROWS_A_CAUSE).unwrap_or(i64::MAX)
}

/// Unprocessed records of `cause`, those that wait longest first.
pub(super) async fn records(tx: &mut Tx, frame: &Frame, cause: Cause) -> Result<Vec<(Who, Need)>, StorageError> {
    const ALL: &str = records!("", "");
    const OWN: &str = records!("AND c.curator_id = $3", "");
    let rows = read_records(tx, frame, cause.kind(), (ALL, OWN)).await?;
    Ok(rows.into_iter().filter_map(|row| need(row, frame, cause)).collect())
}

/// Unprocessed files, the newest first.
pub(super) async fn files(tx: &mut Tx, frame: &Frame) -> Result<Vec<NewFile>, StorageError> {
    const ALL: &str = records!("", "DESC");
    const OWN: &str = records!("AND c.curator_id = $3", "DESC");
    let rows = read_records(tx, frame, "file", (ALL, OWN)).await?;
    Ok(rows.into_iter().filter_map(|row| file(row, frame.house)).collect())
}

async fn read_records(
    tx: &mut Tx,
    frame: &Frame,
    kind: &str,
    (all, own): (&'static str, &'static str),
) -> Result<Vec<RecordRow>, StorageError> {
    Ok(match frame.sight.curator() {
        None => on_backend!(tx, |c| sqlx::query_as(all).bind(kind).bind(limit()).fetch_all(c).await?),
        Some(me) => on_backend!(tx, |c| sqlx::query_as(own).bind(kind).bind(limit()).bind(me).fetch_all(c).await?),
    })
}

fn need(row: RecordRow, frame: &Frame, cause: Cause) -> Option<(Who, Need)> {
    let (record, at) = (row.record, row.created_at);
    let need = match cause {
        Cause::Contact => {
            let is_overdue = at < frame.overdue_before;
            Need::Contact { record, contact: row.contact_id?, at, comment: row.comment, is_overdue }
        }
        Cause::OwnReminder => Need::OwnReminder { record, at, text: row.text? },
        cause => Need::Rule { record, cause, at },
    };
    Some((row.who.into_who(frame.house), need))
}

fn file(row: RecordRow, house: Tz) -> Option<NewFile> {
    Some(NewFile {
        who: row.who.into_who(house),
        record: row.record,
        file: row.file_id?,
        name: row.file_name?,
        size: row.file_size.and_then(|size| u64::try_from(size).ok()),
        type_name: row.type_name,
        at: row.created_at,
    })
}

/// Deviations of the last 72 hours, the latest first.
pub(super) async fn deviations(tx: &mut Tx, frame: &Frame) -> Result<Vec<(Who, Deviating)>, StorageError> {
    macro_rules! sql {
        ($mine:expr) => {
            concat!(
                "SELECT o.local_date, o.local_time, o.text, o.state, o.reason, ",
                who!(),
                " FROM occurrences o JOIN citizens c ON c.person_id = o.person_id ",
                who_from!(),
                " WHERE ",
                deviating!(),
                " AND ",
                active!(),
                $mine,
                " ORDER BY o.due_at DESC LIMIT $1"
            )
        };
    }
    const ALL: &str = sql!("");
    const OWN: &str = sql!(mine!("$5"));
    let (sql, me) = (if frame.sight.curator().is_some() { OWN } else { ALL }, frame.sight.curator());
    let rows: Vec<DeviatingRow> = on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(3 * limit()).bind(frame.today);
        let query = query.bind(frame.window_from).bind(frame.waiting_since);
        match me {
            Some(me) => query.bind(me).fetch_all(c).await?,
            None => query.fetch_all(c).await?,
        }
    });
    Ok(rows.into_iter().map(|row| (row.who.into_who(frame.house), row.it)).collect())
}

/// People whose every link is blocked, the latest first.
pub(super) async fn blocked(tx: &mut Tx, frame: &Frame) -> Result<Vec<(Who, Timestamp)>, StorageError> {
    macro_rules! sql {
        ($mine:expr) => {
            concat!(
                "SELECT l.changed_at AS since, ",
                who!(),
                " FROM links l JOIN citizens c ON c.person_id = l.person_id ",
                who_from!(),
                " WHERE l.state = 'blocked' AND ",
                active!(),
                " AND NOT EXISTS (SELECT 1 FROM links w
                    WHERE w.person_id = l.person_id AND w.state <> 'unlinked' AND w.state = 'linked') ",
                $mine,
                " ORDER BY l.changed_at DESC LIMIT $1"
            )
        };
    }
    const ALL: &str = sql!("");
    const OWN: &str = sql!(mine!("$3"));
    since(tx, frame, (ALL, OWN), None).await
}

/// People whose activation code ended unused, the latest first.
pub(super) async fn expired(tx: &mut Tx, frame: &Frame, now: Timestamp) -> Result<Vec<(Who, Timestamp)>, StorageError> {
    macro_rules! sql {
        ($mine:expr) => {
            concat!(
                "SELECT v.valid_until AS since, ",
                who!(),
                " FROM activation_codes v JOIN citizens c ON c.person_id = v.person_id ",
                who_from!(),
                " WHERE v.code IS NOT NULL AND v.valid_until <= $3 AND ",
                active!(),
                " AND (SELECT COUNT(*) FROM links w WHERE w.person_id = v.person_id AND w.state <> 'unlinked') = 0 ",
                $mine,
                " ORDER BY v.valid_until DESC LIMIT $1"
            )
        };
    }
    const ALL: &str = sql!("");
    const OWN: &str = sql!(mine!("$4"));
    since(tx, frame, (ALL, OWN), Some(now)).await
}

async fn since(
    tx: &mut Tx,
    frame: &Frame,
    (all, own): (&'static str, &'static str),
    now: Option<Timestamp>,
) -> Result<Vec<(Who, Timestamp)>, StorageError> {
    let me = frame.sight.curator();
    let sql = if me.is_some() { own } else { all };
    let rows: Vec<SinceRow> = on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(limit()).bind(frame.today);
        let query = if let Some(now) = now { query.bind(now) } else { query };
        let query = if let Some(me) = me { query.bind(me) } else { query };
        query.fetch_all(c).await?
    });
    Ok(rows.into_iter().map(|row| (row.who.into_who(frame.house), row.since)).collect())
}

/// The curator's own name.
pub(super) async fn name_of(tx: &mut Tx, author: Author) -> Result<Option<FullName>, StorageError> {
    const SQL: &str = "SELECT surname, name, patronymic FROM persons WHERE id = $1";
    let Author::Curator(person) = author else { return Ok(None) };
    let found: Option<(String, Option<String>, Option<String>)> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?);
    Ok(found.map(|(surname, name, patronymic)| FullName { surname, name, patronymic }))
}
