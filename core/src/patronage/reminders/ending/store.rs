//! SQL of the column `series.ends_on`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::QueryBuilder;

use super::Unknown;
use crate::{
    foundation::{db::Tx, errors::StorageError, ids::SeriesId},
    on_backend,
    patronage::reminders::series::{
        Series,
        store::{SeriesRow, columns, grouped},
    },
};

#[derive(sqlx::FromRow)]
struct UnknownRow {
    #[sqlx(flatten)]
    series: SeriesRow,
    last_stored: Option<NaiveDate>,
}

/// Series whose end was not worked out since they changed last.
pub(super) async fn without_last_date(tx: &mut Tx, limit: u32) -> Result<Vec<Unknown>, StorageError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        ", CASE WHEN s.next_due_at IS NULL THEN (SELECT MAX(o.local_date) FROM occurrences o WHERE o.series_id = s.id
            AND o.state <> 'cancelled') END AS last_stored
          FROM series s WHERE s.ends_on_version <> s.version ORDER BY s.id LIMIT $1"
    );
    const RANGES: &str = "SELECT e.series_id, e.first_date, e.last_date
        FROM (SELECT id FROM series WHERE ends_on_version <> version ORDER BY id LIMIT $1) s
        JOIN exclusions e ON e.series_id = s.id";
    const TAKEN: &str = "SELECT o.series_id, o.ordinal
        FROM (SELECT id, next_ordinal FROM series WHERE ends_on_version <> version ORDER BY id LIMIT $1) s
        JOIN occurrences o ON o.series_id = s.id AND o.ordinal > s.next_ordinal";
    let limit = i64::from(limit);
    let rows: Vec<UnknownRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(limit).fetch_all(c).await?);
    let ranges: Vec<(SeriesId, NaiveDate, NaiveDate)> =
        on_backend!(tx, |c| sqlx::query_as(RANGES).bind(limit).fetch_all(c).await?);
    let taken: Vec<(SeriesId, i64)> = on_backend!(tx, |c| sqlx::query_as(TAKEN).bind(limit).fetch_all(c).await?);
    let mut exclusions = grouped(ranges);
    let mut ordinals: BTreeMap<SeriesId, Vec<u32>> = BTreeMap::new();
    for (series, ordinal) in taken {
        ordinals.entry(series).or_default().extend(u32::try_from(ordinal));
    }
    rows.into_iter()
        .map(|row| {
            let series = Series::try_from(row.series)?;
            Ok(Unknown {
                exclusions: exclusions.remove(&series.id).unwrap_or_default(),
                taken: ordinals.remove(&series.id).into_iter().flatten().collect(),
                last_stored: row.last_stored,
                series,
            })
        })
        .collect()
}

/// Notes where series end, as of these versions; one changed meanwhile stays unknown.
pub(super) async fn set_last_dates(
    tx: &mut Tx,
    ends: &[(SeriesId, i64, Option<NaiveDate>)],
) -> Result<u64, StorageError> {
    Ok(on_backend!(tx, |c| {
        let mut sql = QueryBuilder::new("UPDATE series SET ends_on = v.column3, ends_on_version = v.column2 FROM (");
        sql.push_values(ends, |mut row, (id, version, last)| {
            row.push_bind(*id).push_bind(*version).push_bind(*last);
        });
        sql.push(") AS v WHERE series.id = v.column1 AND series.version = v.column2");
        sql.build().persistent(false).execute(c).await?.rows_affected()
    }))
}
