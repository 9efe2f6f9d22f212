//! SQL of what comes due. The index `series_due` answers, so the cost grows with what is due, never with what exists.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use sqlx::QueryBuilder;

use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx},
        errors::StorageError,
        ids::{OccurrenceId, PersonId, SeriesId},
        rows,
    },
    messaging::messenger::Messenger,
    on_backend,
    patronage::reminders::{
        exclusions::Exclusions,
        kind::Kind,
        series::{
            Cursor, Series, Zones,
            store::{SeriesRow, columns, grouped, zones},
        },
    },
};

/// Rows of one statement at most. Such statements differ in length and are not worth keeping prepared.
const ROWS_A_STATEMENT: usize = 2000;

/// A series that came due.
#[derive(Debug, Clone)]
pub struct Due {
    /// The series; its cursor says which occurrence.
    pub series: Series,
    /// The zones of its citizen.
    pub zones: Zones,
    /// Whether the card was deleted.
    pub is_deleted: bool,
    /// Whether its cursor may have to step over something; see [`obstacles`].
    pub has_obstacles: bool,
    /// The live links of the citizen.
    pub links: Vec<Link>,
}

/// A live link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// In which messenger.
    pub messenger: Messenger,
    /// Where to write.
    pub chat: String,
    /// Whether the citizen has blocked us there.
    pub is_blocked: bool,
}

#[derive(sqlx::FromRow)]
struct DueRow {
    #[sqlx(flatten)]
    series: SeriesRow,
    person_zone: Option<String>,
    district_zone: Option<String>,
    curator_zone: Option<String>,
    deleted_at: Option<Timestamp>,
    has_obstacles: bool,
    messenger: Option<Messenger>,
    chat: Option<String>,
    link_state: Option<String>,
}

impl DueRow {
    fn link(&mut self) -> Option<Link> {
        let is_blocked = self.link_state.as_deref() == Some("blocked");
        Some(Link { messenger: self.messenger?, chat: self.chat.take()?, is_blocked })
    }
}

/// Takes the series that are due, the longest waiting first, and holds them until the transaction ends. On PostgreSQL those
/// that another worker holds are left to it.
pub async fn claim(tx: &mut Tx, house: Tz, now: Timestamp, limit: u32) -> Result<Vec<Due>, StorageError> {
    macro_rules! claim {
        ($lock:literal) => {
            concat!(
                "WITH due AS (SELECT s.* FROM series s WHERE s.next_due_at <= $1 ORDER BY s.next_due_at, s.id LIMIT $2",
                $lock,
                ") SELECT ",
                columns!(),
                ", p.time_zone AS person_zone, d.time_zone AS district_zone, kd.time_zone AS curator_zone, c.deleted_at,
                    EXISTS (SELECT 1 FROM exclusions e WHERE e.series_id = s.id) OR EXISTS (SELECT 1 FROM occurrences o
                        WHERE o.series_id = s.id AND o.ordinal > s.next_ordinal) AS has_obstacles,
                    l.messenger, l.chat, l.state AS link_state
                FROM due s
                JOIN citizens c ON c.person_id = s.person_id
                JOIN persons p ON p.id = s.person_id
                LEFT JOIN districts d ON d.id = c.district_id
                LEFT JOIN curators k ON k.person_id = c.curator_id
                LEFT JOIN districts kd ON kd.id = k.district_id
                LEFT JOIN links l ON l.person_id = s.person_id AND l.state <> 'unlinked'"
            )
        };
    }
    const SQL: Sql = Sql { sqlite: claim!(""), postgres: claim!(" FOR UPDATE SKIP LOCKED") };
    let sql = SQL.of(tx);
    let mut rows: Vec<DueRow> =
        on_backend!(tx, |c| sqlx::query_as(sql).bind(now).bind(i64::from(limit)).fetch_all(c).await?);
    // The database would copy these wide rows into a heap of its own to sort them.
    rows.sort_by_key(|row| (row.series.place(), row.messenger.map(Messenger::name)));
    by_series(rows, house)
}

/// One row per link becomes one entry per series.
fn by_series(rows: Vec<DueRow>, house: Tz) -> Result<Vec<Due>, StorageError> {
    let mut found: Vec<Due> = Vec::with_capacity(rows.len());
    for mut row in rows {
        let link = row.link();
        let zones = zones(house, row.person_zone.as_deref(), row.district_zone.as_deref(), row.curator_zone.as_deref());
        let series = Series::try_from(row.series)?;
        match found.last_mut() {
            Some(last) if last.series.id == series.id => last.links.extend(link),
            _ => found.push(Due {
                series,
                zones,
                is_deleted: row.deleted_at.is_some(),
                has_obstacles: row.has_obstacles,
                links: link.into_iter().collect(),
            }),
        }
    }
    Ok(found)
}

