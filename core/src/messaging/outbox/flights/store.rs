//! SQL of the table `flights`, and of the messages listed there.

use serde::Serialize;
use sqlx::{QueryBuilder, types::Json};

use super::{AFTER_A_RIVAL, Claim, Claimed, Repetition, Settlement, Turn};
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx},
        errors::StorageError,
        ids::OutboxId,
        rows::{as_text, json},
    },
    messaging::outbox::{
        Channel, as_hex,
        store::{Ended, Waiting, looks, push_ids},
    },
    on_backend,
};

/// Begins to write in a sender's turn and looks where there is something to do; `None` when it is somebody else's turn. On a server
/// others wait until the transaction ends.
pub async fn enter(tx: &mut Tx, turn: Turn<'_>, now: Timestamp) -> Result<Option<Waiting>, StorageError> {
    macro_rules! enter {
        ($lock:literal) => {
            concat!(
                "SELECT ",
                looks!(),
                " FROM flights WHERE channel = $1 AND epoch = $3
                    AND EXISTS (SELECT 1 FROM leases WHERE name = $4 AND epoch = $3)",
                $lock
            )
        };
    }
    const SQL: Sql = Sql { sqlite: enter!(""), postgres: enter!(" FOR UPDATE OF flights") };
    let sql = SQL.of(tx);
    Ok(on_backend!(tx, |c| sqlx::query_as(sql)
        .bind(turn.channel.name())
        .bind(now)
        .bind(turn.lease.epoch)
        .bind(turn.lease.name)
        .fetch_optional(c)
        .await?))
}

/// Keeps the channel's sender from taking anything until the transaction ends. On the embedded database it is alone anyway.
pub async fn hold(tx: &mut Tx, channel: Channel) -> Result<(), StorageError> {
    const SQL: &str = "SELECT true FROM flights WHERE channel = $1 FOR UPDATE";
    if let Tx::Postgres(inner) = tx {
        sqlx::query(SQL).bind(channel.name()).execute(&mut **inner).await?;
    }
    Ok(())
}

/// Lists what is under way from now on.
pub async fn list(tx: &mut Tx, channel: Channel, under_way: &[OutboxId]) -> Result<(), StorageError> {
    const SQL: &str = "UPDATE flights SET under_way = $2 WHERE channel = $1";
    let under_way = Json(hex(under_way));
    on_backend!(tx, |c| sqlx::query(SQL).bind(channel.name()).bind(under_way).execute(c).await?.rows_affected());
    Ok(())
}

/// What may go now, the oldest first: at most one row per recipient and only the first one of its order. Whoever takes it lists it. What
/// is past its time comes along, wherever it stands.
pub async fn next(tx: &mut Tx, claim: Claim<'_>) -> Result<Vec<Claimed>, StorageError> {
    // What is under way is told by the index alone, before a row is read.
    macro_rules! next {
        ($under_way:literal, $busy:literal) => {
            concat!(
                "SELECT o.id, o.recipient, o.person_id, o.occurrence_id, o.priority, o.payload, o.due_at, o.expires_at,
                    o.attempt + 1 AS attempt, o.is_repeat
                FROM outbox o
                WHERE o.channel = $1 AND o.state = 'queued' AND o.priority = $3 AND o.due_at <= $2 AND o.id NOT IN (",
                $under_way,
                ") AND (o.expires_at <= $2 OR ((o.retry_at IS NULL OR o.retry_at <= $2) AND o.recipient NOT IN (",
                $busy,
                ") AND ($6 OR NOT EXISTS (SELECT 1 FROM outbox b WHERE b.channel = $1 AND b.recipient = o.recipient
                    AND b.finished_at IS NULL AND b.due_at <= $2
                    AND (b.priority, b.due_at, b.id) < (o.priority, o.due_at, o.id)))))
                ORDER BY o.due_at, o.id LIMIT $4"
            )
        };
    }
    const SQL: Sql = Sql {
        sqlite: next!("SELECT unhex(value) FROM json_each($7)", "SELECT value FROM json_each($5)"),
        postgres: next!(
            "SELECT CAST(jsonb_array_elements_text(CAST($7 AS jsonb)) AS uuid)",
            "SELECT jsonb_array_elements_text(CAST($5 AS jsonb))"
        ),
    };
    let (sql, busy, under_way) = (SQL.of(tx), json(claim.busy), json(&hex(claim.under_way)));
    Ok(on_backend!(tx, |c| sqlx::query_as(sql)
        .bind(claim.channel.name())
        .bind(claim.now)
        .bind(claim.rank)
        .bind(claim.limit)
        .bind(busy)
        .bind(!claim.in_order)
        .bind(under_way)
        .fetch_all(c)
        .await?))
}

