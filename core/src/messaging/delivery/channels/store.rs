//! SQL that tells how a channel stands. What waits is counted along indexes that hold only what waits.

use super::Queue;
use crate::{
    foundation::{
        clock::Timestamp,
        db::{Sql, Tx},
        errors::StorageError,
    },
    messaging::{
        messenger::Messenger,
        outbox::{Channel, flights},
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
    /// What is the same in both dialects.
    macro_rules! waiting {
        ($under_way:literal) => {
            concat!(
                "SELECT count(*) FILTER (WHERE due_at <= $2 AND due_at > $3) AS fresh,
                    count(*) FILTER (WHERE due_at <= $3 AND due_at > $4) AS young,
                    count(*) FILTER (WHERE due_at <= $4 AND due_at > $5) AS old,
                    count(*) FILTER (WHERE due_at <= $5) AS ancient,
                    count(*) FILTER (WHERE due_at > $2) AS later,
                    min(due_at) FILTER (WHERE due_at <= $2) AS oldest
                FROM outbox WHERE channel = $1 AND state = 'queued' AND priority IN (0, 1, 2) AND id NOT IN (",
                $under_way,
                ")"
            )
        };
    }
    const WAITING: Sql = Sql {
        sqlite: waiting!("SELECT unhex(value) FROM json_each($6)"),
        postgres: waiting!("SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(CAST($6 AS jsonb))"),
    };
    const PUT_OFF: &str = "SELECT count(*) FROM outbox
        WHERE channel = $1 AND state = 'queued' AND retry_at IS NOT NULL AND retry_at > $2";
    let under_way = flights::store::under_way(tx, channel).await?;
    let (sql, listed) = (WAITING.of(tx), flights::store::listed(&under_way));
    let name = channel.name();
    on_backend!(tx, |c| {
        let waiting: Waiting = sqlx::query_as(sql)
            .bind(name)
            .bind(now)
            .bind(first)
            .bind(second)
            .bind(third)
            .bind(listed)
            .fetch_one(&mut *c)
            .await?;
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
