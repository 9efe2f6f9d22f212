//! «Отклонения» of one citizen (PT-104, PT-105): without a time window, the newest first.

use chrono::{DateTime, NaiveDate, NaiveTime};
use uuid::Uuid;

use super::{
    kind::Kind,
    occurrence::{
        Occurrence,
        store::{Beyond, deviations},
    },
    series::store::place_of,
    state::{OccurrenceState, Reason},
};
use crate::{
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{OccurrenceId, PersonId, SeriesId},
        page::{Cursor, Direction, PAGE_ROWS, Page},
    },
    people::access::Action,
    work::Work,
};

/// Later than everything, and still in order as the embedded database writes it.
pub(super) const END_OF_TIME: Timestamp =
    DateTime::from_timestamp(253_402_300_799, 0).expect("the year 9999 can be written");

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

/// The deviations of `person`.
pub async fn deviations_of(
    work: &mut Work,
    person: PersonId,
    cursor: Option<Cursor>,
) -> Result<Page<Deviation>, Failure> {
    let sight = work.must(Action::ViewDeviations)?;
    place_of(work, sight, person).await?;
    let waiting_since = work.now - work.app.config.deviation_grace();
    let beyond = place_in_list(cursor.as_ref());
    let found = deviations(&mut work.tx, person, waiting_since, beyond, PAGE_ROWS + 1).await?;
    Ok(Page::of(found, PAGE_ROWS, cursor.as_ref(), key).map(Deviation::from))
}

fn key(it: &Occurrence) -> String {
    format!("{}|{}", it.due_at.timestamp_micros(), it.id)
}

/// Where the list goes on; a cursor that is not of this list leads to its beginning.
fn place_in_list(cursor: Option<&Cursor>) -> Beyond {
    let read = cursor.and_then(|cursor| {
        let key: String = cursor.key()?;
        let (micros, id) = key.split_once('|')?;
        let due_at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        Some((cursor.direction(), due_at, id.parse().ok()?))
    });
    match read {
        Some((Direction::Before, due_at, id)) => Beyond::Newer(due_at, id),
        Some((Direction::After, due_at, id)) => Beyond::Older(due_at, id),
        None => Beyond::Older(END_OF_TIME, OccurrenceId(Uuid::max())),
    }
}

impl From<Occurrence> for Deviation {
    fn from(it: Occurrence) -> Self {
        Self {
            occurrence: it.id,
            series: it.series,
            ordinal: it.ordinal,
            date: it.date,
            time: it.time,
            kind: it.kind,
            text: it.text,
            state: it.state,
            reason: it.reason,
        }
    }
}
