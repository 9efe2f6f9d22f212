//! SQL of the table `outbox`.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU32, Ordering},
};

use chrono::{SecondsFormat, TimeDelta};
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::{Channel, Draft, Fault, Payload, Priority};
use crate::{
    foundation::{
        chance::{self, Chance},
        clock::Timestamp,
        db::{Sql, Tx},
        errors::StorageError,
        ids::{OccurrenceId, OutboxId, PersonId},
    },
    on_backend,
};

/// A row that a sender has taken.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Claimed {
    /// The row.
    pub id: OutboxId,
    /// Chat or mail recipient.
    pub recipient: String,
    /// Whom it is for.
    pub person_id: Option<PersonId>,
    /// The reminder it carries.
    pub occurrence_id: Option<OccurrenceId>,
    /// What goes first, as a number.
    pub priority: i64,
    /// What is said.
    pub payload: Json<Payload>,
    /// Not before.
    pub due_at: Timestamp,
    /// Not after.
    pub expires_at: Option<Timestamp>,
    /// How often it was taken, this time included.
    pub attempt: i64,
    /// It may have arrived before.
    pub is_repeat: bool,
}

/// What a sender wants to take.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// From which channel.
    pub channel: Channel,
    /// Of which priority.
    pub rank: i64,
    /// At most so many.
    pub limit: i64,
    /// The lease that allows it.
    pub lease: &'a str,
    /// The lease's epoch.
    pub epoch: i64,
    /// Now.
    pub now: Timestamp,
    /// Chats that must wait (their pace).
    pub resting: &'a [&'a str],
    /// Whether a recipient's rows wait for each other.
    pub in_order: bool,
}

/// What becomes of a row that was taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settlement {
    /// The row.
    #[serde(serialize_with = "as_hex")]
    pub id: OutboxId,
    /// Its new state.
    pub state: &'static str,
    /// Not to be tried before.
    #[serde(serialize_with = "as_text")]
    pub retry_at: Option<Timestamp>,
    /// It may have arrived.
    pub is_repeat: bool,
    /// Whether the attempt does not count (the messenger did not look at it).
    pub uncounted: i64,
    /// The messenger's id.
    pub external_id: Option<String>,
    /// What went wrong, in the words of who said it.
    pub last_error: Option<String>,
    /// Why it ended without arriving, if it did.
    pub fault: Option<Fault>,
    /// When it ended.
    #[serde(serialize_with = "as_text")]
    pub finished_at: Option<Timestamp>,
}

/// A row that ended without being taken.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Ended {
    /// The row.
    pub id: OutboxId,
    /// Chat or mail recipient.
    pub recipient: String,
    /// Whom it was for.
    pub person_id: Option<PersonId>,
    /// The reminder it carried.
    pub occurrence_id: Option<OccurrenceId>,
    /// How often it was tried.
    pub attempt: i64,
}

/// Adds rows; those whose cause is there already are left out.
pub async fn insert(tx: &mut Tx, drafts: &[Draft], now: Timestamp, chance: &dyn Chance) -> Result<u64, StorageError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO outbox (id, channel, recipient, person_id, occurrence_id, cause, priority, payload, state,
                due_at, expires_at, attempt, is_repeat, created_at)
            SELECT unhex(value ->> 'id'), value ->> 'channel', value ->> 'recipient', unhex(value ->> 'person'),
                unhex(value ->> 'occurrence'), value ->> 'cause', value ->> 'priority', value ->> 'payload', 'queued',
                value ->> 'due_at', value ->> 'expires_at', 0, 0, $2
            FROM json_each($1) WHERE true ON CONFLICT (cause) DO NOTHING",
        postgres:
            "INSERT INTO outbox (id, channel, recipient, person_id, occurrence_id, cause, priority, payload, state,
                due_at, expires_at, attempt, is_repeat, created_at)
            SELECT r.id, r.channel, r.recipient, r.person, r.occurrence, r.cause, r.priority, CAST(r.payload AS jsonb),
                'queued', r.due_at, r.expires_at, 0, false, $2
            FROM jsonb_to_recordset(CAST($1 AS jsonb)) AS r (id uuid, channel text, recipient text, person uuid,
                occurrence uuid, cause text, priority bigint, payload text, due_at timestamptz, expires_at timestamptz)
            ON CONFLICT (cause) DO NOTHING",
    };
    let rows: Vec<NewRow> = drafts.iter().map(|draft| NewRow::of(draft, now, chance)).collect();
    let rows = json(&rows);
    let sql = SQL.of(tx);
    Ok(on_backend!(tx, |c| sqlx::query(sql).bind(rows).bind(now).execute(c).await?.rows_affected()))
}

