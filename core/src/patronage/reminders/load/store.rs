//! What lies ahead of many citizens.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};

use crate::{
    foundation::{
        db::Tx,
        errors::StorageError,
        ids::{PersonId, SeriesId},
    },
    on_backend,
    patronage::reminders::{
        exclusions::Exclusions,
        kind::Kind,
        series::{
            Series,
            store::{SeriesRow, grouped},
        },
        state::OccurrenceState,
    },
};

/// Whose reminders are counted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Whose {
    /// Everybody's.
    Everybody,
    /// Those of this curator's citizens.
    OfCurator(PersonId),
    /// Those of this citizen.
    OfCitizen(PersonId),
}

impl Whose {
    fn id(self) -> Option<PersonId> {
        match self {
            Self::Everybody => None,
            Self::OfCurator(id) | Self::OfCitizen(id) => Some(id),
        }
    }

    /// The statement for them.
    fn choose(self, everybody: &'static str, of_curator: &'static str, of_citizen: &'static str) -> &'static str {
        match self {
            Self::Everybody => everybody,
            Self::OfCurator(_) => of_curator,
            Self::OfCitizen(_) => of_citizen,
        }
    }
}

/// A rule without its text, which nobody reads here.
macro_rules! rules {
    ($from:literal, $whose:literal) => {
        concat!(
            "SELECT s.id, s.person_id, s.kind, '' AS text, s.repetition, s.every, s.weekdays, s.month_day, s.start_date,
                s.local_time, s.times, s.end_date, s.advance_minutes, s.version, s.ended_at, s.next_ordinal, s.next_date,
                s.next_due_at FROM ",
            $from,
            " WHERE s.next_date <= $1 ",
            $whose,
            " LIMIT $2"
        )
    };
}

/// The series that may have something ahead until `last`, `limit` at most. Everybody's are found by what comes due, a curator's and
/// a citizen's by the person.
pub(super) async fn series(
    tx: &mut Tx,
    whose: Whose,
    last: NaiveDate,
    limit: usize,
) -> Result<Vec<Series>, StorageError> {
    const EVERYBODY: &str = rules!("series s", "AND s.next_due_at < $3");
    const OF_CURATOR: &str = rules!(
        "citizens c JOIN series s ON s.person_id = c.person_id",
        "AND c.curator_id = $3 AND c.deleted_at IS NULL"
    );
    const OF_CITIZEN: &str = rules!("series s", "AND s.person_id = $3");
    let sql = whose.choose(EVERYBODY, OF_CURATOR, OF_CITIZEN);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // By now the day is over everywhere.
    let end = (last + Days::new(2)).and_time(NaiveTime::MIN).and_utc();
    let rows: Vec<SeriesRow> = on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(last).bind(limit);
        match whose.id() {
            Some(id) => query.bind(id).fetch_all(c).await?,
            None => query.bind(end).fetch_all(c).await?,
        }
    });
    rows.into_iter().map(Series::try_from).collect()
}

/// A reminder of these days that is stored already.
#[derive(sqlx::FromRow)]
pub(super) struct Stored {
    pub series_id: SeriesId,
    ordinal: i64,
    pub kind: Kind,
    pub local_date: NaiveDate,
    pub state: OccurrenceState,
}

impl Stored {
    pub(super) fn ordinal(&self) -> Option<u32> {
        u32::try_from(self.ordinal).ok()
    }
}

/// Reminders from `first` to `last` of which something was said: of everybody's those that were deleted or moved away, and meetings
/// that were announced.
pub(super) async fn stored(
    tx: &mut Tx,
    whose: Whose,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Stored>, StorageError> {
    const EVERYBODY: &str = "SELECT o.series_id, o.ordinal, 'information' AS kind, o.local_date, 'cancelled' AS state
            FROM occurrences o WHERE o.state = 'cancelled' AND o.local_date BETWEEN $1 AND $2
        UNION ALL SELECT o.series_id, o.ordinal, o.kind, o.local_date, o.state
            FROM occurrences o JOIN citizens c ON c.person_id = o.person_id
            WHERE o.kind = 'meeting' AND o.local_date BETWEEN $1 AND $2 AND o.state <> 'cancelled' AND c.deleted_at IS NULL";
    const OF_CURATOR: &str = "SELECT o.series_id, o.ordinal, o.kind, o.local_date, o.state
        FROM citizens c JOIN occurrences o ON o.person_id = c.person_id AND o.local_date BETWEEN $1 AND $2
        WHERE c.curator_id = $3 AND c.deleted_at IS NULL";
    const OF_CITIZEN: &str = "SELECT o.series_id, o.ordinal, o.kind, o.local_date, o.state
        FROM occurrences o WHERE o.person_id = $3 AND o.local_date BETWEEN $1 AND $2";
    let sql = whose.choose(EVERYBODY, OF_CURATOR, OF_CITIZEN);
    Ok(on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(first).bind(last);
        match whose.id() {
            Some(id) => query.bind(id).fetch_all(c).await?,
            None => query.fetch_all(c).await?,
        }
    }))
}

/// Exclusions that touch the days from `first` to `last`.
pub(super) async fn exclusions(
    tx: &mut Tx,
    whose: Whose,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<BTreeMap<SeriesId, Exclusions>, StorageError> {
    const EVERYBODY: &str = "SELECT e.series_id, e.first_date, e.last_date FROM exclusions e
        WHERE e.last_date >= $1 AND e.first_date <= $2";
    const OF_CURATOR: &str = "SELECT e.series_id, e.first_date, e.last_date
        FROM citizens c JOIN series s ON s.person_id = c.person_id JOIN exclusions e ON e.series_id = s.id
        WHERE e.last_date >= $1 AND e.first_date <= $2 AND s.next_date <= $2
            AND c.curator_id = $3 AND c.deleted_at IS NULL";
    const OF_CITIZEN: &str = "SELECT e.series_id, e.first_date, e.last_date
        FROM series s JOIN exclusions e ON e.series_id = s.id
        WHERE e.last_date >= $1 AND e.first_date <= $2 AND s.next_date <= $2 AND s.person_id = $3";
    let sql = whose.choose(EVERYBODY, OF_CURATOR, OF_CITIZEN);
    let ranges = on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(first).bind(last);
        match whose.id() {
            Some(id) => query.bind(id).fetch_all(c).await?,
            None => query.fetch_all(c).await?,
        }
    });
    Ok(grouped(ranges))
}
