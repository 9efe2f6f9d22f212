//! The list of «Активность» with its filters (PT-196 … PT-211, PT-221). It shows the citizen's curator and district of now, and
//! beside them the curator of then, if it was another one (PT-D11).

mod store;

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::Kind;
use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, Say, StorageError},
        ids::{ActivityId, ContactId, DistrictId, FileId, PersonId, SeriesId},
        page::{Cursor, PAGE_ROWS, Page},
    },
    patronage::citizens::{Search, search_words},
    people::{
        access::{Action, Author},
        accounts::{self, AuthorName},
        name::FullName,
    },
    schedule::local_time::{local_now, moment_of},
};

/// Beyond so many records the number is not counted to its end.
pub const COUNTED_AT_MOST: i64 = 10_000;
/// The menu counts so far.
const WAITING_AT_MOST: i64 = 100;

/// What the list is narrowed to; all of it must hold (PT-208).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    /// Parts of the citizen's name, «е» for «ё» (PT-198).
    pub name: String,
    /// The citizen's curator (PT-199).
    pub curator: Option<PersonId>,
    /// The citizen's district (PT-200).
    pub district: Option<DistrictId>,
    /// «Фильтр Просмотрено» (PT-201).
    pub seen: Seen,
    /// «Тип» (PT-202).
    pub kind: Option<Kind>,
    /// «Дата начала», from its first moment on (PT-203).
    pub first: Option<NaiveDate>,
    /// «Дата окончания», to its last moment (PT-204).
    pub last: Option<NaiveDate>,
}

/// «Фильтр Просмотрено».
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Seen {
    /// «Все».
    #[default]
    All,
    /// «Просмотрено».
    Seen,
    /// «Не просмотрено».
    Unseen,
}

/// A quick search: both dates at once (PT-205 … PT-207).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// «За сегодня».
    Today,
    /// «За вчера».
    Yesterday,
    /// «За эту неделю»: from Monday to today (PT-D52).
    ThisWeek,
}

impl Period {
    /// The first and the last date, by the clocks of the installation.
    pub fn dates(self, now: Timestamp, house: Tz) -> (NaiveDate, NaiveDate) {
        let today = local_now(now, house).date();
        let back = |days: u32| today.checked_sub_days(Days::new(u64::from(days))).unwrap_or(today);
        match self {
            Self::Today => (today, today),
            Self::Yesterday => (back(1), back(1)),
            Self::ThisWeek => (back(today.weekday().num_days_from_monday()), today),
        }
    }
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The records, newest first.
    pub page: Page<Record>,
    /// How many there are in all (PT-221).
    pub total: Counted,
}

/// A number that may not have been counted to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Exactly so many.
    Exactly(i64),
    /// More than so many.
    MoreThan(i64),
}

impl Counted {
    fn of(found: i64, most: i64) -> Self {
        if found > most { Self::MoreThan(most) } else { Self::Exactly(found) }
    }
}

/// One line of the list (PT-197).
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Which.
    pub id: ActivityId,
    /// «Тип».
    pub kind: Kind,
    /// When it was made.
    pub created_at: Timestamp,
    /// The citizen.
    pub person: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// As stored (E.164).
    pub phone: String,
    /// The curator of now.
    pub curator: Option<FullName>,
    /// The curator when the record was made, if that was another one (PT-D11).
    pub curator_then: Option<FullName>,
    /// «Район».
    pub district: Option<String>,
    /// The content.
    pub about: About,
    /// The tick, if it is set.
    pub tick: Option<Tick>,
    /// «Просрочено»: a request for contact whose next day has passed without the call (PT-211).
    pub is_overdue: bool,
}

/// What a record tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A file, to be opened from here (PT-209).
    File {
        /// Which.
        id: FileId,
        /// Its original name.
        name: String,
    },
    /// A request for contact.
    Request {
        /// Which.
        id: ContactId,
        /// What the citizen wrote.
        comment: Option<String>,
        /// What came out of it; empty means no contact.
        result: String,
    },
    /// A curator's own reminder.
    OwnReminder {
        /// Its series.
        series: SeriesId,
        /// Its number within the series.
        ordinal: u32,
        /// Local date.
        date: NaiveDate,
        /// Local time.
        time: NaiveTime,
        /// «Описание задания».
        text: String,
    },
    /// Dates on which something was left undone.
    Dates {
        /// The first.
        first: NaiveDate,
        /// The last; of [`Kind::NoAssignments`] the day of the last reminder.
        last: NaiveDate,
        /// Files that came on these dates although nothing was marked (PT-D45).
        files: i64,
        /// Requests for contact, likewise.
        requests: i64,
    },
}

/// «Галочка» (PT-217).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Who set it.
    pub by: Author,
    /// Under which name.
    pub name: AuthorName,
    /// When.
    pub at: Timestamp,
}

/// The kinds that this installation makes, for the filter (PT-202, PT-215).
pub fn kinds(work: &Work) -> Vec<Kind> {
    let has_monitor = work.app.config.sections.no_assignments_monitor;
    Kind::ALL.into_iter().filter(|kind| has_monitor || *kind != Kind::NoAssignments).collect()
}

