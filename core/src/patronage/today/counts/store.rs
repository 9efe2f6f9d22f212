//! The statement behind the numbers of the menu.

use super::{AT_MOST, Counts};
use crate::{
    foundation::{db::Tx, errors::StorageError},
    on_backend,
    patronage::{
        reminders::is_deviation,
        today::{
            Frame,
            store::{active, deviating},
        },
    },
};

/// Unprocessed records of everybody that meet a condition, counted up to the limit `$1`.
macro_rules! waiting {
    ($condition:literal, $name:literal) => {
        concat!(
            "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM activity a JOIN citizens c ON c.person_id = a.person_id
                WHERE ",
            $condition,
            " AND a.processed_at IS NULL AND c.deleted_at IS NULL ORDER BY a.kind, a.id LIMIT $1) AS few) AS ",
            $name
        )
    };
}

/// Meetings of the day `$2`, sent and to come.
macro_rules! meetings {
    ($mine:literal) => {
        concat!(
            "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM occurrences o JOIN citizens c ON c.person_id = o.person_id
                WHERE o.kind = 'meeting' AND o.local_date = $2 AND o.state <> 'cancelled' AND c.deleted_at IS NULL ",
            $mine,
            " LIMIT $1) AS sent) + (SELECT COUNT(*) FROM (SELECT 1 AS one
                FROM series s JOIN citizens c ON c.person_id = s.person_id
                WHERE s.kind = 'meeting' AND s.next_date = $2 AND c.deleted_at IS NULL ",
            $mine,
            " LIMIT $1) AS ahead) AS meetings"
        )
    };
}

/// Everybody's: along the indexes of what waits, each until the limit.
const ALL: &str = concat!(
    "SELECT ",
    waiting!("a.kind = 'contact_request'", "contacts"),
    ", ",
    waiting!("a.kind = 'contact_request' AND a.created_at < $5", "overdue"),
    ", ",
    waiting!("a.kind = 'curator_reminder'", "own_reminders"),
    ", ",
    waiting!("a.kind IN ('missed_5_days', 'inactive_10_days', 'no_assignments_2_days')", "rules"),
    ", ",
    waiting!("a.kind = 'file'", "files"),
    ", (SELECT COUNT(DISTINCT late.person_id) FROM (SELECT o.person_id
            FROM occurrences o JOIN citizens c ON c.person_id = o.person_id WHERE ",
    deviating!(),
    " AND ",
    active!(),
    " ORDER BY o.due_at DESC LIMIT $1) AS late) AS deviations, ",
    meetings!("")
);

/// One curator's: along his citizens.
const OWN: &str = concat!(
    "SELECT COALESCE(SUM(CASE WHEN a.kind = 'contact_request' THEN 1 ELSE 0 END), 0) AS contacts,
        COALESCE(SUM(CASE WHEN a.kind = 'contact_request' AND a.created_at < $5 THEN 1 ELSE 0 END), 0) AS overdue,
        COALESCE(SUM(CASE WHEN a.kind = 'curator_reminder' THEN 1 ELSE 0 END), 0) AS own_reminders,
        COALESCE(SUM(CASE WHEN a.kind IN ('missed_5_days', 'inactive_10_days', 'no_assignments_2_days')
            THEN 1 ELSE 0 END), 0) AS rules,
        COALESCE(SUM(CASE WHEN a.kind = 'file' THEN 1 ELSE 0 END), 0) AS files,
        (SELECT COUNT(*) FROM (SELECT 1 AS one FROM citizens c WHERE c.curator_id = $6 AND ",
    active!(),
    " AND EXISTS (SELECT 1 FROM occurrences o WHERE o.person_id = c.person_id AND ",
    deviating!(),
    ") LIMIT $1) AS late) AS deviations, ",
    meetings!("AND c.curator_id = $6"),
    " FROM citizens c JOIN activity a ON a.person_id = c.person_id
      WHERE c.curator_id = $6 AND c.deleted_at IS NULL AND a.processed_at IS NULL"
);

pub(super) async fn counts(tx: &mut Tx, frame: &Frame) -> Result<Counts, StorageError> {
    let me = frame.sight.curator();
    let sql = if me.is_some() { OWN } else { ALL };
    Ok(on_backend!(tx, |c| {
        let query = sqlx::query_as(sql).bind(AT_MOST).bind(frame.today).bind(frame.window_from);
        let query = query.bind(frame.waiting_since).bind(frame.overdue_before);
        match me {
            Some(me) => query.bind(me).fetch_one(c).await?,
            None => query.fetch_one(c).await?,
        }
    }))
}
