//! SQL of the automatic records. Every statement begins with the few rows that matter: an index of what was missed, of what was
//! ignored, of what ends.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use sqlx::QueryBuilder;

use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{ActivityId, DistrictId, PersonId},
    },
    on_backend,
    patronage::activity::Kind,
};

/// Rows of one statement at most; such statements differ in length and are not worth keeping prepared.
const ROWS_A_STATEMENT: usize = 1000;
/// A date begins and ends nowhere so much earlier or later: who has moved since got reminders by another zone.
const ELSEWHERE: TimeDelta = TimeDelta::days(2);
/// Before the name of a zone in `daily_runs`.
const RUN: &str = "records ";

/// The citizens a run looks at: those who live in `zone` on the local date `day`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub zone: &'a str,
    /// The installation's zone, of those who have no other.
    pub house: &'a str,
    pub day: NaiveDate,
}

/// The days without a mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub begins: Timestamp,
    pub ends: Timestamp,
}

/// A record to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub kind: Kind,
    pub person: PersonId,
    pub curator: Option<PersonId>,
    pub district: Option<DistrictId>,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub files: i64,
    pub requests: i64,
}

impl Found {
    /// One cause, one record: the dates of a kind never overlap, so the last one tells them apart.
    fn cause(&self) -> String {
        format!("{}:{}:{}", self.kind.name(), self.person, self.last)
    }
}

/// A date on which something was missed and of which no record speaks yet.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Missed {
    #[sqlx(rename = "person_id")]
    pub person: PersonId,
    #[sqlx(rename = "curator_id")]
    pub curator: Option<PersonId>,
    #[sqlx(rename = "district_id")]
    pub district: Option<DistrictId>,
    #[sqlx(rename = "local_date")]
    pub date: NaiveDate,
}

/// Who lives in zone $1 ($2 is the house's) and is not «неактивный» on the day $3.
macro_rules! place {
    () => {
        " JOIN persons p ON p.id = c.person_id LEFT JOIN districts d ON d.id = c.district_id
          WHERE c.deleted_at IS NULL AND COALESCE(p.time_zone, d.time_zone, $2) = $1
            AND (NOT c.inactive OR c.inactive_until < $3)"
    };
}

/// What `o` was counts only after a time of «неактивный» (PT-D47).
macro_rules! since_active {
    () => {
        " AND (c.active_since IS NULL OR o.local_date >= c.active_since)
          AND (c.inactive_until IS NULL OR o.local_date > c.inactive_until)"
    };
}

/// «Пропущено», and no record speaks of the date.
macro_rules! missed {
    () => {
        " o.state = 'missed' AND o.kind <> 'curator_reminder' AND NOT EXISTS (SELECT 1 FROM activity a
            WHERE a.person_id = o.person_id AND a.kind = 'missed_5_days' AND a.last_date >= o.local_date
              AND a.first_date <= o.local_date)"
    };
}

/// Yellow, or grey because of the citizen or because somebody has to call. The first condition lets the index `occurrences_late` answer.
macro_rules! ignored {
    () => {
        " o.state IN ('awaiting', 'missed', 'undelivered') AND o.kind <> 'curator_reminder'
          AND (o.state = 'awaiting' OR (o.state = 'undelivered' AND o.reason IN ('bot_blocked', 'no_channel')))"
    };
}

/// All time zones that citizens may live in, but the house's.
pub(super) async fn zones(tx: &mut Tx) -> Result<BTreeSet<String>, StorageError> {
    const SQL: &str = "SELECT DISTINCT time_zone FROM persons WHERE time_zone IS NOT NULL
        UNION SELECT time_zone FROM districts WHERE time_zone IS NOT NULL";
    let names: Vec<String> = on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_all(c).await?);
    Ok(names.into_iter().collect())
}

/// The last day of each zone that was looked at.
pub(super) async fn days_done(tx: &mut Tx) -> Result<BTreeMap<String, NaiveDate>, StorageError> {
    const SQL: &str = "SELECT name, day FROM daily_runs";
    let rows: Vec<(String, NaiveDate)> = on_backend!(tx, |c| sqlx::query_as(SQL).fetch_all(c).await?);
    Ok(rows.into_iter().filter_map(|(name, day)| Some((name.strip_prefix(RUN)?.to_owned(), day))).collect())
}

/// Notes the first day of a zone; `false` when another has done it.
pub(super) async fn begin_days(tx: &mut Tx, zone: &str, day: NaiveDate) -> Result<bool, StorageError> {
    const SQL: &str = "INSERT INTO daily_runs (name, day) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    let name = format!("{RUN}{zone}");
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(name).bind(day).execute(c).await?.rows_affected()) == 1)
}

