//! What lies ahead: how many reminders and meetings fall on each of the coming four weeks.
//!
//! Nothing of it is stored (decision 0003): rules are expanded, all in one go and by closed arithmetic, so that a picture costs what
//! it shows. Of more than [`MOST_SERIES`] series no picture is made at all: an administrator of so many asks for one curator's.

mod store;

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use store::Whose;

use super::{
    exclusions::Exclusions,
    kind::Kind,
    series::{Series, store::place_of},
    state::OccurrenceState,
};
use crate::{
    Work,
    foundation::{
        errors::Failure,
        ids::{PersonId, SeriesId},
    },
    people::access::Action,
    schedule::local_time::local_now,
};

/// Days that are shown, from tomorrow on.
const DAYS: usize = 28;
/// Series that are expanded for one picture at most.
pub const MOST_SERIES: usize = 20_000;

/// How much falls on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadDay {
    /// The day, by the citizens' calendars.
    pub date: NaiveDate,
    /// «Меры поддержки» and «Информация для Вас».
    pub reminders: i64,
    /// «Дата встречи с соц. куратором».
    pub meetings: i64,
    /// «Напоминание для соц. куратора».
    pub own: i64,
}

impl LoadDay {
    /// All kinds together.
    pub fn total(&self) -> i64 {
        self.reminders + self.meetings + self.own
    }

    fn add(&mut self, kind: Kind) {
        *match kind {
            Kind::SupportMeasures | Kind::Information => &mut self.reminders,
            Kind::Meeting => &mut self.meetings,
            Kind::CuratorReminder => &mut self.own,
        } += 1;
    }
}

/// The coming four weeks of all citizens in sight, or of one curator's; `None` when there are too many series to expand.
pub async fn load(work: &mut Work, curator: Option<PersonId>) -> Result<Option<Vec<LoadDay>>, Failure> {
    let only = work.must(Action::ViewSummary)?.curator();
    if only.is_some() && curator.is_some() && curator != only {
        return Err(Failure::NotFound);
    }
    let whose = only.or(curator).map_or(Whose::Everybody, Whose::OfCurator);
    ahead(work, whose).await
}

/// The coming four weeks of one citizen.
pub async fn load_of(work: &mut Work, person: PersonId) -> Result<Option<Vec<LoadDay>>, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    place_of(work, sight, person).await?;
    ahead(work, Whose::OfCitizen(person)).await
}

async fn ahead(work: &mut Work, whose: Whose) -> Result<Option<Vec<LoadDay>>, Failure> {
    let tomorrow = local_now(work.now, work.app.config.time_zone).date() + Days::new(1);
    let empty = |date| LoadDay { date, reminders: 0, meetings: 0, own: 0 };
    let mut load = Load { days: tomorrow.iter_days().take(DAYS).map(empty).collect() };
    let last = load.days.last().map_or(tomorrow, |day| day.date);
    let series = store::series(&mut work.tx, whose, last, MOST_SERIES + 1).await?;
    if series.len() > MOST_SERIES {
        return Ok(None);
    }
    let stored = store::stored(&mut work.tx, whose, tomorrow, last).await?;
    let taken: BTreeSet<_> = stored.iter().filter_map(|it| Some((it.series_id, it.ordinal()?))).collect();
    let mut excluded = store::exclusions(&mut work.tx, whose, tomorrow, last).await?;
    for it in &series {
        load.expand(it, &excluded.remove(&it.id).unwrap_or_default(), &taken);
    }
    // Meetings that were announced still lie ahead, although their cursors have left them behind.
    let is_announced = |it: &&store::Stored| it.kind == Kind::Meeting && it.state != OccurrenceState::Cancelled;
    for it in stored.iter().filter(is_announced) {
        load.add(it.local_date, Kind::Meeting);
    }
    Ok(Some(load.days))
}

struct Load {
    days: Vec<LoadDay>,
}

impl Load {
    /// Adds the dates of a series from its cursor on.
    fn expand(&mut self, series: &Series, exclusions: &Exclusions, taken: &BTreeSet<(SeriesId, u32)>) {
        let (Some(next), Some(first), Some(last)) = (series.cursor, self.days.first(), self.days.last()) else {
            return;
        };
        let (first, last, rule) = (first.date, last.date, &series.plan.rule);
        let mut at = if next.date < first { rule.first_on_or_after(first) } else { Some((next.ordinal, next.date)) };
        while let Some((ordinal, date)) = at.filter(|(_, date)| *date <= last) {
            if !taken.contains(&(series.id, ordinal)) && !exclusions.covers(date) {
                self.add(date, series.plan.kind);
            }
            at = rule.after(ordinal);
        }
    }

    fn add(&mut self, date: NaiveDate, kind: Kind) {
        let Some(first) = self.days.first() else { return };
        let place = usize::try_from((date - first.date).num_days()).ok();
        if let Some(day) = place.and_then(|place| self.days.get_mut(place)) {
            day.add(kind);
        }
    }
}
