//! SQL of the table `occurrences`.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};
use sqlx::QueryBuilder;

use super::Occurrence;
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{OccurrenceId, PersonId, SeriesId},
        rows::push_if_any,
    },
    on_backend,
    patronage::reminders::{
        kind::Kind,
        state::{OccurrenceState, Reason},
    },
    people::access::Author,
};

/// The columns of an [`OccurrenceRow`], of the table called `o`.
macro_rules! columns {
    () => {
        "o.id, o.series_id, o.ordinal, o.person_id, o.kind, o.local_date, o.local_time, o.due_at, o.text, o.state, o.reason,
         o.delivered_at, o.reacted_at, o.reacted_by, o.summary_pending"
    };
}

/// What makes the reminder `o` a deviation (PT-104, PT-250, PT-D48): every list of them says it with these words. Those unanswered
/// count when they have waited since before the given parameter.
macro_rules! is_deviation {
    ($waiting_since:literal) => {
        concat!(
            " o.state IN ('awaiting', 'missed', 'undelivered') AND o.kind <> 'curator_reminder'
              AND (o.state <> 'awaiting' OR (o.due_at <= ",
            $waiting_since,
            " AND (o.delivered_at IS NULL OR o.delivered_at <= ",
            $waiting_since,
            "))) "
        )
    };
}
pub(in crate::patronage) use is_deviation;

/// Deviations of one person, up to the comparison of their place.
macro_rules! deviating {
    () => {
        concat!(" FROM occurrences o WHERE o.person_id = $1 AND ", is_deviation!("$2"), " AND (o.due_at, o.id) ")
    };
}

#[derive(Debug, sqlx::FromRow)]
struct OccurrenceRow {
    id: OccurrenceId,
    series_id: SeriesId,
    ordinal: i64,
    person_id: PersonId,
    kind: Kind,
    local_date: NaiveDate,
    local_time: NaiveTime,
    due_at: Timestamp,
    text: String,
    state: OccurrenceState,
    reason: Option<Reason>,
    delivered_at: Option<Timestamp>,
    reacted_at: Option<Timestamp>,
    reacted_by: Option<String>,
    summary_pending: bool,
}

impl TryFrom<OccurrenceRow> for Occurrence {
    type Error = StorageError;

    fn try_from(row: OccurrenceRow) -> Result<Self, StorageError> {
        let wrong = |column| StorageError::Inconsistent { table: "occurrences", column, id: row.id.to_string() };
        let ordinal = u32::try_from(row.ordinal).map_err(|_| wrong("ordinal"))?;
        let reacted_by: Option<Author> =
            row.reacted_by.as_deref().map(str::parse).transpose().map_err(|_| wrong("reacted_by"))?;
        Ok(Self {
            id: row.id,
            series: row.series_id,
            ordinal,
            person: row.person_id,
            kind: row.kind,
            date: row.local_date,
            time: row.local_time,
            due_at: row.due_at,
            text: row.text,
            state: row.state,
            reason: row.reason,
            delivered_at: row.delivered_at,
            reacted_at: row.reacted_at,
            reacted_by,
            summary_pending: row.summary_pending,
        })
    }
}

fn all(rows: Vec<OccurrenceRow>) -> Result<Vec<Occurrence>, StorageError> {
    rows.into_iter().map(Occurrence::try_from).collect()
}

/// Rows of one statement at most: SQLite takes 32 766 values, PostgreSQL 65 535.
const ROWS_A_STATEMENT: usize = 2000;

/// Adds occurrences.
pub async fn insert(tx: &mut Tx, occurrences: &[Occurrence]) -> Result<(), StorageError> {
    const HEAD: &str =
        "INSERT INTO occurrences (id, series_id, ordinal, person_id, kind, local_date, local_time, due_at,
        text, state, reason, delivered_at, reacted_at, reacted_by, summary_pending) ";
    for some in occurrences.chunks(ROWS_A_STATEMENT) {
        on_backend!(tx, |c| {
            let mut builder = QueryBuilder::new(HEAD);
            builder.push_values(some, |mut row, it| {
                row.push_bind(it.id).push_bind(it.series).push_bind(i64::from(it.ordinal)).push_bind(it.person);
                row.push_bind(it.kind).push_bind(it.date).push_bind(it.time).push_bind(it.due_at).push_bind(&it.text);
                row.push_bind(it.state);
                push_if_any(&mut row, it.reason);
                push_if_any(&mut row, it.delivered_at);
                push_if_any(&mut row, it.reacted_at);
                push_if_any(&mut row, it.reacted_by.map(|author| author.to_string()));
                row.push(if it.summary_pending { "TRUE" } else { "FALSE" });
            });
            builder.build().persistent(false).execute(c).await?;
        });
    }
    Ok(())
}

/// Finds an occurrence.
pub async fn find(tx: &mut Tx, id: OccurrenceId) -> Result<Option<Occurrence>, StorageError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM occurrences o WHERE o.id = $1");
    let row: Option<OccurrenceRow> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(id).fetch_optional(c).await?);
    row.map(Occurrence::try_from).transpose()
}