/// A row to be added, as the statement reads it.
#[derive(Serialize)]
struct NewRow<'a> {
    #[serde(serialize_with = "as_hex")]
    id: OutboxId,
    channel: &'static str,
    recipient: &'a str,
    person: Option<uuid::fmt::Simple>,
    occurrence: Option<uuid::fmt::Simple>,
    cause: Option<&'a str>,
    priority: i64,
    payload: String,
    #[serde(serialize_with = "as_text")]
    due_at: Option<Timestamp>,
    #[serde(serialize_with = "as_text")]
    expires_at: Option<Timestamp>,
}

impl<'a> NewRow<'a> {
    fn of(draft: &'a Draft, now: Timestamp, chance: &dyn Chance) -> Self {
        Self {
            id: draw_in_order(now, chance),
            channel: draft.channel.name(),
            recipient: &draft.recipient,
            person: draft.person.map(|person| person.0.simple()),
            occurrence: draft.occurrence.map(|occurrence| occurrence.0.simple()),
            cause: draft.cause.as_deref(),
            priority: draft.priority.rank(),
            payload: json(&draft.payload),
            due_at: Some(draft.due_at),
            expires_at: draft.expires_at,
        }
    }
}

/// Draws an id that is greater than those drawn before by this process, also within one millisecond: two answers written by
/// one piece of work leave in their order.
fn draw_in_order(now: Timestamp, chance: &dyn Chance) -> OutboxId {
    static DRAWN: AtomicU32 = AtomicU32::new(0);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    let mut rest = [0; 10];
    let micros = u16::try_from(now.timestamp_subsec_micros() % 1000).unwrap_or_default();
    let [high, low] = micros.to_be_bytes();
    let [a, b, c, d] = DRAWN.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    // The UUID's version and variant take the upper bits of the first and the third byte.
    rest[0] = high;
    rest[1] = low;
    rest[2] = a >> 2;
    rest[3] = a << 6 | b >> 2;
    rest[4] = b << 6 | c >> 2;
    rest[5] = c << 6 | d >> 2;
    rest[6] = d << 6 | chance::bytes::<1>(chance)[0] >> 2;
    chance.fill(&mut rest[7..]);
    OutboxId(uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid())
}

