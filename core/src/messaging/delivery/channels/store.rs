//! SQL that tells how a channel stands. What waits is counted along indexes that hold only what waits.

use sqlx::QueryBuilder;

use super::Queue;
use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError},
    messaging::{
        messenger::Messenger,
        outbox::{Channel, flights, store::leave_out},
    },
    on_backend,
};

/// Updates among which the latest of a messenger is looked for.
const LATEST_UPDATES: i64 = 500;

#[derive(sqlx::FromRow)]
struct Waiting {
    fresh: i64,
    young: i64,
    old: i64,
    ancient: i64,
    later: i64,
    oldest: Option<Timestamp>,
}

/// What waits: the cuts of the ages go from the youngest to the oldest.
pub(super) async fn queue(
    tx: &mut Tx,
    channel: Channel,
    now: Timestamp,
    [first, second, third]: [Timestamp; 3],
) -> Result<Queue, StorageError> {
    const HEAD: &str = "SELECT count(*) FILTER (WHERE due_at <= a.now AND due_at > a.first) AS fresh,
            count(*) FILTER (WHERE due_at <= a.first AND due_at > a.second) AS young,
            count(*) FILTER (WHERE due_at <= a.second AND due_at > a.third) AS old,
            count(*) FILTER (WHERE due_at <= a.third) AS ancient,
            count(*) FILTER (WHERE due_at > a.now) AS later,
            min(due_at) FILTER (WHERE due_at <= a.now) AS oldest
        FROM asked a CROSS JOIN outbox WHERE state = 'queued' AND priority IN (0, 1, 2) AND channel = ";
    const PUT_OFF: &str = "SELECT count(*) FROM outbox
        WHERE channel = $1 AND state = 'queued' AND retry_at IS NOT NULL AND retry_at > $2";
    let under_way = flights::store::under_way(tx, channel).await?;
    let name = channel.name();
    on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new("WITH asked (now, first, second, third) AS (SELECT ");
        builder.push_bind(now).push(", ").push_bind(first).push(", ").push_bind(second).push(", ").push_bind(third);
        builder.push(") ").push(HEAD).push_bind(name);
        leave_out(&mut builder, &under_way);
        let waiting: Waiting = builder.build_query_as().persistent(false).fetch_one(&mut *c).await?;
        let put_off = sqlx::query_scalar(PUT_OFF).bind(name).bind(now).fetch_one(&mut *c).await?;
        Ok(Queue {
            due: [waiting.fresh, waiting.young, waiting.old, waiting.ancient],
            put_off,
            later: waiting.later,
            under_way: i64::try_from(under_way.len()).unwrap_or(i64::MAX),
            oldest: waiting.oldest,
        })
    })
}

/// How many messages of a channel ended so.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Ended {
    pub channel: String,
    pub state: String,
    pub number: i64,
}

/// What ended after `since`: the latest `limit` of all channels.
pub(super) async fn ended_since(tx: &mut Tx, since: Timestamp, limit: i64) -> Result<Vec<Ended>, StorageError> {
    const SQL: &str = "SELECT channel, state, count(*) AS number FROM (SELECT channel, state FROM outbox
            WHERE finished_at IS NOT NULL AND finished_at > $1 ORDER BY finished_at DESC LIMIT $2) AS latest
        GROUP BY channel, state";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(since).bind(limit).fetch_all(c).await?))
}

/// When the messenger brought something last.
pub(super) async fn heard_at(tx: &mut Tx, messenger: Messenger) -> Result<Option<Timestamp>, StorageError> {
    const LATEST: &str = "SELECT max(seq) FROM inbox";
    const SQL: &str = "SELECT max(received_at) FROM inbox WHERE seq > $2 AND messenger = $1";
    on_backend!(tx, |c| {
        let latest: Option<i64> = sqlx::query_scalar(LATEST).fetch_one(&mut *c).await?;
        let Some(latest) = latest else { return Ok(None) };
        let heard = sqlx::query_scalar(SQL).bind(messenger).bind(latest - LATEST_UPDATES);
        Ok(heard.fetch_one(c).await?)
    })
}
