//! What the bot lists as coming (PT-111 … PT-121, PT-D22, PT-D23).

use chrono::{NaiveDate, NaiveTime};

use super::kind::Kind;
use crate::{
    foundation::{errors::StorageError, ids::PersonId},
    work::Work,
};

/// Lines of a listing at most; the rest is only counted (PT-121).
pub const LISTED_AT_MOST: usize = 50;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upcoming {
    /// All kinds, so many days ahead.
    Days(u16),
    /// One kind: 30 days ahead, meetings 365.
    OfKind(Kind),
}

/// A list of what is coming.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listing {
    /// In order of time, [`LISTED_AT_MOST`] at most.
    pub lines: Vec<Line>,
    /// How many more there are.
    pub more: u32,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Local date.
    pub date: NaiveDate,
    /// Local time.
    pub time: NaiveTime,
    /// What it is about.
    pub kind: Kind,
    /// «Описание задания».
    pub text: String,
}

/// What is coming for `person`; never what was sent, excluded, cancelled or is the curator's own (PT-116).
pub async fn upcoming(work: &mut Work, person: PersonId, which: Upcoming) -> Result<Listing, StorageError> {
    let _ = (work, person, which);
    todo!()
}
