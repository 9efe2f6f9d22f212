//! Who has deviations of the last hours.

use chrono::NaiveDate;

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::PersonId, page::Direction},
    on_backend,
};

/// A citizen's place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    /// The moment of the latest deviation.
    pub latest: Timestamp,
    /// Whose.
    pub person_id: PersonId,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Only citizens of this curator.
    pub curator: Option<PersonId>,
    /// Reminders later than this.
    pub since: Timestamp,
    /// Waiting ones count when they have waited since before.
    pub waiting_since: Timestamp,
    /// Nowhere is it a later day: a period of inactivity that ends on it or later is not over.
    pub latest_day: NaiveDate,
    /// To which side of [`Asked::place`] the list goes on.
    pub direction: Direction,
    /// Where the list goes on.
    pub place: Place,
}

macro_rules! people {
    ($sight:literal, $beyond:literal) => {
        concat!(
            "SELECT o.person_id, MAX(o.due_at) AS latest FROM occurrences o
                JOIN citizens c ON c.person_id = o.person_id
            WHERE o.state IN ('awaiting', 'missed', 'undelivered') AND o.kind <> 'curator_reminder' AND o.due_at > $1
                AND (o.state <> 'awaiting' OR (o.due_at <= $2 AND (o.delivered_at IS NULL OR o.delivered_at <= $2)))
                AND c.deleted_at IS NULL AND (NOT c.inactive OR c.inactive_until < $3)",
            $sight,
            " GROUP BY o.person_id HAVING (MAX(o.due_at), o.person_id) ",
            $beyond
        )
    };
}

/// Citizens with deviations, those with the latest first; walking in the direction asked for.
pub async fn people(tx: &mut Tx, asked: &Asked, limit: usize) -> Result<Vec<Place>, StorageError> {
    const ALL_AFTER: &str = people!("", "< ($4, $5) ORDER BY latest DESC, o.person_id DESC LIMIT $6");
    const ALL_BEFORE: &str = people!("", "> ($4, $5) ORDER BY latest, o.person_id LIMIT $6");
    const OWN_AFTER: &str =
        people!(" AND c.curator_id = $7", "< ($4, $5) ORDER BY latest DESC, o.person_id DESC LIMIT $6");
    const OWN_BEFORE: &str = people!(" AND c.curator_id = $7", "> ($4, $5) ORDER BY latest, o.person_id LIMIT $6");
    let sql = match (asked.curator, asked.direction) {
        (None, Direction::After) => ALL_AFTER,
        (None, Direction::Before) => ALL_BEFORE,
        (Some(_), Direction::After) => OWN_AFTER,
        (Some(_), Direction::Before) => OWN_BEFORE,
    };
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(asked.since).bind(asked.waiting_since).bind(asked.latest_day);
        let query = query.bind(asked.place.latest).bind(asked.place.person_id).bind(limit);
        let query = match asked.curator {
            Some(curator) => query.bind(curator),
            None => query,
        };
        query.fetch_all(c).await?
    }))
}
