//! The nightly count: what became of the reminders of each day, by curator and district of the night it is counted in.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::{Measure, WEEKS, monday_of, store};
use crate::{
    App,
    foundation::{
        errors::{Failure, StorageError},
        ids::{DistrictId, OccurrenceId, PersonId, first_of},
    },
    people::access::{Actor, Author},
    schedule::{
        local_time::{local_now, moment_of},
        periodic::Job,
    },
};

/// Rows read at once; other readers come in between.
const BATCH: i64 = 1000;
/// Answers come late: days so young are counted anew every night.
const YOUNG_DAYS: i64 = 4;
/// A meeting's row may be that much older than its day: the longest notice in advance, and a day for the zones.
const LONGEST_NOTICE: TimeDelta = TimeDelta::days(8);

/// Days, curators and districts with their numbers.
pub(super) type Counted = HashMap<(NaiveDate, Option<PersonId>, Option<DistrictId>, Measure), i64>;

/// Counts at night.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally;

#[async_trait]
impl Job for Tally {
    fn name(&self) -> &'static str {
        "daily tallies"
    }

    fn cron(&self) -> &'static str {
        "0 10 0 * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        Ok(count(app, YOUNG_DAYS).await?)
    }
}

/// At start: counts the days that were never counted.
pub async fn catch_up(app: &App) -> Result<(), Failure> {
    Ok(count(app, 0).await?)
}

/// Counts the days of the last weeks that were not counted yet, and the `young` last ones anew.
async fn count(app: &App, young: i64) -> Result<(), StorageError> {
    let work = app.look(Actor::System).await?;
    let house = app.config.time_zone;
    let today = local_now(work.now, house).date();
    let first = monday_of(today) - TimeDelta::weeks(WEEKS - 1);
    let mut tx = work.tx;
    let known = store::counted_days(&mut tx, first).await?;
    drop(tx);
    let is_wanted = |day: &NaiveDate| !known.contains(day) || (today - *day).num_days() <= young;
    let days: BTreeSet<NaiveDate> = first.iter_days().take_while(|day| *day < today).filter(is_wanted).collect();
    let Some(oldest) = days.first() else { return Ok(()) };
    let from = moment_of(*oldest, NaiveTime::MIN, house) - LONGEST_NOTICE;
    let counted = read(app, OccurrenceId(first_of(from)), &days).await?;
    let mut work = app.begin(Actor::System).await?;
    store::write(&mut work.tx, &days, &counted, work.now).await?;
    work.commit().await
}

/// Walks through the reminders from `after` on, in short reads.
async fn read(app: &App, mut after: OccurrenceId, days: &BTreeSet<NaiveDate>) -> Result<Counted, StorageError> {
    let mut counted = Counted::new();
    loop {
        let mut tx = app.db.read().await?;
        let rows = store::rows_after(&mut tx, after, BATCH).await?;
        drop(tx);
        let Some(last) = rows.last() else { return Ok(counted) };
        after = last.id;
        let is_end = i64::try_from(rows.len()).unwrap_or(BATCH) < BATCH;
        for row in rows.iter().filter(|row| days.contains(&row.local_date)) {
            add(&mut counted, row);
        }
        if is_end {
            return Ok(counted);
        }
    }
}

fn add(counted: &mut Counted, row: &store::TallyRow) {
    let mut one = |measure| {
        *counted.entry((row.local_date, row.curator_id, row.district_id, measure)).or_default() += 1;
    };
    let Some(end) = Measure::of(row.state, row.reason) else { return };
    one(end);
    let is_answer = row.reacted_by.as_deref().is_some_and(|by| matches!(by.parse(), Ok(Author::Citizen(_))));
    if let (true, Some(shown), Some(answered)) = (is_answer, row.delivered_at, row.reacted_at) {
        one(Measure::of_speed(shown, answered));
    }
}
