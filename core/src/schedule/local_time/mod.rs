//! From the wall clock to the moment and back (PT-D29, PT-D30). Local date and time are the stored truth of a reminder; the
//! moment is derived here and nowhere else, so that gaps and overlaps of clock changes come out the same everywhere.

use chrono::{LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::foundation::clock::Timestamp;

#[cfg(test)]
mod tests;

/// The longest stretch of wall time a zone has ever left out: a whole day (Samoa crossing the date line in 2011).
const LONGEST_GAP_MINUTES: i64 = 24 * 60;

/// What a change of clocks does to a wall time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockChange {
    /// Nothing: the time exists once.
    None,
    /// The clocks jump over the time; the reminder goes at the first minute after the gap, which is given.
    Skipped(NaiveDateTime),
    /// The clocks show the time twice; the reminder goes at the first.
    Twice,
}

/// The moment of a wall time: the first minute after a gap, the first of two in an overlap (PT-D30).
pub fn moment_of(date: NaiveDate, time: NaiveTime, zone: Tz) -> Timestamp {
    let wall = date.and_time(time);
    existing(wall, zone).1
}

/// Whether the clocks change over this wall time, for a note beside the date.
pub fn clock_change(date: NaiveDate, time: NaiveTime, zone: Tz) -> ClockChange {
    let wall = date.and_time(time);
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(_) => ClockChange::None,
        LocalResult::Ambiguous(..) => ClockChange::Twice,
        LocalResult::None => ClockChange::Skipped(existing(wall, zone).0),
    }
}

/// What the wall clock of `zone` shows at `moment`.
pub fn local_now(moment: Timestamp, zone: Tz) -> NaiveDateTime {
    moment.with_timezone(&zone).naive_local()
}

/// The first wall time from `wall` on that exists, and its first moment.
fn existing(wall: NaiveDateTime, zone: Tz) -> (NaiveDateTime, Timestamp) {
    for minutes in 0..=LONGEST_GAP_MINUTES {
        let candidate = wall + TimeDelta::minutes(minutes);
        if let Some(moment) = zone.from_local_datetime(&candidate).earliest() {
            return (candidate, moment.with_timezone(&Utc));
        }
    }
    // No zone leaves out more than a day; should one ever, its standard reading still is a definite moment.
    (wall, wall.and_utc())
}