/// Notes the next day of a zone; `false` when another has done it.
pub(super) async fn next_day(tx: &mut Tx, zone: &str, before: NaiveDate, day: NaiveDate) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE daily_runs SET day = $3 WHERE name = $1 AND day = $2";
    let name = format!("{RUN}{zone}");
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(name).bind(before).bind(day).execute(c).await?.rows_affected()) == 1)
}

/// Who missed something on at least `days` dates from `first` to `last` of which no record speaks.
pub(super) async fn often_missed(
    tx: &mut Tx,
    place: &Place<'_>,
    first: NaiveDate,
    last: NaiveDate,
    days: u32,
) -> Result<Vec<PersonId>, StorageError> {
    const SQL: &str = concat!(
        "SELECT o.person_id FROM occurrences o JOIN citizens c ON c.person_id = o.person_id",
        place!(),
        " AND o.local_date BETWEEN $4 AND $5 AND",
        missed!(),
        since_active!(),
        " GROUP BY o.person_id HAVING COUNT(DISTINCT o.local_date) >= $6"
    );
    Ok(on_backend!(tx, |c| {
        let query = sqlx::query_scalar(SQL).bind(place.zone).bind(place.house).bind(place.day);
        query.bind(first).bind(last).bind(i64::from(days)).fetch_all(c).await?
    }))
}

