//! Meetings of many citizens.

use chrono::NaiveDate;

use crate::{
    foundation::{
        db::Tx,
        errors::StorageError,
        ids::{PersonId, SeriesId},
    },
    on_backend,
    patronage::reminders::{
        exclusions::Exclusions,
        series::{
            Series,
            store::{SeriesRow, columns, grouped},
        },
    },
};

/// The series of meetings that may have dates from `first` to `last`, with their exclusions; only those of a curator's citizens,
/// if one is given.
pub async fn series_between(
    tx: &mut Tx,
    first: NaiveDate,
    last: NaiveDate,
    curator: Option<PersonId>,
) -> Result<Vec<(Series, Exclusions)>, StorageError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM series s JOIN citizens c ON c.person_id = s.person_id
          WHERE s.kind = 'meeting' AND s.last_date >= $1 AND s.start_date <= $2
              AND c.deleted_at IS NULL AND ($3 IS NULL OR c.curator_id = $3)"
    );
    const EXCLUSIONS: &str = "SELECT e.series_id, e.first_date, e.last_date
        FROM series s JOIN exclusions e ON e.series_id = s.id
        WHERE s.kind = 'meeting' AND s.last_date >= $1 AND s.start_date <= $2";
    let rows: Vec<SeriesRow> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(first).bind(last).bind(curator).fetch_all(c).await?);
    let ranges: Vec<(SeriesId, NaiveDate, NaiveDate)> =
        on_backend!(tx, |c| sqlx::query_as(EXCLUSIONS).bind(first).bind(last).fetch_all(c).await?);
    let mut exclusions = grouped(ranges);
    let with = |row: SeriesRow| {
        let series = Series::try_from(row)?;
        let excluded = exclusions.remove(&series.id).unwrap_or_default();
        Ok((series, excluded))
    };
    rows.into_iter().map(with).collect()
}
