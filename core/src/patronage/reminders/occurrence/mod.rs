//! One reminder of a series that came due, or of which something was said.

pub(super) mod store;

use chrono::{NaiveDate, NaiveTime};

use super::{
    kind::Kind,
    series::Series,
    state::{OccurrenceState, Reason},
    upcoming::Line,
};
use crate::{
    foundation::{
        clock::Timestamp,
        ids::{OccurrenceId, PersonId, SeriesId},
    },
    people::access::Author,
};

/// A stored reminder.
#[derive(Debug, Clone, PartialEq)]
pub struct Occurrence {
    /// Its id, which travels in the buttons.
    pub id: OccurrenceId,
    /// Its series.
    pub series: SeriesId,
    /// Its number within the series.
    pub ordinal: u32,
    /// Whose.
    pub person: PersonId,
    /// What it was about when it was sent.
    pub kind: Kind,
    /// Local date.
    pub date: NaiveDate,
    /// Local time.
    pub time: NaiveTime,
    /// The moment of the event; a meeting's message may go earlier.
    pub due_at: Timestamp,
    /// The text when it was sent.
    pub text: String,
    /// Where it stands.
    pub state: OccurrenceState,
    /// Why it was not delivered.
    pub reason: Option<Reason>,
    /// When the messenger confirmed it.
    pub delivered_at: Option<Timestamp>,
    /// When it was answered or marked.
    pub reacted_at: Option<Timestamp>,
    /// By whom.
    pub reacted_by: Option<Author>,
    /// Whether the curator is still to be told that it was too late.
    pub summary_pending: bool,
}

impl Occurrence {
    /// The occurrence of `series` on `date`, in `state`.
    pub fn of(
        id: OccurrenceId,
        series: &Series,
        ordinal: u32,
        date: NaiveDate,
        due_at: Timestamp,
        state: OccurrenceState,
    ) -> Self {
        Self {
            id,
            series: series.id,
            ordinal,
            person: series.person,
            kind: series.plan.kind,
            date,
            time: series.plan.time,
            due_at,
            text: series.plan.text.clone(),
            state,
            reason: None,
            delivered_at: None,
            reacted_at: None,
            reacted_by: None,
            summary_pending: false,
        }
    }

    /// How it reads.
    pub fn line(&self) -> Line {
        Line { date: self.date, time: self.time, kind: self.kind, text: self.text.clone() }
    }
}