/// Takes what is due, the oldest first: at most one row per recipient and only the first one of its order, none from a
/// recipient who has one under way. Takes nothing when the lease is not held any more.
pub async fn claim(tx: &mut Tx, claim: Claim<'_>) -> Result<Vec<Claimed>, StorageError> {
    const SQL: Sql = Sql {
        sqlite: "UPDATE outbox SET state = 'sending', attempt = attempt + 1, epoch = $4, retry_at = NULL
            WHERE rowid IN (SELECT o.rowid FROM outbox o
                WHERE o.channel = $1 AND o.state = 'queued' AND o.priority = $3 AND o.due_at <= $2
                    AND (o.retry_at IS NULL OR o.retry_at <= $2) AND (o.expires_at IS NULL OR o.expires_at > $2)
                    AND o.recipient NOT IN (SELECT value FROM json_each($6))
                    AND ($7 OR NOT EXISTS (SELECT 1 FROM outbox b WHERE b.channel = $1 AND b.recipient = o.recipient
                        AND b.finished_at IS NULL AND b.due_at <= $2
                        AND (b.state = 'sending' OR (b.priority, b.due_at, b.id) < (o.priority, o.due_at, o.id))))
                ORDER BY o.due_at, o.id LIMIT $5)
            AND EXISTS (SELECT 1 FROM leases WHERE name = $8 AND epoch = $4)
            RETURNING id, recipient, person_id, occurrence_id, priority, payload, due_at, expires_at, attempt, is_repeat",
        // The lock on the lease makes a new holder wait until these rows can be seen.
        postgres: "UPDATE outbox SET state = 'sending', attempt = attempt + 1, epoch = $4, retry_at = NULL
            WHERE id IN (SELECT o.id FROM outbox o
                WHERE o.channel = $1 AND o.state = 'queued' AND o.priority = $3 AND o.due_at <= $2
                    AND (o.retry_at IS NULL OR o.retry_at <= $2) AND (o.expires_at IS NULL OR o.expires_at > $2)
                    AND o.recipient NOT IN (SELECT jsonb_array_elements_text(CAST($6 AS jsonb)))
                    AND ($7 OR NOT EXISTS (SELECT 1 FROM outbox b WHERE b.channel = $1 AND b.recipient = o.recipient
                        AND b.finished_at IS NULL AND b.due_at <= $2
                        AND (b.state = 'sending' OR (b.priority, b.due_at, b.id) < (o.priority, o.due_at, o.id))))
                ORDER BY o.due_at, o.id LIMIT $5 FOR UPDATE SKIP LOCKED)
            AND (SELECT epoch FROM leases WHERE name = $8 FOR SHARE) = $4
            RETURNING id, recipient, person_id, occurrence_id, priority, payload, due_at, expires_at, attempt, is_repeat",
    };
    let sql = SQL.of(tx);
    let resting = json(&claim.resting);
    let mut rows: Vec<Claimed> = on_backend!(tx, |c| sqlx::query_as(sql)
        .bind(claim.channel.name())
        .bind(claim.now)
        .bind(claim.rank)
        .bind(claim.epoch)
        .bind(claim.limit)
        .bind(resting)
        .bind(!claim.in_order)
        .bind(claim.lease)
        .fetch_all(c)
        .await?);
    rows.sort_by_key(|row| (row.due_at, row.id));
    Ok(rows)
}

/// Writes what became of rows taken under `epoch`, and tells which were still its to settle. On the embedded database nobody else
/// can have taken any over, so there the rows are only counted, and looked at should some be missing.
pub async fn settle(tx: &mut Tx, epoch: i64, settlements: &[Settlement]) -> Result<Vec<OutboxId>, StorageError> {
    // Nearly all of them, and all that there is to write about them.
    const DELIVERED: Sql = Sql {
        // The plus signs keep the planner from walking through all rows under way for each settlement.
        sqlite: "UPDATE outbox SET state = 'delivered', last_error = NULL, external_id = r.external_id, finished_at = r.at
            FROM (SELECT unhex(value ->> 0) AS id, value ->> 1 AS external_id, value ->> 2 AS at FROM json_each($1)) AS r
            WHERE outbox.id = r.id AND +outbox.state = 'sending' AND +outbox.epoch = $2",
        postgres: "UPDATE outbox SET state = 'delivered', last_error = NULL, external_id = r.external_id, finished_at = r.at
            FROM (SELECT CAST(value ->> 0 AS uuid) AS id, value ->> 1 AS external_id, CAST(value ->> 2 AS timestamptz) AS at
                FROM jsonb_array_elements(CAST($1 AS jsonb))) AS r
            WHERE outbox.id = r.id AND outbox.state = 'sending' AND outbox.epoch = $2 RETURNING outbox.id",
    };
    const OTHERS: Sql = Sql {
        sqlite: "UPDATE outbox SET state = r.state, retry_at = r.retry_at, is_repeat = r.is_repeat,
                attempt = attempt - r.uncounted, external_id = r.external_id, last_error = r.last_error, fault = r.fault,
                finished_at = r.finished_at
            FROM (SELECT unhex(value ->> 'id') AS id, value ->> 'state' AS state, value ->> 'retry_at' AS retry_at,
                value ->> 'is_repeat' AS is_repeat, value ->> 'uncounted' AS uncounted,
                value ->> 'external_id' AS external_id, value ->> 'last_error' AS last_error,
                value ->> 'fault' AS fault, value ->> 'finished_at' AS finished_at FROM json_each($1)) AS r
            WHERE outbox.id = r.id AND +outbox.state = 'sending' AND +outbox.epoch = $2",
        postgres: "UPDATE outbox SET state = r.state, retry_at = r.retry_at, is_repeat = r.is_repeat,
                attempt = attempt - r.uncounted, external_id = r.external_id, last_error = r.last_error, fault = r.fault,
                finished_at = r.finished_at
            FROM jsonb_to_recordset(CAST($1 AS jsonb)) AS r (id uuid, state text, retry_at timestamptz, is_repeat boolean,
                uncounted bigint, external_id text, last_error text, fault text, finished_at timestamptz)
            WHERE outbox.id = r.id AND outbox.state = 'sending' AND outbox.epoch = $2 RETURNING outbox.id",
    };
    let (delivered, others): (Vec<&Settlement>, Vec<&Settlement>) =
        settlements.iter().partition(|settlement| settlement.state == "delivered");
    let short: Vec<Delivered<'_>> =
        delivered.iter().map(|it| Delivered(it.id, &it.external_id, it.finished_at)).collect();
    let mut ours = settle_with(tx, DELIVERED, epoch, &delivered, json(&short)).await?;
    ours.extend(settle_with(tx, OTHERS, epoch, &others, json(&others)).await?);
    Ok(ours)
}