/// Lets everything that makes records of these people pass one after the other; SQLite's writers do so anyway.
pub(super) async fn lock(tx: &mut Tx, people: &[PersonId]) -> Result<(), StorageError> {
    for some in people.chunks(ROWS_A_STATEMENT) {
        on_backend!(tx, |c| {
            let mut sql = QueryBuilder::new("UPDATE citizens SET version = version WHERE person_id IN (");
            let mut list = sql.separated(", ");
            for person in some {
                list.push_bind(*person);
            }
            sql.push(")");
            sql.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}

/// The dates from `first` to `last` on which these people missed something and of which no record speaks, person by person in
/// order. Who is «неактивный» on `day` has none.
pub(super) async fn missed_dates(
    tx: &mut Tx,
    people: &[PersonId],
    day: NaiveDate,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Missed>, StorageError> {
    const HEAD: &str = concat!(
        "SELECT DISTINCT o.person_id, c.curator_id, c.district_id, o.local_date
         FROM occurrences o JOIN citizens c ON c.person_id = o.person_id WHERE c.deleted_at IS NULL AND",
        missed!(),
        since_active!(),
        " AND (NOT c.inactive OR c.inactive_until < "
    );
    let mut found = Vec::new();
    for some in people.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<Missed> = on_backend!(tx, |c| {
            let mut sql = QueryBuilder::new(HEAD);
            sql.push_bind(day).push(") AND o.local_date BETWEEN ").push_bind(first).push(" AND ").push_bind(last);
            sql.push(" AND o.person_id IN (");
            let mut list = sql.separated(", ");
            for person in some {
                list.push_bind(*person);
            }
            sql.push(") ORDER BY o.person_id, o.local_date");
            sql.build_query_as().persistent(false).fetch_all(c).await?
        });
        found.extend(rows);
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct SilentRow {
    person_id: PersonId,
    curator_id: Option<PersonId>,
    district_id: Option<DistrictId>,
    files: i64,
    requests: i64,
}

/// Who ignored something within the window, has marked nothing since it began, ignored something on its first day or before
/// (after the last mark, after the activation), and has no record that reaches into it (PT-D45). A mark after the window
/// speaks for the citizen too: it may have come while we were down.
pub(super) async fn silent(tx: &mut Tx, place: &Place<'_>, window: &Window) -> Result<Vec<Found>, StorageError> {
    const SQL: &str = concat!(
        "WITH ignoring AS (SELECT DISTINCT o.person_id FROM occurrences o WHERE",
        ignored!(),
        " AND o.local_date BETWEEN $4 AND $5 AND o.due_at > $8 AND o.due_at < $9), known AS (SELECT i.person_id,
            (SELECT MAX(m.reacted_at) FROM occurrences m WHERE m.person_id = i.person_id
                AND m.reacted_at IS NOT NULL AND m.kind <> 'curator_reminder') AS marked_at,
            (SELECT MIN(l.linked_at) FROM links l WHERE l.person_id = i.person_id AND l.state <> 'unlinked') AS linked_at
            FROM ignoring i)
        SELECT c.person_id, c.curator_id, c.district_id,
            (SELECT COUNT(*) FROM files f WHERE f.person_id = c.person_id AND f.received_at >= $6 AND f.received_at < $7
                AND f.messenger <> 'panel') AS files,
            (SELECT COUNT(*) FROM contacts t WHERE t.person_id = c.person_id AND t.created_at >= $6 AND t.created_at < $7
                AND t.initiator = 'citizen') AS requests
        FROM known k JOIN citizens c ON c.person_id = k.person_id",
        place!(),
        " AND (k.marked_at IS NULL OR k.marked_at < $6)
          AND EXISTS (SELECT 1 FROM occurrences o WHERE o.person_id = c.person_id
            AND o.local_date <= $4
            AND (k.marked_at IS NULL OR o.due_at > k.marked_at) AND (k.linked_at IS NULL OR o.due_at >= k.linked_at) AND",
        ignored!(),
        since_active!(),
        ") AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.person_id = c.person_id AND a.kind = 'inactive_10_days'
            AND a.last_date >= $4)
        ORDER BY c.person_id"
    );
    let rows: Vec<SilentRow> = on_backend!(tx, |c| {
        let query = sqlx::query_as(SQL).bind(place.zone).bind(place.house).bind(place.day);
        let query = query.bind(window.first).bind(window.last).bind(window.begins).bind(window.ends);
        query.bind(window.begins - ELSEWHERE).bind(window.ends + ELSEWHERE).fetch_all(c).await?
    });
    let found = |row: SilentRow| Found {
        kind: Kind::Inactive,
        person: row.person_id,
        curator: row.curator_id,
        district: row.district_id,
        first: window.first,
        last: window.last,
        files: row.files,
        requests: row.requests,
    };
    Ok(rows.into_iter().map(found).collect())
}

/// Whose last reminder lies from `first` to `last`, unless a record speaks of that day already (PT-D46).
pub(super) async fn ending(
    tx: &mut Tx,
    place: &Place<'_>,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Found>, StorageError> {
    const SQL: &str = concat!(
        "WITH ending AS (SELECT s.person_id, MAX(s.ends_on) AS ends_on FROM series s
            WHERE s.kind <> 'curator_reminder' AND s.ends_on BETWEEN $4 AND $5 GROUP BY s.person_id)
        SELECT c.person_id, c.curator_id, c.district_id, e.ends_on
        FROM ending e JOIN citizens c ON c.person_id = e.person_id",
        place!(),
        " AND NOT EXISTS (SELECT 1 FROM series s WHERE s.person_id = e.person_id AND s.kind <> 'curator_reminder'
            AND s.ends_on > $5)
          AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.person_id = e.person_id AND a.kind = 'no_assignments_2_days'
            AND a.last_date = e.ends_on)
        ORDER BY c.person_id"
    );
    let rows: Vec<(PersonId, Option<PersonId>, Option<DistrictId>, NaiveDate)> = on_backend!(tx, |c| {
        let query = sqlx::query_as(SQL).bind(place.zone).bind(place.house).bind(place.day);
        query.bind(first).bind(last).fetch_all(c).await?
    });
    let found = |(person, curator, district, day)| Found {
        kind: Kind::NoAssignments,
        person,
        curator,
        district,
        first: day,
        last: day,
        files: 0,
        requests: 0,
    };
    Ok(rows.into_iter().map(found).collect())
}

/// Writes records unless their causes have one; tells how many are new.
pub(super) async fn insert(tx: &mut Tx, records: &[(ActivityId, &Found)], now: Timestamp) -> Result<u64, StorageError> {
    let mut written = 0;
    for some in records.chunks(ROWS_A_STATEMENT) {
        written += on_backend!(tx, |c| {
            let mut sql = QueryBuilder::new(
                "INSERT INTO activity (id, kind, person_id, curator_id, district_id, cause, first_date, last_date,
                 files_sent, requests_sent, created_at) ",
            );
            sql.push_values(some, |mut row, (id, found)| {
                row.push_bind(*id).push_bind(found.kind).push_bind(found.person).push_bind(found.curator);
                row.push_bind(found.district).push_bind(found.cause()).push_bind(found.first).push_bind(found.last);
                row.push_bind(found.files).push_bind(found.requests).push_bind(now);
            });
            sql.push(" ON CONFLICT (cause) DO NOTHING");
            sql.build().persistent(false).execute(c).await?.rows_affected()
        });
    }
    Ok(written)
}
