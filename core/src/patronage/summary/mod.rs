//! «Сводка»: how reminders ended, week by week, and how long answers take. Figures of groups come from daily tallies that are
//! counted at night, so that no page walks through a year of reminders; those of one citizen from his own rows.

mod store;
mod tally;

use chrono::{Datelike, NaiveDate, TimeDelta};
pub use tally::{Tally, catch_up};

use crate::{
    Work,
    foundation::{clock::Timestamp, errors::Failure, ids::PersonId},
    patronage::{
        citizens,
        reminders::{OccurrenceState, Reason},
    },
    people::{access::Action, name::FullName},
    schedule::local_time::local_now,
};

/// Weeks that are shown, the current one included.
pub const WEEKS: i64 = 12;

/// What is counted of a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Measure {
    /// «Выполнено».
    Done,
    /// «Пропущено».
    Missed,
    /// Delivered and not answered.
    Unanswered,
    /// Could not be delivered because of the citizen's side: no messenger, blocked.
    Unreachable,
    /// Could not be delivered because of us: never counts against anybody.
    Ours,
    /// Answered within five minutes.
    WithinFive,
    /// Answered within half an hour.
    WithinHalfHour,
    /// Answered within two hours.
    WithinTwoHours,
    /// Answered within the day.
    WithinDay,
    /// Answered later than that.
    Later,
}

impl Measure {
    /// How reminders end, in the order of the picture.
    pub const ENDS: [Self; 5] = [Self::Done, Self::Missed, Self::Unanswered, Self::Unreachable, Self::Ours];
    /// How long answers take, the quickest first.
    pub const SPEEDS: [Self; 5] =
        [Self::WithinFive, Self::WithinHalfHour, Self::WithinTwoHours, Self::WithinDay, Self::Later];

    /// What a reminder counts as; those under way or cancelled do not count.
    fn of(state: OccurrenceState, reason: Option<Reason>) -> Option<Self> {
        match state {
            OccurrenceState::Done => Some(Self::Done),
            OccurrenceState::Missed => Some(Self::Missed),
            OccurrenceState::Awaiting => Some(Self::Unanswered),
            OccurrenceState::Undelivered if reason.is_some_and(Reason::is_ours) => Some(Self::Ours),
            OccurrenceState::Undelivered => Some(Self::Unreachable),
            OccurrenceState::Planned
            | OccurrenceState::Excluded
            | OccurrenceState::Sending
            | OccurrenceState::Cancelled => None,
        }
    }

    /// What an answer counts as.
    fn of_speed(shown: Timestamp, answered: Timestamp) -> Self {
        match (answered - shown).num_minutes() {
            ..5 => Self::WithinFive,
            5..30 => Self::WithinHalfHour,
            30..120 => Self::WithinTwoHours,
            120..1440 => Self::WithinDay,
            _ => Self::Later,
        }
    }
}

/// Numbers by measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Numbers(std::collections::BTreeMap<Measure, i64>);

impl Numbers {
    /// How many.
    pub fn of(&self, measure: Measure) -> i64 {
        self.0.get(&measure).copied().unwrap_or_default()
    }

    /// All reminders that ended.
    pub fn ended(&self) -> i64 {
        Measure::ENDS.into_iter().map(|end| self.of(end)).sum()
    }

    /// The share of «Выполнено» among those that reached somebody, in percent.
    pub fn adherence(&self) -> Option<i64> {
        let reached = self.of(Measure::Done) + self.of(Measure::Missed) + self.of(Measure::Unanswered);
        (reached > 0).then(|| (self.of(Measure::Done) * 100 + reached / 2) / reached)
    }

    fn add(&mut self, measure: Measure, number: i64) {
        *self.0.entry(measure).or_default() += number;
    }
}

/// One week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its Monday.
    pub first: NaiveDate,
    /// How its reminders ended.
    pub numbers: Numbers,
}

/// A curator or a district with its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The curator's name, or the district's; `None` for citizens without one.
    pub name: Option<String>,
    /// How the reminders of all weeks ended.
    pub numbers: Numbers,
}

/// «Сводка».
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The weeks, the oldest first.
    pub weeks: Vec<Week>,
    /// All weeks together.
    pub total: Numbers,
    /// By curator; empty for a curator who sees only his own.
    pub curators: Vec<Group>,
    /// By district; likewise.
    pub districts: Vec<Group>,
    /// The last day that is counted.
    pub counted_until: Option<NaiveDate>,
}

/// The figures of all citizens in sight.
pub async fn summary(work: &mut Work) -> Result<Summary, Failure> {
    let sight = work.must(Action::ViewSummary)?;
    let first = first_day(work);
    let days = store::by_day(&mut work.tx, sight.curator(), first).await?;
    let mut total = Numbers::default();
    for (_, measure, number) in &days {
        total.add(*measure, *number);
    }
    let (mut curators, mut districts) = (Vec::new(), Vec::new());
    if sight.curator().is_none() {
        curators = grouped(store::by_curator(&mut work.tx, first).await?.into_iter().map(|row| {
            let name =
                row.surname.map(|surname| FullName { surname, name: row.name, patronymic: row.patronymic }.short());
            (name, row.measure, row.number)
        }));
        districts = grouped(store::by_district(&mut work.tx, first).await?.into_iter());
    }
    let counted_until = store::counted_until(&mut work.tx).await?;
    Ok(Summary { weeks: weeks(first, days), total, curators, districts, counted_until })
}

/// The weeks of one citizen, up to this moment.
pub async fn of_citizen(work: &mut Work, person: PersonId) -> Result<Vec<Week>, Failure> {
    let sight = work.must(Action::ViewDeviations)?;
    citizens::in_sight(work, sight, person).await?;
    let first = first_day(work);
    let rows = store::of_citizen(&mut work.tx, person, first).await?;
    let days =
        rows.into_iter().filter_map(|row| Some((row.local_date, Measure::of(row.state, row.reason)?, row.number)));
    Ok(weeks(first, days.collect()))
}

fn first_day(work: &Work) -> NaiveDate {
    let today = local_now(work.now, work.app.config.time_zone).date();
    monday_of(today) - TimeDelta::weeks(WEEKS - 1)
}

fn monday_of(day: NaiveDate) -> NaiveDate {
    day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()))
}

fn weeks(first: NaiveDate, days: Vec<(NaiveDate, Measure, i64)>) -> Vec<Week> {
    let mut weeks: Vec<Week> =
        (0..WEEKS).map(|week| Week { first: first + TimeDelta::weeks(week), numbers: Numbers::default() }).collect();
    for (day, measure, number) in days {
        let monday = monday_of(day);
        if let Some(week) = weeks.iter_mut().find(|week| week.first == monday) {
            week.numbers.add(measure, number);
        }
    }
    weeks
}

/// Numbers of the same name together; who has no name comes last.
fn grouped(rows: impl Iterator<Item = (Option<String>, Measure, i64)>) -> Vec<Group> {
    let mut groups: std::collections::BTreeMap<(bool, Option<String>), Numbers> = std::collections::BTreeMap::new();
    for (name, measure, number) in rows {
        groups.entry((name.is_none(), name)).or_default().add(measure, number);
    }
    groups.into_iter().map(|((_, name), numbers)| Group { name, numbers }).collect()
}