/// Finds an occurrence by its number.
pub async fn find_nth(tx: &mut Tx, series: SeriesId, ordinal: u32) -> Result<Option<Occurrence>, StorageError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM occurrences o WHERE o.series_id = $1 AND o.ordinal = $2");
    let row: Option<OccurrenceRow> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(series).bind(i64::from(ordinal)).fetch_optional(c).await?);
    row.map(Occurrence::try_from).transpose()
}

/// What is stored of a person's reminders from `first` to `last`.
pub async fn list_between(
    tx: &mut Tx,
    person: PersonId,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<Occurrence>, StorageError> {
    const SQL: &str =
        concat!("SELECT ", columns!(), " FROM occurrences o WHERE o.person_id = $1 AND o.local_date BETWEEN $2 AND $3");
    all(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).bind(first).bind(last).fetch_all(c).await?))
}

/// What is stored of a series from `ordinal` on.
pub async fn list_from(tx: &mut Tx, series: SeriesId, ordinal: u32) -> Result<Vec<Occurrence>, StorageError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM occurrences o WHERE o.series_id = $1 AND o.ordinal >= $2 ORDER BY o.ordinal"
    );
    all(on_backend!(tx, |c| sqlx::query_as(SQL).bind(series).bind(i64::from(ordinal)).fetch_all(c).await?))
}

/// The ordinals of a series from `ordinal` on that are spoken for.
pub async fn taken_from(tx: &mut Tx, series: SeriesId, ordinal: u32) -> Result<BTreeSet<u32>, StorageError> {
    const SQL: &str = "SELECT ordinal FROM occurrences WHERE series_id = $1 AND ordinal >= $2";
    let taken: Vec<i64> =
        on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(series).bind(i64::from(ordinal)).fetch_all(c).await?);
    Ok(taken.into_iter().filter_map(|ordinal| u32::try_from(ordinal).ok()).collect())
}

/// The dates from `first` on of which a series has sent something (or tried to).
pub async fn sent_dates(tx: &mut Tx, series: SeriesId, first: NaiveDate) -> Result<Vec<NaiveDate>, StorageError> {
    const SQL: &str = "SELECT local_date FROM occurrences
        WHERE series_id = $1 AND local_date >= $2 AND state <> 'cancelled' ORDER BY local_date";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(series).bind(first).fetch_all(c).await?))
}

/// Cancels what was claimed for a person and is not confirmed: nobody waits for an answer any more.
pub async fn cancel_unsent(tx: &mut Tx, person: PersonId) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE occurrences SET state = 'cancelled' WHERE person_id = $1 AND state = 'sending'";
    on_backend!(tx, |c| sqlx::query(SQL).bind(person).execute(c).await.map(drop)?);
    Ok(())
}

/// Whether anything is stored of a series.
pub async fn has_any(tx: &mut Tx, series: SeriesId) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT ordinal FROM occurrences WHERE series_id = $1 LIMIT 1";
    let found: Option<i64> = on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(series).fetch_optional(c).await?);
    Ok(found.is_some())
}

