//! The calendar of all meetings (PT-222…PT-225), and two of them at the same time (PT-226).

mod store;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::{
    calendar::{Entry, ahead},
    kind::Kind,
    occurrence, series,
    state::OccurrenceState,
};
use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::{DistrictId, PersonId, SeriesId},
    },
    patronage::citizens::{self, CitizenLine},
    people::{access::Action, name::search_key},
    schedule::local_time::{local_now, moment_of},
};

/// How far ahead meetings at the same time are looked for.
const DAYS_AHEAD: Days = Days::new(366);

/// What the calendar is narrowed to; an empty text and `None` narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MeetingFilter {
    /// «Соц. куратор».
    pub curator: Option<PersonId>,
    /// «Район».
    pub district: Option<DistrictId>,
    /// Parts of «ФИО пользователя» in any order.
    pub name: String,
}

/// A meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// With whom.
    pub citizen: CitizenLine,
    /// When, about what, and how it stands; by the citizen's clock.
    pub entry: Entry,
}

impl Meeting {
    /// When it begins.
    pub fn moment(&self) -> Timestamp {
        moment_of(self.entry.date, self.entry.time, self.citizen.tz)
    }

    fn slot(&self) -> Option<Slot> {
        Slot::of(self.citizen.curator.as_ref().map(|(id, _)| *id), self.moment(), self.entry.state)
    }
}

/// The time that a meeting takes of a curator. Two meetings of one slot clash, whosever they are (PT-226).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    curator: PersonId,
    at: Timestamp,
}

impl Slot {
    /// The slot of a meeting; `None` when it takes nobody's time.
    pub fn of(curator: Option<PersonId>, at: Timestamp, state: OccurrenceState) -> Option<Self> {
        let takes_place = !matches!(state, OccurrenceState::Excluded | OccurrenceState::Cancelled);
        curator.filter(|_| takes_place).map(|curator| Self { curator, at })
    }
}

/// All meetings of the citizens in sight from `first` to `last`, by date and time.
pub async fn meetings(
    work: &mut Work,
    first: NaiveDate,
    last: NaiveDate,
    filter: &MeetingFilter,
) -> Result<Vec<Meeting>, Failure> {
    let only = work.must(Action::ViewMeetings)?.curator();
    if only.is_some() && filter.curator.is_some() && filter.curator != only {
        return Ok(Vec::new());
    }
    let mut found = between(work, first, last, only.or(filter.curator)).await?;
    let district = filter.district.filter(|_| work.app.config.sections.districts);
    let name = search_key(&filter.name);
    found.retain(|meeting| {
        let key = meeting.citizen.name.search_key();
        name.split(' ').all(|word| key.contains(word))
            && district.is_none_or(|district| meeting.citizen.district == Some(district))
    });
    Ok(found)
}

/// Another meeting of the same curator at the same minute as one that `series` has ahead (PT-226).
pub async fn overlap(work: &mut Work, series: SeriesId) -> Result<Option<Meeting>, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let planned = series::store::find(&mut work.tx, series).await?.ok_or(Failure::NotFound)?;
    let place = series::store::place_of(work, sight, planned.person).await?;
    let (Kind::Meeting, Some(curator)) = (planned.plan.kind, place.curator) else { return Ok(None) };
    let today = local_now(work.now, place.zones.citizen).date();
    let Some((_, first)) = planned.plan.rule.first_on_or_after(today) else { return Ok(None) };
    let last = planned.plan.rule.last().map_or(first, |(_, last)| last).min(today + DAYS_AHEAD);
    // By another clock the same minute may stand on the day before or after.
    let found = between(work, first - Days::new(1), last + Days::new(1), Some(curator)).await?;
    let (own, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|meeting| meeting.entry.series == series);
    let own = own.iter().filter(|meeting| meeting.entry.state == OccurrenceState::Planned);
    let own: BTreeSet<Slot> = own.filter_map(Meeting::slot).collect();
    Ok(others.into_iter().find(|meeting| meeting.slot().is_some_and(|slot| own.contains(&slot))))
}

async fn between(
    work: &mut Work,
    first: NaiveDate,
    last: NaiveDate,
    curator: Option<PersonId>,
) -> Result<Vec<Meeting>, StorageError> {
    let stored = occurrence::store::meetings_between(&mut work.tx, first, last, curator).await?;
    let series = store::series_between(&mut work.tx, first, last, curator).await?;
    let mut owners: BTreeMap<SeriesId, PersonId> = stored.iter().map(|it| (it.series, it.person)).collect();
    owners.extend(series.iter().map(|(it, _)| (it.id, it.person)));
    let mut entries = ahead(&series, &stored, first, last);
    entries.extend(stored.iter().filter(|it| it.state != OccurrenceState::Cancelled).map(Entry::stored));
    let people: BTreeSet<PersonId> = entries.iter().filter_map(|entry| owners.get(&entry.series).copied()).collect();
    let lines = citizens::lines_of(work, &people.into_iter().collect::<Vec<_>>()).await?;
    let meeting = |entry: Entry| {
        let citizen = owners.get(&entry.series).and_then(|person| lines.get(person))?.clone();
        Some(Meeting { citizen, entry })
    };
    let mut found: Vec<Meeting> = entries.into_iter().filter_map(meeting).collect();
    found.sort_by_cached_key(|it| (it.entry.date, it.entry.time, it.citizen.name.search_key(), it.entry.series));
    Ok(found)
}