/// Writes what became of messages that were under way, and tells which of them are still there.
pub async fn settle(tx: &mut Tx, settlements: &[Settlement]) -> Result<Vec<OutboxId>, StorageError> {
    // Nearly all of them, and all that there is to write about them.
    const DELIVERED: Sql = Sql {
        // The plus sign here and the list of ids there keep the planner from walking through all that is queued.
        sqlite: "UPDATE outbox SET state = 'delivered', attempt = r.attempt, retry_at = NULL, last_error = NULL,
                external_id = r.external_id, finished_at = r.at
            FROM (SELECT unhex(value ->> 0) AS id, value ->> 1 AS attempt, value ->> 2 AS external_id, value ->> 3 AS at
                FROM json_each($1)) AS r
            WHERE outbox.id = r.id AND +outbox.state = 'queued'",
        postgres: "UPDATE outbox SET state = 'delivered', attempt = r.attempt, retry_at = NULL, last_error = NULL,
                external_id = r.external_id, finished_at = r.at
            FROM (SELECT CAST(value ->> 0 AS uuid) AS id, CAST(value ->> 1 AS bigint) AS attempt,
                    value ->> 2 AS external_id, CAST(value ->> 3 AS timestamptz) AS at
                FROM jsonb_array_elements(CAST($1 AS jsonb))) AS r
            WHERE outbox.id = r.id AND outbox.state = 'queued'
                AND outbox.id = ANY(ARRAY(SELECT CAST(value ->> 0 AS uuid) FROM jsonb_array_elements(CAST($1 AS jsonb))))",
    };
    const OTHERS: Sql = Sql {
        sqlite: "UPDATE outbox SET state = r.state, retry_at = r.retry_at, is_repeat = r.is_repeat, attempt = r.attempt,
                external_id = r.external_id, last_error = r.last_error, fault = r.fault, finished_at = r.finished_at
            FROM (SELECT unhex(value ->> 'id') AS id, value ->> 'state' AS state, value ->> 'retry_at' AS retry_at,
                value ->> 'is_repeat' AS is_repeat, value ->> 'attempt' AS attempt,
                value ->> 'external_id' AS external_id, value ->> 'last_error' AS last_error,
                value ->> 'fault' AS fault, value ->> 'finished_at' AS finished_at FROM json_each($1)) AS r
            WHERE outbox.id = r.id AND +outbox.state = 'queued'",
        postgres: "UPDATE outbox SET state = r.state, retry_at = r.retry_at, is_repeat = r.is_repeat, attempt = r.attempt,
                external_id = r.external_id, last_error = r.last_error, fault = r.fault, finished_at = r.finished_at
            FROM jsonb_to_recordset(CAST($1 AS jsonb)) AS r (id uuid, state text, retry_at timestamptz, is_repeat boolean,
                attempt bigint, external_id text, last_error text, fault text, finished_at timestamptz)
            WHERE outbox.id = r.id AND outbox.state = 'queued'
                AND outbox.id = ANY(ARRAY(SELECT CAST(value ->> 'id' AS uuid) FROM jsonb_array_elements(CAST($1 AS jsonb))))",
    };
    let (delivered, others): (Vec<&Settlement>, Vec<&Settlement>) =
        settlements.iter().partition(|settlement| settlement.state == "delivered");
    let short: Vec<Delivered<'_>> =
        delivered.iter().map(|it| Delivered(it.id, it.attempt, &it.external_id, it.finished_at)).collect();
    let ids: Vec<OutboxId> = settlements.iter().map(|settlement| settlement.id).collect();
    let settled = settle_with(tx, DELIVERED, &short).await? + settle_with(tx, OTHERS, &others).await?;
    if usize::try_from(settled) == Ok(ids.len()) { Ok(ids) } else { existing(tx, &ids).await }
}

/// A delivered row, as the statement reads it.
#[derive(Serialize)]
struct Delivered<'a>(
    #[serde(serialize_with = "as_hex")] OutboxId,
    i64,
    &'a Option<String>,
    #[serde(serialize_with = "as_text")] Option<Timestamp>,
);

async fn settle_with(tx: &mut Tx, sql: Sql, rows: &[impl Serialize]) -> Result<u64, StorageError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let (sql, rows) = (sql.of(tx), json(rows));
    Ok(on_backend!(tx, |c| sqlx::query(sql).bind(rows).execute(c).await?.rows_affected()))
}

