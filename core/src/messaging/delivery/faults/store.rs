//! SQL that reads what failed: each channel and reason is a range of one index that holds nothing else.

use sqlx::{QueryBuilder, types::Json};

use super::{Count, Failed, Range, What};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{OutboxId, PersonId},
    },
    messaging::outbox::{Channel, Fault, Payload},
    on_backend,
    people::name::FullName,
};

/// How many there are of each kind, counted up to `limit`.
pub(super) async fn counts(
    tx: &mut Tx,
    kinds: &[(Channel, Fault)],
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Count>, StorageError> {
    let rows: Vec<(i64, i64, i64)> = on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new("");
        for (place, (channel, fault)) in kinds.iter().enumerate() {
            builder.push(if place == 0 { "" } else { " UNION ALL " });
            builder
                .push(format!("SELECT CAST({place} AS BIGINT), count(*), count(*) FILTER (WHERE expires_at IS NULL"));
            builder.push(" OR expires_at > ").push_bind(now);
            builder.push(") FROM (SELECT expires_at FROM outbox WHERE channel = ").push_bind(channel.name());
            builder.push(" AND fault = ").push_bind(fault.name());
            builder.push(" ORDER BY id DESC LIMIT ").push_bind(limit).push(") AS counted");
        }
        builder.build_query_as().persistent(false).fetch_all(c).await?
    });
    let count = |(place, number, in_time): (i64, i64, i64)| {
        let (channel, fault) = *kinds.get(usize::try_from(place).ok()?)?;
        Some(Count { channel, fault, number, in_time })
    };
    Ok(rows.into_iter().filter_map(count).collect())
}

/// Ids of what failed within the range: the latest ones, or the earliest, nearest to the range's edge first.
pub(in crate::messaging::delivery) async fn ids(
    tx: &mut Tx,
    kinds: &[(Channel, Fault)],
    range: Range,
    is_earliest_first: bool,
    limit: usize,
) -> Result<Vec<OutboxId>, StorageError> {
    let order = if is_earliest_first { " ORDER BY id LIMIT " } else { " ORDER BY id DESC LIMIT " };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new("SELECT id FROM (");
        for (place, (channel, fault)) in kinds.iter().enumerate() {
            builder.push(if place == 0 { "" } else { " UNION ALL " });
            builder.push("SELECT id FROM (SELECT id FROM outbox WHERE channel = ").push_bind(channel.name());
            builder.push(" AND fault = ").push_bind(fault.name());
            builder.push(" AND id >= ").push_bind(range.from).push(" AND id <= ").push_bind(range.to);
            builder.push(order).push_bind(limit).push(") AS of_kind");
        }
        builder.push(") AS found").push(order).push_bind(limit);
        builder.build_query_scalar().persistent(false).fetch_all(c).await?
    }))
}

#[derive(sqlx::FromRow)]
struct FailedRow {
    id: OutboxId,
    channel: String,
    fault: Fault,
    last_error: Option<String>,
    payload: Json<Payload>,
    priority: i64,
    expires_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
    person_id: Option<PersonId>,
    surname: Option<String>,
    name: Option<String>,
    patronymic: Option<String>,
    has_card: bool,
}

impl FailedRow {
    fn read(self, now: Timestamp) -> Option<Failed> {
        let name = self.surname.map(|surname| FullName { surname, name: self.name, patronymic: self.patronymic });
        Some(Failed {
            id: self.id,
            channel: self.channel.parse().ok()?,
            fault: self.fault,
            // The other reasons are ours, and so are their words.
            said: self
                .last_error
                .filter(|_| matches!(self.fault, Fault::Refused | Fault::LetterRefused | Fault::GaveUp)),
            what: What::of(&self.payload.0, self.priority),
            person: self.person_id.zip(name),
            has_card: self.has_card,
            at: self.finished_at,
            is_in_time: self.expires_at.is_none_or(|until| until > now),
        })
    }
}

/// The rows of these ids that still are failures, in no order.
pub(super) async fn rows(tx: &mut Tx, ids: &[OutboxId], now: Timestamp) -> Result<Vec<Failed>, StorageError> {
    const HEAD: &str =
        "SELECT o.id, o.channel, o.fault, o.last_error, o.payload, o.priority, o.expires_at, o.finished_at,
            o.person_id, p.surname, p.name, p.patronymic, (c.person_id IS NOT NULL AND c.deleted_at IS NULL) AS has_card
        FROM outbox o LEFT JOIN persons p ON p.id = o.person_id LEFT JOIN citizens c ON c.person_id = o.person_id
        WHERE o.fault IS NOT NULL AND o.id IN (";
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<FailedRow> = on_backend!(tx, |c| {
        let mut builder = QueryBuilder::new(HEAD);
        let mut list = builder.separated(", ");
        for id in ids {
            list.push_bind(*id);
        }
        builder.push(")");
        builder.build_query_as().persistent(false).fetch_all(c).await?
    });
    Ok(rows.into_iter().filter_map(|row| row.read(now)).collect())
}