/// A delivered row, as the statement reads it.
#[derive(Serialize)]
struct Delivered<'a>(
    #[serde(serialize_with = "as_hex")] OutboxId,
    &'a Option<String>,
    #[serde(serialize_with = "as_text")] Option<Timestamp>,
);

async fn settle_with(
    tx: &mut Tx,
    sql: Sql,
    epoch: i64,
    settlements: &[&Settlement],
    rows: String,
) -> Result<Vec<OutboxId>, StorageError> {
    if settlements.is_empty() {
        return Ok(Vec::new());
    }
    let sql = sql.of(tx);
    if let Tx::Postgres(inner) = tx {
        return Ok(sqlx::query_scalar(sql).bind(rows).bind(epoch).fetch_all(&mut **inner).await?);
    }
    let settled = on_backend!(tx, |c| sqlx::query(sql).bind(rows).bind(epoch).execute(c).await?.rows_affected());
    let ids = settlements.iter().map(|settlement| settlement.id);
    if usize::try_from(settled) == Ok(settlements.len()) {
        return Ok(ids.collect());
    }
    let mut ours = Vec::new();
    for id in ids {
        // Rows that were taken over carry the epoch of who did.
        const OURS: &str = "SELECT id FROM outbox WHERE id = $1 AND epoch = $2";
        let found: Option<OutboxId> =
            on_backend!(tx, |c| sqlx::query_scalar(OURS).bind(id).bind(epoch).fetch_optional(c).await?);
        ours.extend(found);
    }
    Ok(ours)
}

