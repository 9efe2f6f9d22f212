//! What lies ahead of many citizens.

use chrono::{Days, NaiveDate, NaiveTime};

use crate::{
    foundation::{db::Tx, errors::StorageError, ids::PersonId},
    on_backend,
    patronage::reminders::series::{Series, store::SeriesRow},
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
    let sql = match whose {
        Whose::Everybody => EVERYBODY,
        Whose::OfCurator(_) => OF_CURATOR,
        Whose::OfCitizen(_) => OF_CITIZEN,
    };
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

/// Meetings from `first` to `last` whose message went already: the cursors have left them behind.
pub(super) async fn announced_meetings(
    tx: &mut Tx,
    whose: Whose,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<(NaiveDate, i64)>, StorageError> {
    macro_rules! sql {
        ($whose:literal) => {
            concat!(
                "SELECT o.local_date, COUNT(*) FROM occurrences o JOIN citizens c ON c.person_id = o.person_id
                  WHERE o.kind = 'meeting' AND o.local_date BETWEEN $1 AND $2 AND o.state <> 'cancelled'
                      AND c.deleted_at IS NULL ",
                $whose,
                " GROUP BY o.local_date"
            )
        };
    }
    const EVERYBODY: &str = sql!("");
    const OF_CURATOR: &str = sql!("AND c.curator_id = $3");
    const OF_CITIZEN: &str = sql!("AND o.person_id = $3");
    let sql = match whose {
        Whose::Everybody => EVERYBODY,
        Whose::OfCurator(_) => OF_CURATOR,
        Whose::OfCitizen(_) => OF_CITIZEN,
    };
    Ok(on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(first).bind(last);
        match whose.id() {
            Some(id) => query.bind(id).fetch_all(c).await?,
            None => query.fetch_all(c).await?,
        }
    }))
}