/// Writes a citizen's reaction, unless there is one. A press proves that the message arrived, so it counts also where the
/// delivery is not confirmed yet or was given up (PT-D42). `false`: an earlier reaction stands.
pub async fn react(
    tx: &mut Tx,
    id: OccurrenceId,
    state: OccurrenceState,
    by: Author,
    now: Timestamp,
) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE occurrences SET state = $2, reason = NULL, reacted_by = $3, reacted_at = $4,
            delivered_at = COALESCE(delivered_at, $4)
        WHERE id = $1 AND state IN ('awaiting', 'sending', 'undelivered')";
    let rows = on_backend!(tx, |c| {
        sqlx::query(SQL).bind(id).bind(state).bind(by.to_string()).bind(now).execute(c).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// Writes a mark made by hand over the state `from` that was seen.
pub async fn mark(
    tx: &mut Tx,
    id: OccurrenceId,
    from: OccurrenceState,
    to: OccurrenceState,
    by: Option<Author>,
    at: Option<Timestamp>,
) -> Result<bool, StorageError> {
    const SQL: &str = "UPDATE occurrences SET state = $3, reason = NULL, reacted_by = $4, reacted_at = $5 WHERE id = $1 AND state = $2";
    let rows = on_backend!(tx, |c| {
        let query = sqlx::query(SQL).bind(id).bind(from).bind(to).bind(by.map(|author| author.to_string()));
        query.bind(at).execute(c).await?.rows_affected()
    });
    Ok(rows == 1)
}

/// Full names of people, for stamps.
pub async fn full_name(tx: &mut Tx, person: PersonId) -> Result<String, StorageError> {
    const SQL: &str = "SELECT surname, name, patronymic FROM persons WHERE id = $1";
    let row: Option<(String, Option<String>, Option<String>)> =
        on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?);
    let (surname, name, patronymic) =
        row.ok_or(StorageError::Inconsistent { table: "persons", column: "id", id: person.to_string() })?;
    Ok([Some(surname), name, patronymic].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// Which way a list of deviations goes on from a place in it.
#[derive(Debug, Clone, Copy)]
pub enum Beyond {
    /// To older ones than this.
    Older(Timestamp, OccurrenceId),
    /// To newer ones than this, nearest first.
    Newer(Timestamp, OccurrenceId),
}

/// Deviations of a person; waiting ones count when they have waited since before `waiting_since`.
pub async fn deviations(
    tx: &mut Tx,
    person: PersonId,
    waiting_since: Timestamp,
    beyond: Beyond,
    limit: usize,
) -> Result<Vec<Occurrence>, StorageError> {
    const OLDER: &str =
        concat!("SELECT ", columns!(), deviating!(), "< ($3, $4) ORDER BY o.due_at DESC, o.id DESC LIMIT $5");
    const NEWER: &str = concat!("SELECT ", columns!(), deviating!(), "> ($3, $4) ORDER BY o.due_at, o.id LIMIT $5");
    let (sql, due_at, id) = match beyond {
        Beyond::Older(due_at, id) => (OLDER, due_at, id),
        Beyond::Newer(due_at, id) => (NEWER, due_at, id),
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    all(on_backend!(tx, |c| {
        sqlx::query_as(sql).bind(person).bind(waiting_since).bind(due_at).bind(id).bind(limit).fetch_all(c).await?
    }))
}

/// Deviations of these people that came due after `since`, the latest first; waiting ones as in [`deviations`].
pub async fn deviations_since(
    tx: &mut Tx,
    people: &[PersonId],
    since: Timestamp,
    waiting_since: Timestamp,
) -> Result<Vec<Occurrence>, StorageError> {
    const HEAD: &str = concat!(
        ") SELECT ",
        columns!(),
        " FROM occurrences o WHERE o.due_at > (SELECT since FROM asked) AND ",
        is_deviation!("(SELECT waiting_since FROM asked)"),
        " AND o.person_id IN ("
    );
    if people.is_empty() {
        return Ok(Vec::new());
    }
    all(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new("WITH asked (since, waiting_since) AS (SELECT ");
        builder.push_bind(since).push(", ").push_bind(waiting_since).push(HEAD);
        let mut list = builder.separated(", ");
        for person in people {
            list.push_bind(*person);
        }
        list.push_unseparated(") ORDER BY o.due_at DESC, o.id DESC");
        builder.build_query_as().persistent(false).fetch_all(c).await?
    }))
}

/// What is stored of meetings from `first` to `last`; only those of a curator's citizens, if one is given.
pub async fn meetings_between(
    tx: &mut Tx,
    first: NaiveDate,
    last: NaiveDate,
    curator: Option<PersonId>,
) -> Result<Vec<Occurrence>, StorageError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM occurrences o JOIN citizens c ON c.person_id = o.person_id
          WHERE o.kind = 'meeting' AND o.local_date BETWEEN $1 AND $2
              AND c.deleted_at IS NULL AND ($3 IS NULL OR c.curator_id = $3)"
    );
    all(on_backend!(tx, |c| sqlx::query_as(SQL).bind(first).bind(last).bind(curator).fetch_all(c).await?))
}