/// The records of the citizens in sight, newest first, 50 a page (PT-221). A curator who sees only his own citizens gets only
/// theirs, whatever the filter says (PT-199).
pub async fn list(work: &mut Work, filter: &ActivityFilter, cursor: Option<Cursor>) -> Result<Listed, Failure> {
    let sight = work.must(Action::HandleActivity)?;
    let only = sight.curator();
    let wanted = wanted(work, filter, only)?;
    if only.is_some() && filter.curator.is_some() && filter.curator != only {
        let page = Page { items: Vec::new(), before: None, after: None };
        return Ok(Listed { page, total: Counted::Exactly(0) });
    }
    let place = cursor.filter(|cursor| cursor.key::<ActivityId>().is_some());
    let found = store::page(&mut work.tx, &wanted, place.as_ref(), PAGE_ROWS + 1).await?;
    let page = Page::of(found, PAGE_ROWS, place.as_ref(), |line| line.id);
    let total = store::count(&mut work.tx, &wanted, COUNTED_AT_MOST + 1).await?;
    let mut names = BTreeMap::new();
    let mut items = Vec::with_capacity(page.items.len());
    for line in page.items {
        let tick = tick_of(work, &mut names, &line).await?;
        items.push(line.into_record(tick, work.app.config.time_zone, work.now)?);
    }
    let page = Page { items, before: page.before, after: page.after };
    Ok(Listed { page, total: Counted::of(total, COUNTED_AT_MOST) })
}

/// How many records wait for a tick, of the citizens in sight: for the menu.
pub async fn waiting(work: &mut Work) -> Result<Counted, Failure> {
    let sight = work.must(Action::HandleActivity)?;
    let found = store::waiting(&mut work.tx, sight.curator(), WAITING_AT_MOST).await?;
    Ok(Counted::of(found, WAITING_AT_MOST - 1))
}

/// The filter, ready for the database.
fn wanted(work: &Work, filter: &ActivityFilter, only: Option<PersonId>) -> Result<store::Wanted, Failure> {
    if let (Some(first), Some(last)) = (filter.first, filter.last)
        && last < first
    {
        return Err(Failure::invalid("first", Say::key("activity-dates-swapped")));
    }
    let config = &work.app.config;
    let midnight = |date: NaiveDate| moment_of(date, NaiveTime::MIN, config.time_zone);
    Ok(store::Wanted {
        search: Search { names: search_words(&filter.name), ..Search::default() },
        curator: only.or(filter.curator),
        district: filter.district.filter(|_| config.sections.districts),
        seen: filter.seen,
        kind: filter.kind,
        from: filter.first.map(midnight),
        until: filter.last.and_then(|last| last.succ_opt()).map(midnight),
    })
}

/// Who ticked a line and when; each name is looked up once a page.
async fn tick_of(
    work: &mut Work,
    names: &mut BTreeMap<String, AuthorName>,
    line: &store::Line,
) -> Result<Option<Tick>, StorageError> {
    let Some((at, by)) = line.tick()? else { return Ok(None) };
    let key = by.to_string();
    let name = match names.get(&key) {
        Some(name) => name.clone(),
        None => {
            let name = accounts::name_of_author(&mut work.tx, by).await?;
            names.insert(key, name.clone());
            name
        }
    };
    Ok(Some(Tick { by, name, at }))
}

/// Whether a request made at `asked` is still without its call after the end of the next day (PT-211).
fn is_overdue(asked: Timestamp, now: Timestamp, house: Tz) -> bool {
    let day = local_now(asked, house).date();
    let end = day.checked_add_days(Days::new(2)).unwrap_or(day);
    now >= moment_of(end, NaiveTime::MIN, house)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use chrono_tz::Europe::Moscow;

    use super::*;

    fn moment(text: &str) -> Timestamp {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    fn period(period: Period, now: &str) -> [String; 2] {
        let (first, last) = period.dates(moment(now), Moscow);
        [first.to_string(), last.to_string()]
    }

    /// PT-205, PT-206, PT-207, PT-D52: 21:30 in UTC is the next day in Moscow; 9 March 2026 is a Monday.
    #[test]
    fn quick_searches_follow_the_installations_calendar() {
        let late = "2026-03-10T21:30:00Z";
        assert_eq!(period(Period::Today, late), ["2026-03-11", "2026-03-11"]);
        assert_eq!(period(Period::Yesterday, late), ["2026-03-10", "2026-03-10"]);
        assert_eq!(period(Period::ThisWeek, late), ["2026-03-09", "2026-03-11"]);
        assert_eq!(period(Period::ThisWeek, "2026-03-09T09:00:00Z"), ["2026-03-09", "2026-03-09"]);
        assert_eq!(period(Period::ThisWeek, "2026-03-08T09:00:00Z"), ["2026-03-02", "2026-03-08"]);
    }

    /// PT-211
    #[test]
    fn a_call_is_overdue_after_the_end_of_the_next_day() {
        let asked = moment("2026-03-10T20:59:00Z");
        assert!(!is_overdue(asked, moment("2026-03-11T20:59:59Z"), Moscow), "the next day is not over");
        assert!(is_overdue(asked, moment("2026-03-11T21:00:00Z"), Moscow), "it is over");
    }
}
