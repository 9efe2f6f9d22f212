//! SQL of the table `outbox`.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::TimeDelta;
use sqlx::{QueryBuilder, types::Json};

use super::{Channel, Draft, Priority, flights};
use crate::{
    foundation::{
        chance::{self, Chance},
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{OccurrenceId, OutboxId, PersonId},
        rows::push_if_any,
    },
    on_backend,
};

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

/// Rows of one statement at most. Such statements differ in length and are not kept prepared; one that is, and reads rows out of JSON,
/// costs the embedded database twice as much.
const ROWS_A_STATEMENT: usize = 2000;

/// Adds rows; those whose cause or reminder has its message in this channel already are left out.
pub async fn insert(tx: &mut Tx, drafts: &[Draft], now: Timestamp, chance: &dyn Chance) -> Result<u64, StorageError> {
    const HEAD: &str =
        "INSERT INTO outbox (id, channel, recipient, person_id, occurrence_id, cause, priority, payload, state, due_at,
        expires_at, attempt, is_repeat, created_at) ";
    let mut added = 0;
    for some in drafts.chunks(ROWS_A_STATEMENT) {
        added += on_backend!(tx, |c| {
            let mut builder = QueryBuilder::new(HEAD);
            builder.push_values(some, |mut row, it| {
                row.push_bind(draw_in_order(now, chance)).push_bind(it.channel.name()).push_bind(&it.recipient);
                row.push_bind(it.person).push_bind(it.occurrence);
                push_if_any(&mut row, it.cause.as_ref());
                row.push_bind(it.priority.rank()).push_bind(Json(&it.payload)).push("'queued'").push_bind(it.due_at);
                row.push_bind(it.expires_at).push("0").push("FALSE").push_bind(now);
            });
            builder.push(" ON CONFLICT DO NOTHING");
            builder.build().persistent(false).execute(c).await?.rows_affected()
        });
    }
    Ok(added)
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

/// Ends these, which were queued past their time.
pub async fn expire(tx: &mut Tx, ids: &[OutboxId], now: Timestamp) -> Result<Vec<Ended>, StorageError> {
    Ok(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new("UPDATE outbox SET state = 'expired', finished_at = ");
        builder.push_bind(now);
        builder.push(
            ", fault = CASE WHEN attempt > 0 THEN 'gave_up' ELSE 'too_late' END WHERE state = 'queued' AND id IN (",
        );
        push_ids(&mut builder, ids);
        builder.push(") RETURNING id, recipient, person_id, occurrence_id, attempt");
        builder.build_query_as().persistent(false).fetch_all(c).await?
    }))
}

/// Adds a condition that leaves these out.
pub(in crate::messaging) fn leave_out<DB>(builder: &mut QueryBuilder<DB>, ids: &[OutboxId])
where
    DB: sqlx::Database,
    OutboxId: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
{
    if !ids.is_empty() {
        builder.push(" AND id NOT IN (");
        push_ids(builder, ids);
        builder.push(")");
    }
}

/// Adds these to a list.
pub(super) fn push_ids<DB>(builder: &mut QueryBuilder<DB>, ids: &[OutboxId])
where
    DB: sqlx::Database,
    OutboxId: for<'q> sqlx::Encode<'q, DB> + sqlx::Type<DB>,
{
    let mut list = builder.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
}

/// Ends what is queued for a chat that cannot be reached.
pub async fn drop_chat(tx: &mut Tx, channel: Channel, chat: &str, now: Timestamp) -> Result<Vec<Ended>, StorageError> {
    const SQL: &str =
        "UPDATE outbox SET state = 'failed', fault = 'blocked', last_error = 'bot_blocked', finished_at = $3
        WHERE channel = $1 AND recipient = $2 AND finished_at IS NULL AND state = 'queued'
        RETURNING id, recipient, person_id, occurrence_id, attempt";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(channel.name()).bind(chat).bind(now).fetch_all(c).await?))
}

/// Ends what is queued for a recipient who shall not get it any more, but for what is under way.
pub async fn withdraw(tx: &mut Tx, channel: Channel, recipient: &str, now: Timestamp) -> Result<u64, StorageError> {
    flights::store::hold(tx, channel).await?;
    let under_way = flights::store::under_way(tx, channel).await?;
    Ok(on_backend!(tx, |c| {
        let mut builder =
            QueryBuilder::new("UPDATE outbox SET state = 'skipped', last_error = 'withdrawn', finished_at = ");
        builder.push_bind(now).push(" WHERE channel = ").push_bind(channel.name());
        builder.push(" AND recipient = ").push_bind(recipient).push(" AND finished_at IS NULL AND state = 'queued'");
        leave_out(&mut builder, &under_way);
        builder.build().persistent(false).execute(c).await?.rows_affected()
    }))
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

/// When the queue changes by itself next: something comes due or may be tried again.
pub async fn next_moment(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<Option<Timestamp>, StorageError> {
    const SQL: &str = "SELECT min(at) FROM (
        SELECT min(due_at) AS at FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 0 AND due_at > $2
        UNION ALL SELECT min(due_at) FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 1 AND due_at > $2
        UNION ALL SELECT min(due_at) FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 2 AND due_at > $2
        UNION ALL SELECT min(retry_at) FROM outbox
            WHERE channel = $1 AND state = 'queued' AND retry_at IS NOT NULL AND retry_at > $2) AS moments";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(channel.name()).bind(now).fetch_one(c).await?))
}

/// Whether something left after `since`. The latest end of any channel stands at the end of an index, which costs nothing to
/// read; should it be another channel's, the sender merely waits a moment.
pub async fn was_busy(tx: &mut Tx, since: Timestamp) -> Result<bool, StorageError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM (
        SELECT max(finished_at) AS latest FROM outbox WHERE finished_at IS NOT NULL) AS ended WHERE ended.latest > $1)";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(since).fetch_one(c).await?))
}

/// What a look at the queue shows.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Waiting {
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

/// The columns of a [`Waiting`]: channel `$1` at the moment `$2`.
macro_rules! looks {
    () => {
        "EXISTS (SELECT 1 FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 0 AND due_at <= $2) AS replies,
        EXISTS (SELECT 1 FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 1 AND due_at <= $2) AS reminders,
        EXISTS (SELECT 1 FROM outbox WHERE channel = $1 AND state = 'queued' AND priority = 2 AND due_at <= $2) AS rest"
    };
}
pub(super) use looks;

/// Looks where there is something to do: one statement instead of three that mostly find nothing.
pub async fn waiting(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<Waiting, StorageError> {
    const SQL: &str = concat!("SELECT ", looks!());
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(channel.name()).bind(now).fetch_one(c).await?))
}

/// How much of what is due waits, and since when.
pub async fn backlog(tx: &mut Tx, channel: Channel, now: Timestamp) -> Result<(i64, Option<Timestamp>), StorageError> {
    const SQL: &str = "SELECT count(*), min(due_at) FROM outbox
        WHERE channel = $1 AND state = 'queued' AND priority IN (0, 1, 2) AND due_at <= $2";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(channel.name()).bind(now).fetch_one(c).await?))
}

/// How many are queued or under way.
pub async fn unfinished(tx: &mut Tx, channel: Channel) -> Result<i64, StorageError> {
    const SQL: &str = "SELECT count(*) FROM outbox WHERE channel = $1 AND state = 'queued'";
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
