//! What the bot lists as coming (PT-111 … PT-121, PT-D22, PT-D23).

use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::{
    calendar::{Entry, ahead},
    kind::Kind,
    occurrence,
    series::store,
    state::OccurrenceState,
};
use crate::{
    foundation::{clock::Timestamp, errors::StorageError, ids::PersonId},
    schedule::local_time::{local_now, moment_of},
    work::Work,
};

/// Lines of a listing at most; the rest is only counted (PT-121).
pub const LISTED_AT_MOST: usize = 50;

const DAYS_OF_A_KIND: u16 = 30;
const DAYS_OF_MEETINGS: u16 = 365;

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upcoming {
    /// All kinds, so many days ahead.
    Days(u16),
    /// One kind: 30 days ahead, meetings 365.
    OfKind(Kind),
}

impl Upcoming {
    fn days(self) -> u16 {
        match self {
            Self::Days(days) => days,
            Self::OfKind(Kind::Meeting) => DAYS_OF_MEETINGS,
            Self::OfKind(_) => DAYS_OF_A_KIND,
        }
    }

    fn shows(self, kind: Kind) -> bool {
        kind.is_for_citizen() && (matches!(self, Self::Days(_)) || self == Self::OfKind(kind))
    }
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
    let house = work.app.config.time_zone;
    let Some(place) = store::find_place(&mut work.tx, house, person).await? else { return Ok(Listing::default()) };
    let window = Window::of(work.now, place.zones.citizen, which.days());
    let stored = occurrence::store::list_between(&mut work.tx, person, window.first, window.last).await?;
    let series = store::list_between(&mut work.tx, person, window.first, window.last).await?;
    let mut entries = ahead(&series, &stored, window.first, window.last);
    entries.retain(|entry| which.shows(entry.kind) && window.holds(entry));
    entries.sort_by_key(|entry| (entry.date, entry.time, entry.series));
    let more = u32::try_from(entries.len().saturating_sub(LISTED_AT_MOST)).unwrap_or(u32::MAX);
    entries.truncate(LISTED_AT_MOST);
    Ok(Listing { lines: entries.into_iter().map(Entry::into_line).collect(), more })
}

/// From now to the same wall time so many days later, that moment not included (PT-D22).
struct Window {
    zone: Tz,
    first: NaiveDate,
    last: NaiveDate,
    begins: Timestamp,
    ends: Timestamp,
}

impl Window {
    fn of(now: Timestamp, zone: Tz, days: u16) -> Self {
        let wall = local_now(now, zone);
        let last = wall.date().checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX);
        Self { zone, first: wall.date(), last, begins: now, ends: moment_of(last, wall.time(), zone) }
    }

    fn holds(&self, entry: &Entry) -> bool {
        let moment = moment_of(entry.date, entry.time, self.zone);
        entry.state == OccurrenceState::Planned && self.begins <= moment && moment < self.ends
    }
}

impl Entry {
    fn into_line(self) -> Line {
        Line { date: self.date, time: self.time, kind: self.kind, text: self.text }
    }
}
