//! The calendar of a citizen's reminders (PT-178): stored rows and what the rules give ahead.

use chrono::{NaiveDate, NaiveTime};

use super::{
    kind::Kind,
    state::{OccurrenceState, Reason},
};
use crate::{
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{OccurrenceId, PersonId, SeriesId},
    },
    people::access::Author,
    work::Work,
};

/// One row of the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its series.
    pub series: SeriesId,
    /// Its number within the series.
    pub ordinal: u32,
    /// Its row, once it has one.
    pub occurrence: Option<OccurrenceId>,
    /// Local date.
    pub date: NaiveDate,
    /// Local time.
    pub time: NaiveTime,
    /// What it is about.
    pub kind: Kind,
    /// «Описание задания», whole.
    pub text: String,
    /// Where it stands.
    pub state: OccurrenceState,
    /// Why it was not delivered.
    pub reason: Option<Reason>,
    /// When the messenger confirmed it.
    pub delivered_at: Option<Timestamp>,
    /// When it was answered or marked.
    pub reacted_at: Option<Timestamp>,
    /// Who answered or marked.
    pub reacted_by: Option<Author>,
    /// That person's full name, for curators.
    pub reacted_by_name: Option<String>,
}

/// All reminders of `person` from `first` to `last`, by date and time.
pub async fn calendar(
    work: &mut Work,
    person: PersonId,
    first: NaiveDate,
    last: NaiveDate,
    kind: Option<Kind>,
) -> Result<Vec<Entry>, Failure> {
    let _ = (work, person, first, last, kind);
    todo!()
}
