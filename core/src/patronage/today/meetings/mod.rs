//! Meetings of one day: those whose message went already are rows, the others stand in the cursors of their series.

mod store;

use chrono::NaiveTime;

use super::{Frame, Who};
use crate::{
    Work,
    foundation::{clock::Timestamp, errors::Failure, ids::SeriesId},
    patronage::reminders::{OccurrenceState, Slot},
};

/// A meeting of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// With whom.
    pub who: Who,
    /// Its series.
    pub series: SeriesId,
    /// Its number within the series.
    pub ordinal: u32,
    /// The time on the citizen's clocks.
    pub time: NaiveTime,
    /// When it is.
    pub at: Timestamp,
    /// What the reminder says.
    pub text: String,
    /// How the message about it stands.
    pub state: OccurrenceState,
    /// Whether the same curator has another meeting at this moment (PT-226).
    pub clashes: bool,
}

/// The meetings of the day in their order.
pub(super) async fn of_day(work: &mut Work, frame: &Frame) -> Result<Vec<Meeting>, Failure> {
    let mut rows = store::sent(&mut work.tx, frame).await?;
    rows.extend(store::ahead(&mut work.tx, frame).await?);
    rows.sort_by_key(|row| (row.at(), row.series_id));
    let slots: Vec<Option<Slot>> = rows.iter().map(|row| Slot::of(row.curator_id, row.at(), row.state)).collect();
    let clashes = |slot: &Option<Slot>| slot.is_some() && slots.iter().filter(|one| *one == slot).count() > 1;
    let mut meetings = Vec::with_capacity(rows.len());
    for (row, slot) in rows.into_iter().zip(&slots) {
        meetings.push(row.into_meeting(frame.house, clashes(slot))?);
    }
    Ok(meetings)
}
