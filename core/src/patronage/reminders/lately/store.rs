//! Who has deviations of the last hours.

use chrono::NaiveDate;

use crate::{
    foundation::{clock::Timestamp, db::Tx, errors::StorageError, ids::PersonId, page::Direction},
    on_backend,
    patronage::reminders::occurrence::store::is_deviation,
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

/// What is late is looked up by time, then put together by person, then each person's card is looked at: written so that neither
/// database begins at the other end and walks through everybody.
macro_rules! people {
    ($sight:literal, $beyond:literal, $order:literal) => {
        concat!(
            "WITH late AS MATERIALIZED (SELECT o.person_id, o.due_at FROM occurrences o WHERE o.due_at > $1 AND ",
            is_deviation!("$2"),
            "),
            people AS MATERIALIZED (SELECT person_id, MAX(due_at) AS latest FROM late GROUP BY person_id)
            SELECT l.person_id, l.latest FROM people l WHERE (l.latest, l.person_id) ",
            $beyond,
            " AND (SELECT c.deleted_at IS NULL AND (NOT c.inactive OR c.inactive_until < $3) ",
            $sight,
            " FROM citizens c WHERE c.person_id = l.person_id) ",
            $order
        )
    };
}

/// Citizens with deviations, those with the latest first; walking in the direction asked for.
pub async fn people(tx: &mut Tx, asked: &Asked, limit: usize) -> Result<Vec<Place>, StorageError> {
    macro_rules! after {
        ($sight:literal) => {
            people!($sight, "< ($4, $5)", "ORDER BY l.latest DESC, l.person_id DESC LIMIT $6")
        };
    }
    macro_rules! before {
        ($sight:literal) => {
            people!($sight, "> ($4, $5)", "ORDER BY l.latest, l.person_id LIMIT $6")
        };
    }
    const ALL_AFTER: &str = after!("");
    const ALL_BEFORE: &str = before!("");
    const OWN_AFTER: &str = after!("AND c.curator_id = $7");
    const OWN_BEFORE: &str = before!("AND c.curator_id = $7");
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