/// Ends what is queued past its time.
pub async fn expire(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<Vec<Ended>, StorageError> {
    const SQL: &str = "UPDATE outbox SET state = 'expired', finished_at = $2,
            fault = CASE WHEN attempt > 0 THEN 'gave_up' ELSE 'too_late' END
        WHERE channel = $1 AND state = 'queued' AND expires_at IS NOT NULL AND expires_at <= $2
        RETURNING id, recipient, person_id, occurrence_id, attempt";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(channel.name()).bind(now).fetch_all(c).await?))
}

/// Ends what is queued for a chat that cannot be reached.
pub async fn drop_chat(tx: &mut Tx, channel: Channel, chat: &str, now: Timestamp) -> Result<Vec<Ended>, StorageError> {
    const SQL: &str =
        "UPDATE outbox SET state = 'failed', fault = 'blocked', last_error = 'bot_blocked', finished_at = $3
        WHERE channel = $1 AND recipient = $2 AND finished_at IS NULL AND state = 'queued'
        RETURNING id, recipient, person_id, occurrence_id, attempt";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(channel.name()).bind(chat).bind(now).fetch_all(c).await?))
}

/// Ends what is queued for a recipient who shall not get it any more.
pub async fn withdraw(tx: &mut Tx, channel: Channel, recipient: &str, now: Timestamp) -> Result<u64, StorageError> {
    const SQL: &str = "UPDATE outbox SET state = 'skipped', last_error = 'withdrawn', finished_at = $3
        WHERE channel = $1 AND recipient = $2 AND finished_at IS NULL AND state = 'queued'";
    Ok(on_backend!(tx, |c| {
        sqlx::query(SQL).bind(channel.name()).bind(recipient).bind(now).execute(c).await?.rows_affected()
    }))
}

/// Whose turn a take-over is.
#[derive(Debug, Clone, Copy)]
pub struct TakeOver {
    /// Of which channel.
    pub channel: Channel,
    /// The epoch of the new holder: older ones are dead.
    pub epoch: i64,
    /// Whether repeating may bother somebody: then it is done once and marked.
    pub once: bool,
    /// Now.
    pub now: Timestamp,
}

/// Takes over what a dead sender left under way: nobody knows whether it arrived. It is queued again, as a repetition (PT-D42);
/// what was a repetition already ends as failed and is returned.
pub async fn take_over(tx: &mut Tx, over: TakeOver) -> Result<(u64, Vec<Ended>), StorageError> {
    const GIVE_UP: &str = "UPDATE outbox SET state = 'failed', fault = 'unknown_twice', last_error = 'unknown twice',
            finished_at = $3, epoch = $2
        WHERE channel = $1 AND state = 'sending' AND epoch < $2 AND is_repeat
        RETURNING id, recipient, person_id, occurrence_id, attempt";
    const AGAIN: &str = "UPDATE outbox SET state = 'queued', is_repeat = $3, last_error = 'the sender died', epoch = $2
        WHERE channel = $1 AND state = 'sending' AND epoch < $2";
    let TakeOver { channel, epoch, once, now } = over;
    let mut ended = Vec::new();
    if once {
        ended = on_backend!(tx, |c| sqlx::query_as(GIVE_UP)
            .bind(channel.name())
            .bind(epoch)
            .bind(now)
            .fetch_all(c)
            .await?);
    }
    let again = on_backend!(tx, |c| {
        let query = sqlx::query(AGAIN).bind(channel.name()).bind(epoch).bind(once);
        query.execute(c).await?.rows_affected()
    });
    Ok((again, ended))
}

/// Gives back rows that a commit has taken under `epoch` although its confirmation got lost (the server went away in that very moment):
/// all but `ours`, which the sender knows of. They were never handed over, so they are no repetitions.
pub async fn give_back_unseen(
    tx: &mut Tx,
    channel: Channel,
    epoch: i64,
    ours: &BTreeSet<OutboxId>,
) -> Result<(), StorageError> {
    const TAKEN: &str = "SELECT id FROM outbox WHERE channel = $1 AND state = 'sending' AND epoch = $2";
    const BACK: &str = "UPDATE outbox SET state = 'queued', attempt = attempt - 1 WHERE id = $1 AND state = 'sending'";
    let taken: Vec<OutboxId> =
        on_backend!(tx, |c| sqlx::query_scalar(TAKEN).bind(channel.name()).bind(epoch).fetch_all(c).await?);
    // Hardly ever any, and never more than may be in flight.
    for unseen in taken.into_iter().filter(|id| !ours.contains(id)) {
        on_backend!(tx, |c| sqlx::query(BACK).bind(unseen).execute(c).await?.rows_affected());
    }
    Ok(())
}

/// After the clock was set back, calls what would wait for a time that is far away again: next tries that are later than any pause
/// makes them, and answers that were written "later" than now. Reminders keep the moment they are meant for.
pub async fn keep_to_the_clock(
    tx: &mut Tx,
    channel: Channel,
    now: Timestamp,
    longest_pause: TimeDelta,
) -> Result<(), StorageError> {
    const TRIES: &str = "UPDATE outbox SET retry_at = $2
        WHERE channel = $1 AND state = 'queued' AND retry_at IS NOT NULL AND retry_at > $3";
    const ANSWERS: &str = "UPDATE outbox SET due_at = $2
        WHERE channel = $1 AND state = 'queued' AND priority = 0 AND due_at > $2 AND created_at > $2";
    let latest = now + longest_pause;
    on_backend!(tx, |c| {
        let tries = sqlx::query(TRIES).bind(channel.name()).bind(now).bind(latest);
        tries.execute(&mut *c).await?;
        sqlx::query(ANSWERS).bind(channel.name()).bind(now).execute(c).await?.rows_affected()
    });
    Ok(())
}

/// When the queue changes by itself next: something comes due, may be tried again, or is past its time.
pub async fn next_moment(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<Option<Timestamp>, StorageError> {
    const SQL: &str = "SELECT min(at) FROM (
        SELECT min(due_at) AS at FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 0 AND due_at > $2
        UNION ALL SELECT min(due_at) FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 1 AND due_at > $2
        UNION ALL SELECT min(due_at) FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 2 AND due_at > $2
        UNION ALL SELECT min(retry_at) FROM outbox
            WHERE channel = $1 AND state = 'queued' AND retry_at IS NOT NULL AND retry_at > $2
        UNION ALL SELECT min(expires_at) FROM outbox
            WHERE channel = $1 AND state = 'queued' AND expires_at IS NOT NULL AND expires_at > $2) AS moments";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).bind(now).fetch_one(c).await?))
}

/// Whether something left, or may have left, after `since`. The latest end of any channel stands at the end of an index, which costs
/// nothing to read; should it be another channel's, the sender merely waits a moment.
pub async fn was_busy(tx: &mut Tx, channel: Channel, since: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM outbox WHERE channel = $1 AND state = 'sending')
        OR EXISTS (SELECT 1 FROM (SELECT max(finished_at) AS latest FROM outbox WHERE finished_at IS NOT NULL) AS ended
            WHERE ended.latest > $2)";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).bind(since).fetch_one(c).await?))
}