/// Those of these that nobody has deleted meanwhile.
async fn existing(tx: &mut Tx, ids: &[OutboxId]) -> Result<Vec<OutboxId>, StorageError> {
    Ok(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new("SELECT id FROM outbox WHERE id IN (");
        push_ids(&mut builder, ids);
        builder.push(")");
        builder.build_query_scalar().persistent(false).fetch_all(c).await?
    }))
}

/// Those of these of which nothing has been written yet.
pub async fn unsettled(tx: &mut Tx, ids: &[OutboxId]) -> Result<Vec<OutboxId>, StorageError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new("SELECT id FROM outbox WHERE state = 'queued' AND id IN (");
        push_ids(&mut builder, ids);
        builder.push(")");
        builder.build_query_scalar().persistent(false).fetch_all(c).await?
    }))
}

/// What a take-over has done with messages of which nobody knows whether they arrived.
#[derive(Debug, Default)]
pub struct TakenOver {
    /// Queued once more.
    pub again: Vec<OutboxId>,
    /// Repetitions, which are not repeated.
    pub lost: Vec<Ended>,
}

/// Begins a sender's turn: takes over what an earlier one, or this one before it lost the database, left under way. Nobody knows
/// whether it arrived: it is queued again; what was a marked repetition already ends as failed.
pub async fn take_over(
    tx: &mut Tx,
    turn: Turn<'_>,
    repetition: Repetition,
    now: Timestamp,
) -> Result<TakenOver, StorageError> {
    const BEGIN: &str = "INSERT INTO flights (channel, epoch, under_way) VALUES ($1, $2, $3)
        ON CONFLICT (channel) DO UPDATE SET epoch = $2, under_way = $3 WHERE flights.epoch <= $2";
    hold(tx, turn.channel).await?;
    let left = under_way(tx, turn.channel).await?;
    let none = Json(hex(&[]));
    let begun = on_backend!(tx, |c| {
        let query = sqlx::query(BEGIN).bind(turn.channel.name()).bind(turn.lease.epoch).bind(none);
        query.execute(c).await?.rows_affected()
    });
    if begun == 0 || left.is_empty() {
        return Ok(TakenOver::default());
    }
    let once = repetition == Repetition::OnceAndMarked;
    let lost = if once { give_up(tx, &left, now).await? } else { Vec::new() };
    // On the embedded database the earlier sender is dead for certain.
    let not_before = match tx {
        Tx::Sqlite(_) => None,
        Tx::Postgres(_) => Some(now + AFTER_A_RIVAL),
    };
    Ok(TakenOver { again: queue_again(tx, &left, once, not_before).await?, lost })
}

/// What is listed as under way.
pub async fn under_way(tx: &mut Tx, channel: Channel) -> Result<Vec<OutboxId>, StorageError> {
    const SQL: &str = "SELECT under_way FROM flights WHERE channel = $1";
    let listed: Option<Json<Vec<uuid::Uuid>>> =
        on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).fetch_optional(c).await?);
    Ok(listed.map(|listed| listed.0.into_iter().map(OutboxId).collect()).unwrap_or_default())
}

async fn give_up(tx: &mut Tx, ids: &[OutboxId], now: Timestamp) -> Result<Vec<Ended>, StorageError> {
    Ok(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new(
            "UPDATE outbox SET state = 'failed', fault = 'unknown_twice', last_error = 'unknown twice', retry_at = NULL,
                attempt = attempt + 1, finished_at = ",
        );
        builder.push_bind(now).push(" WHERE state = 'queued' AND is_repeat AND id IN (");
        push_ids(&mut builder, ids);
        builder.push(") RETURNING id, recipient, person_id, occurrence_id, attempt");
        builder.build_query_as().persistent(false).fetch_all(c).await?
    }))
}

async fn queue_again(
    tx: &mut Tx,
    ids: &[OutboxId],
    is_repeat: bool,
    not_before: Option<Timestamp>,
) -> Result<Vec<OutboxId>, StorageError> {
    Ok(on_backend!(tx, |c| {
        let mut builder =
            QueryBuilder::new("UPDATE outbox SET last_error = 'the sender died', attempt = attempt + 1, retry_at = ");
        builder
            .push_bind(not_before)
            .push(", is_repeat = ")
            .push_bind(is_repeat)
            .push(" WHERE state = 'queued' AND id IN (");
        push_ids(&mut builder, ids);
        builder.push(") RETURNING id");
        builder.build_query_scalar().persistent(false).fetch_all(c).await?
    }))
}

fn hex(ids: &[OutboxId]) -> Vec<String> {
    ids.iter().map(|id| id.0.simple().to_string()).collect()
}
