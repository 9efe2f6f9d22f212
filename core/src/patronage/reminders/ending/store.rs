//! SQL of the column `series.ends_on`.

use chrono::NaiveDate;
use sqlx::QueryBuilder;

use super::Unknown;
use crate::{
    foundation::{db::Tx, errors::StorageError, ids::SeriesId},
    on_backend,
    patronage::reminders::{
        due::obstacles,
        series::{
            Series,
            store::{SeriesRow, columns},
        },
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
    let limit = i64::from(limit);
    let rows: Vec<UnknownRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(limit).fetch_all(c).await?);
    let series = rows
        .into_iter()
        .map(|row| Ok((Series::try_from(row.series)?, row.last_stored)))
        .collect::<Result<Vec<_>, StorageError>>()?;
    let ids: Vec<SeriesId> = series.iter().map(|(it, _)| it.id).collect();
    let mut obstacles = obstacles(tx, &ids).await?;
    let known = series.into_iter().map(|(series, last_stored)| {
        let (exclusions, taken) = obstacles.remove(&series.id).unwrap_or_default();
        Unknown { series, exclusions, taken, last_stored }
    });
    Ok(known.collect())
}

/// Rows of one statement at most.
const ROWS_A_STATEMENT: usize = 500;

/// Notes where series end, as of these versions; one changed meanwhile stays unknown.
pub(super) async fn set_last_dates(
    tx: &mut Tx,
    ends: &[(SeriesId, i64, Option<NaiveDate>)],
) -> Result<u64, StorageError> {
    let mut noted = 0;
    for some in ends.chunks(ROWS_A_STATEMENT) {
        noted += on_backend!(tx, |c| {
            let mut sql =
                QueryBuilder::new("UPDATE series SET ends_on = v.column3, ends_on_version = v.column2 FROM (");
            sql.push_values(some, |mut row, (id, version, last)| {
                row.push_bind(*id).push_bind(*version).push_bind(*last);
            });
            // SQLite would walk through all series to meet the few: the list of ids tells it not to.
            sql.push(") AS v WHERE series.id = v.column1 AND series.version = v.column2 AND series.id IN (");
            let mut list = sql.separated(", ");
            for (id, ..) in some {
                list.push_bind(*id);
            }
            list.push_unseparated(")");
            sql.build().persistent(false).execute(c).await?.rows_affected()
        });
    }
    Ok(noted)
}
