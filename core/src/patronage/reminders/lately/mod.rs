//! «Отклонения» of the last 72 hours, of all citizens in sight (PT-248…PT-254, PT-D48).

mod store;

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, TimeDelta};
use store::{Asked, Place};
use uuid::Uuid;

use super::{
    deviations::{Deviation, END_OF_TIME},
    occurrence::store::deviations_since,
};
use crate::{
    Work,
    foundation::{
        errors::Failure,
        ids::PersonId,
        page::{Cursor, Direction, NotACursor, Page},
    },
    patronage::citizens::{self, CitizenLine},
    people::access::Action,
};

/// How far the section looks back (PT-249).
pub const WINDOW: TimeDelta = TimeDelta::hours(72);

/// Citizens on one page.
const PEOPLE_A_PAGE: usize = 25;

/// A citizen with the deviations of the last 72 hours.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// The citizen.
    pub citizen: CitizenLine,
    /// What was ignored, refused or not delivered, the latest first.
    pub deviations: Vec<Deviation>,
}

/// Citizens in sight with deviations of the last 72 hours, those with the latest first. Who is marked inactive is left out, and
/// so are curators' own reminders.
pub async fn lately(work: &mut Work, cursor: Option<Cursor>) -> Result<Page<Watched>, Failure> {
    let sight = work.must(Action::ViewDeviations)?;
    let place = cursor.as_ref().and_then(Cursor::key::<Place>);
    let cursor = cursor.filter(|_| place.is_some());
    let asked = Asked {
        curator: sight.curator(),
        since: work.now - WINDOW,
        waiting_since: work.now - work.app.config.deviation_grace(),
        latest_day: (work.now + TimeDelta::hours(14)).date_naive(),
        direction: cursor.as_ref().map_or(Direction::After, Cursor::direction),
        place: place.unwrap_or(Place { latest: END_OF_TIME, person_id: PersonId(Uuid::max()) }),
    };
    let found = store::people(&mut work.tx, &asked, PEOPLE_A_PAGE + 1).await?;
    let page = Page::of(found, PEOPLE_A_PAGE, cursor.as_ref(), |place| *place);
    let people: Vec<PersonId> = page.items.iter().map(|place| place.person_id).collect();
    let mut lines = citizens::lines_of(work, &people).await?;
    let rows = deviations_since(&mut work.tx, &people, asked.since, asked.waiting_since).await?;
    let mut deviations: BTreeMap<PersonId, Vec<Deviation>> = BTreeMap::new();
    for row in rows {
        deviations.entry(row.person).or_default().push(row.into());
    }
    // The statement looks at the day that is latest anywhere; the line at the citizen's own.
    let mut watched = |place: Place| {
        let citizen = lines.remove(&place.person_id).filter(|line| !line.activity.is_inactive())?;
        Some(Watched { citizen, deviations: deviations.remove(&place.person_id).unwrap_or_default() })
    };
    let items = page.items.into_iter().filter_map(&mut watched).collect();
    Ok(Page { items, before: page.before, after: page.after })
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.latest.timestamp_micros(), self.person_id)
    }
}

impl FromStr for Place {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (micros, person) = text.split_once('|').ok_or(NotACursor)?;
        let latest = micros.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or(NotACursor)?;
        Ok(Self { latest, person_id: person.parse().map_err(|_| NotACursor)? })
    }
}
