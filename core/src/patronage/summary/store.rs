//! SQL of the daily tallies, and of one citizen's figures.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::QueryBuilder;

use super::{Measure, tally::Counted};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{DistrictId, OccurrenceId, PersonId},
    },
    on_backend,
    patronage::reminders::{OccurrenceState, Reason},
};

/// Rows of one statement at most.
const ROWS_A_STATEMENT: usize = 2000;

/// A reminder, as far as it is counted.
#[derive(sqlx::FromRow)]
pub(super) struct TallyRow {
    pub id: OccurrenceId,
    pub local_date: NaiveDate,
    pub state: OccurrenceState,
    pub reason: Option<Reason>,
    pub delivered_at: Option<Timestamp>,
    pub reacted_at: Option<Timestamp>,
    pub reacted_by: Option<String>,
    pub curator_id: Option<PersonId>,
    pub district_id: Option<DistrictId>,
}

/// Numbers of one curator.
#[derive(sqlx::FromRow)]
pub(super) struct CuratorRow {
    pub surname: Option<String>,
    pub name: Option<String>,
    pub patronymic: Option<String>,
    pub measure: Measure,
    pub number: i64,
}

/// Reminders of one citizen's day that ended alike.
#[derive(sqlx::FromRow)]
pub(super) struct CitizenRow {
    pub local_date: NaiveDate,
    pub state: OccurrenceState,
    pub reason: Option<Reason>,
    pub number: i64,
}

/// Reminders in the order of their ids.
pub(super) async fn rows_after(tx: &mut Tx, after: OccurrenceId, limit: i64) -> Result<Vec<TallyRow>, StorageError> {
    const SQL: &str = "SELECT o.id, o.local_date, o.state, o.reason, o.delivered_at, o.reacted_at, o.reacted_by,
            c.curator_id, c.district_id
        FROM occurrences o JOIN citizens c ON c.person_id = o.person_id
        WHERE o.id > $1 AND o.kind <> 'curator_reminder' ORDER BY o.id LIMIT $2";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(after).bind(limit).fetch_all(c).await?))
}

/// The days from `first` on that were counted.
pub(super) async fn counted_days(tx: &mut Tx, first: NaiveDate) -> Result<BTreeSet<NaiveDate>, StorageError> {
    const SQL: &str = "SELECT day FROM tally_days WHERE day >= $1";
    let days: Vec<NaiveDate> = on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(first).fetch_all(c).await?);
    Ok(days.into_iter().collect())
}

/// The last day that was counted.
pub(super) async fn counted_until(tx: &mut Tx) -> Result<Option<NaiveDate>, StorageError> {
    const SQL: &str = "SELECT max(day) FROM tally_days";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await?))
}

/// Writes what was counted of `days` in the place of what was known of them.
pub(super) async fn write(
    tx: &mut Tx,
    days: &BTreeSet<NaiveDate>,
    counted: &Counted,
    now: Timestamp,
) -> Result<(), StorageError> {
    const FORGET: &str = "DELETE FROM tallies WHERE day = $1";
    const NOTE: &str = "INSERT INTO tally_days (day, counted_at) VALUES ($1, $2)
        ON CONFLICT (day) DO UPDATE SET counted_at = excluded.counted_at";
    for day in days {
        on_backend!(tx, |c| {
            sqlx::query(FORGET).bind(day).execute(&mut *c).await?;
            sqlx::query(NOTE).bind(day).bind(now).execute(c).await.map(drop)?;
        });
    }
    let rows: Vec<_> = counted.iter().collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on_backend!(tx, |c| {
            let mut builder = QueryBuilder::new("INSERT INTO tallies (day, curator_id, district_id, measure, number) ");
            builder.push_values(some, |mut row, ((day, curator, district, measure), number)| {
                row.push_bind(*day).push_bind(*curator).push_bind(*district).push_bind(*measure).push_bind(**number);
            });
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}

/// Numbers by day: of everybody, or of one curator's citizens.
pub(super) async fn by_day(
    tx: &mut Tx,
    curator: Option<PersonId>,
    first: NaiveDate,
) -> Result<Vec<(NaiveDate, Measure, i64)>, StorageError> {
    const ALL: &str = "SELECT day, measure, CAST(SUM(number) AS BIGINT) AS number FROM tallies
        WHERE day >= $1 GROUP BY day, measure";
    const OWN: &str = "SELECT day, measure, CAST(SUM(number) AS BIGINT) AS number FROM tallies
        WHERE day >= $1 AND curator_id = $2 GROUP BY day, measure";
    Ok(match curator {
        None => on_backend!(tx, |c| sqlx::query_as(ALL).bind(first).fetch_all(c).await?),
        Some(me) => on_backend!(tx, |c| sqlx::query_as(OWN).bind(first).bind(me).fetch_all(c).await?),
    })
}

/// Numbers by curator.
pub(super) async fn by_curator(tx: &mut Tx, first: NaiveDate) -> Result<Vec<CuratorRow>, StorageError> {
    const SQL: &str = "SELECT p.surname, p.name, p.patronymic, t.measure, CAST(SUM(t.number) AS BIGINT) AS number
        FROM tallies t LEFT JOIN persons p ON p.id = t.curator_id WHERE t.day >= $1
        GROUP BY t.curator_id, p.surname, p.name, p.patronymic, t.measure";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(first).fetch_all(c).await?))
}

/// Numbers by district.
pub(super) async fn by_district(
    tx: &mut Tx,
    first: NaiveDate,
) -> Result<Vec<(Option<String>, Measure, i64)>, StorageError> {
    const SQL: &str = "SELECT d.name, t.measure, CAST(SUM(t.number) AS BIGINT) AS number
        FROM tallies t LEFT JOIN districts d ON d.id = t.district_id WHERE t.day >= $1 GROUP BY d.name, t.measure";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(first).fetch_all(c).await?))
}

/// How one citizen's reminders ended, by day.
pub(super) async fn of_citizen(
    tx: &mut Tx,
    person: PersonId,
    first: NaiveDate,
) -> Result<Vec<CitizenRow>, StorageError> {
    const SQL: &str = "SELECT local_date, state, reason, COUNT(*) AS number FROM occurrences
        WHERE person_id = $1 AND local_date >= $2 AND kind <> 'curator_reminder' GROUP BY local_date, state, reason";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).bind(first).fetch_all(c).await?))
}
