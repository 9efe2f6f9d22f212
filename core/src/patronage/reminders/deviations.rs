//! «Отклонения» of one citizen (PT-104, PT-105).

use chrono::{NaiveDate, NaiveTime};

use super::{
    kind::Kind,
    state::{OccurrenceState, Reason},
};
use crate::foundation::ids::{OccurrenceId, SeriesId};

/// A reminder that was ignored, refused or not delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviation {
    /// Its row.
    pub occurrence: OccurrenceId,
    /// Its series.
    pub series: SeriesId,
    /// Its number within the series.
    pub ordinal: u32,
    /// Local date.
    pub date: NaiveDate,
    /// Local time.
    pub time: NaiveTime,
    /// What it is about.
    pub kind: Kind,
    /// The text that was sent.
    pub text: String,
    /// Yellow, red or grey.
    pub state: OccurrenceState,
    /// Why it was not delivered.
    pub reason: Option<Reason>,
}
