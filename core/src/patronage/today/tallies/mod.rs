//! What became of the reminders of this day so far: of each citizen's own day, because clocks differ.

mod store;

use chrono::TimeDelta;

use super::Frame;
use crate::{
    Work, foundation::errors::Failure, patronage::reminders::OccurrenceState, schedule::local_time::local_now,
};

/// Reminders of everybody that are counted for one page at most.
pub const MOST_ROWS: i64 = 20_000;
/// Rows of this day are younger than this, except those of meetings that were announced earlier: the day may have begun up to a day
/// ago, and two hours more are for clocks that were turned.
const OLDEST: TimeDelta = TimeDelta::hours(26);

/// Numbers of this day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tallies {
    /// Handed over, whatever was answered.
    pub sent: i64,
    /// «Выполнено».
    pub done: i64,
    /// «Пропущено».
    pub missed: i64,
    /// Handed over and not answered.
    pub unanswered: i64,
    /// Not handed over, whoever was to blame.
    pub undelivered: i64,
}

impl Tallies {
    /// Whether nothing came due yet.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, row: &store::TallyRow) {
        if row.is_sent {
            self.sent += row.number;
        }
        match row.state {
            OccurrenceState::Done => self.done += row.number,
            OccurrenceState::Missed => self.missed += row.number,
            OccurrenceState::Awaiting => self.unanswered += row.number,
            OccurrenceState::Undelivered => self.undelivered += row.number,
            OccurrenceState::Planned
            | OccurrenceState::Excluded
            | OccurrenceState::Sending
            | OccurrenceState::Cancelled => {}
        }
    }
}

/// The numbers of this day for the citizens in sight; `None` when there are too many to count them for a page.
pub(super) async fn of_day(work: &mut Work, frame: &Frame) -> Result<Option<Tallies>, Failure> {
    let rows = store::rows(&mut work.tx, frame, work.now - OLDEST).await?;
    if frame.sight.curator().is_none() && rows.iter().map(|row| row.number).sum::<i64>() > MOST_ROWS {
        return Ok(None);
    }
    let mut tallies = Tallies::default();
    for row in &rows {
        let zone = row.zone.as_deref().and_then(|name| name.parse().ok()).unwrap_or(frame.house);
        if row.local_date == local_now(work.now, zone).date() {
            tallies.add(row);
        }
    }
    Ok(Some(tallies))
}