/// What a look at the queue shows.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Waiting {
    /// Something is queued past its time.
    pub overdue: bool,
    replies: bool,
    reminders: bool,
    rest: bool,
}

impl Waiting {
    /// Whether something of this priority is due.
    pub fn has(self, priority: Priority) -> bool {
        match priority {
            Priority::Reply => self.replies,
            Priority::Reminder => self.reminders,
            Priority::Rest => self.rest,
        }
    }
}

/// Looks where there is something to do: one statement instead of four that mostly find nothing.
pub async fn waiting(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<Waiting, StorageError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM outbox
            WHERE channel = $1 AND state = 'queued' AND expires_at IS NOT NULL AND expires_at <= $2) AS overdue,
        EXISTS (SELECT 1 FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 0 AND due_at <= $2) AS replies,
        EXISTS (SELECT 1 FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 1 AND due_at <= $2) AS reminders,
        EXISTS (SELECT 1 FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 2 AND due_at <= $2) AS rest";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(channel.name()).bind(now).fetch_one(c).await?))
}

/// How much of what is due waits, and since when.
pub async fn backlog(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<(i64, Option<Timestamp>), StorageError> {
    const SQL: &str = "SELECT count(*), min(due_at) FROM outbox
        WHERE channel = $1 AND state = 'queued' AND priority IN (0, 1, 2) AND due_at <= $2";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(channel.name()).bind(now).fetch_one(c).await?))
}

/// How many are queued or being sent.
pub async fn unfinished(tx: &mut Tx, channel: Channel) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT (SELECT count(*) FROM outbox WHERE channel = $1 AND state = 'queued')
        + (SELECT count(*) FROM outbox WHERE channel = $1 AND state = 'sending')";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).fetch_one(c).await?))
}

/// How many have failed for good.
pub async fn failed(tx: &mut Tx, channel: Channel) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT count(*) FROM outbox WHERE channel = $1 AND state = 'failed'";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).fetch_one(c).await?))
}

/// Deletes at most `limit` rows that ended before `before`, and tells how many they were. Failed letters stay: they are counted.
pub async fn clean(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, StorageError> {
    const SQL: &str = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
        WHERE finished_at IS NOT NULL AND finished_at < $1 ORDER BY finished_at LIMIT $2)";
    Ok(on_backend!(tx, |c| sqlx::query(SQL).bind(before).bind(limit).execute(c).await?.rows_affected()))
}

fn json(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect("these types have text keys and no failing parts")
}

fn as_hex<S: serde::Serializer>(id: &OutboxId, serializer: S) -> Result<S::Ok, S::Error> {
    let id: Uuid = id.0;
    serializer.collect_str(&id.simple())
}

/// The very text that sqlx writes, so that moments compare rightly as text.
fn as_text<S: serde::Serializer>(moment: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match moment {
        Some(moment) => serializer.serialize_str(&moment.to_rfc3339_opts(SecondsFormat::AutoSi, false)),
        None => serializer.serialize_none(),
    }
}