/// What the cursors of these series must step over: exclusions, and ordinals that have rows already.
pub async fn obstacles(
    tx: &mut Tx,
    series: &[SeriesId],
) -> Result<BTreeMap<SeriesId, (Exclusions, BTreeSet<u32>)>, StorageError> {
    const RANGES: &str = "SELECT series_id, first_date, last_date FROM exclusions WHERE series_id IN (";
    // Detached and deleted ones lie at or behind the cursor's place; what was sent lies before it.
    const TAKEN: &str = "SELECT o.series_id, o.ordinal FROM series s
        JOIN occurrences o ON o.series_id = s.id AND o.ordinal > s.next_ordinal WHERE s.id IN (";
    let mut ranges: Vec<(SeriesId, NaiveDate, NaiveDate)> = Vec::new();
    let mut taken: Vec<(SeriesId, i64)> = Vec::new();
    for some in series.chunks(ROWS_A_STATEMENT) {
        on_backend!(tx, |c| {
            let found: Vec<(SeriesId, NaiveDate, NaiveDate)> =
                listed(RANGES, some).build_query_as().persistent(false).fetch_all(&mut *c).await?;
            ranges.extend(found);
            let found: Vec<(SeriesId, i64)> =
                listed(TAKEN, some).build_query_as().persistent(false).fetch_all(c).await?;
            taken.extend(found);
        });
    }
    let mut found: BTreeMap<SeriesId, (Exclusions, BTreeSet<u32>)> = BTreeMap::new();
    for (series, exclusions) in grouped(ranges) {
        found.entry(series).or_default().0 = exclusions;
    }
    for (series, ordinal) in taken {
        found.entry(series).or_default().1.extend(u32::try_from(ordinal));
    }
    Ok(found)
}

/// A statement that ends with a list of these ids.
fn listed<DB>(head: &'static str, ids: &[SeriesId]) -> QueryBuilder<DB>
where
    DB: sqlx::Database,
    SeriesId: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
{
    let mut builder = QueryBuilder::new(head);
    let mut list = builder.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    builder.push(")");
    builder
}

/// Moves the cursors of series that this transaction holds.
pub async fn advance(tx: &mut Tx, moves: &[(SeriesId, Option<Cursor>)]) -> Result<u64, StorageError> {
    const SQL: Sql = Sql {
        sqlite: "UPDATE series SET next_ordinal = r.ordinal, next_date = r.date, next_due_at = r.due_at
            FROM (SELECT unhex(value ->> 0) AS id, value ->> 1 AS ordinal, value ->> 2 AS date, value ->> 3 AS due_at
                FROM json_each($1)) AS r
            WHERE series.id = r.id",
        // The list of ids keeps the planner from walking through all series to meet the few.
        postgres: "UPDATE series SET next_ordinal = r.ordinal, next_date = r.date, next_due_at = r.due_at
            FROM (SELECT CAST(value ->> 0 AS uuid) AS id, CAST(value ->> 1 AS bigint) AS ordinal,
                    CAST(value ->> 2 AS date) AS date, CAST(value ->> 3 AS timestamptz) AS due_at
                FROM jsonb_array_elements(CAST($1 AS jsonb))) AS r
            WHERE series.id = r.id
                AND series.id = ANY(ARRAY(SELECT CAST(value ->> 0 AS uuid) FROM jsonb_array_elements(CAST($1 AS jsonb))))",
    };
    let rows: Vec<_> = moves
        .iter()
        .map(|(id, next)| {
            let due_at = next.map(|next| rows::text(next.due_at));
            (id.0.simple(), next.map(|next| next.ordinal), next.map(|next| next.date), due_at)
        })
        .collect();
    let (sql, rows) = (SQL.of(tx), rows::json(&rows));
    Ok(on_backend!(tx, |c| sqlx::query(sql).bind(rows).execute(c).await?.rows_affected()))
}

/// The earliest due moment.
pub async fn next_moment(tx: &mut Tx) -> Result<Option<Timestamp>, StorageError> {
    const SQL: &str = "SELECT next_due_at FROM series WHERE next_due_at IS NOT NULL ORDER BY next_due_at, id LIMIT 1";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).fetch_optional(c).await?))
}

/// A reminder that was too late and of which the curator was not told yet.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TooLate {
    /// Its row.
    pub id: OccurrenceId,
    /// Whose.
    pub person_id: PersonId,
    /// The curator at present.
    pub curator_id: Option<PersonId>,
    /// What it was about.
    pub kind: Kind,
    /// Local date.
    pub local_date: NaiveDate,
    /// Local time.
    pub local_time: NaiveTime,
    /// When it should have been.
    pub due_at: Timestamp,
}

/// Takes everything that curators are to be told of; nobody takes it twice.
pub async fn take_too_late(tx: &mut Tx) -> Result<Vec<TooLate>, StorageError> {
    const SQL: &str = "UPDATE occurrences SET summary_pending = $1 WHERE summary_pending
        RETURNING id, person_id, kind, local_date, local_time, due_at,
            (SELECT c.curator_id FROM citizens c WHERE c.person_id = occurrences.person_id) AS curator_id";
    let mut taken: Vec<TooLate> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(false).fetch_all(c).await?);
    taken.sort_by_key(|it| (it.due_at, it.id));
    Ok(taken)
}
