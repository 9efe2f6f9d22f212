//! Counting the reminders of a day.

use chrono::{Days, NaiveDate};

use super::MOST_ROWS;
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{OccurrenceId, first_of},
    },
    on_backend,
    patronage::{reminders::OccurrenceState, today::Frame},
};

/// Reminders that stand alike.
#[derive(sqlx::FromRow)]
pub(super) struct TallyRow {
    pub zone: Option<String>,
    pub local_date: NaiveDate,
    pub state: OccurrenceState,
    pub is_sent: bool,
    pub number: i64,
}

/// Numbers by zone, day and state, of reminders called `o`.
macro_rules! counted {
    ($from:expr) => {
        concat!(
            "SELECT COALESCE(p.time_zone, d.time_zone) AS zone, o.local_date, o.state, o.delivered_at IS NOT NULL AS is_sent,
                COUNT(*) AS number FROM ",
            $from,
            " GROUP BY 1, o.local_date, o.state, 4"
        )
    };
}

/// Everybody's: along the ids, which begin with the moment a reminder came due, and the announced meetings; each until the limit. The
/// cross join keeps SQLite from beginning with all citizens.
const ALL: &str = counted!(
    "(SELECT person_id, local_date, state, delivered_at FROM (SELECT person_id, local_date, state, delivered_at
            FROM occurrences WHERE id >= $3 AND kind <> 'curator_reminder' AND local_date BETWEEN $1 AND $2
            ORDER BY id LIMIT $4) AS young
        UNION ALL SELECT person_id, local_date, state, delivered_at FROM (SELECT person_id, local_date, state, delivered_at
            FROM occurrences WHERE kind = 'meeting' AND local_date BETWEEN $1 AND $2 AND id < $3 LIMIT $4) AS announced) AS o
     CROSS JOIN citizens c JOIN persons p ON p.id = c.person_id LEFT JOIN districts d ON d.id = c.district_id
     WHERE c.person_id = o.person_id AND c.deleted_at IS NULL"
);

/// One curator's: along the citizens.
const OWN: &str = counted!(
    "citizens c JOIN persons p ON p.id = c.person_id LEFT JOIN districts d ON d.id = c.district_id
     JOIN occurrences o ON o.person_id = c.person_id AND o.local_date BETWEEN $1 AND $2 AND o.kind <> 'curator_reminder'
     WHERE c.curator_id = $3 AND c.deleted_at IS NULL"
);

/// The reminders of the days that are today somewhere.
pub(super) async fn rows(tx: &mut Tx, frame: &Frame, oldest: Timestamp) -> Result<Vec<TallyRow>, StorageError> {
    let (first, last) = (frame.today - Days::new(1), frame.today + Days::new(1));
    Ok(on_backend!(tx, |c| match frame.sight.curator() {
        None => {
            let query = sqlx::query_as(ALL).bind(first).bind(last).bind(OccurrenceId(first_of(oldest)));
            query.bind(MOST_ROWS + 1).fetch_all(c).await?
        }
        Some(me) => sqlx::query_as(OWN).bind(first).bind(last).bind(me).fetch_all(c).await?,
    }))
}
