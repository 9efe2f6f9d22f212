//! The records that Opora makes by itself (PT-212 … PT-215, PT-220): «пропуск (5 дней)», «неактивный (10 дней)», «без назначений
//! (2 дня)».
//!
//! At 00:10 of each time zone the day that ended is looked at, for everybody who lives in it at once: a few statements a zone,
//! whatever the number of citizens. The day is noted in the same transaction, so it is done once, and days on which nothing ran
//! are made up in their order (PT-D40). Only what lay with the citizen counts: what we did not send or could not deliver makes
//! no record.

mod store;
mod streak;

use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::Kind;
use crate::{
    App, Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::{ActivityId, PersonId},
    },
    patronage::{citizens, reminders},
    people::access::Actor,
    schedule::local_time::{local_now, moment_of},
};
use store::{Found, Place};
use streak::{ROW, fives};

/// The time of the daily run by the clocks of each zone.
const RUN_AT: NaiveTime = NaiveTime::from_hms_opt(0, 10, 0).expect("a time of day");
/// Days without a mark that make a record (PT-D45).
const SILENCE: u32 = 10;
/// The last reminder so many days ahead makes a record … (PT-D46)
const AHEAD: u32 = 2;
/// … and so many days ago it still does.
const BEHIND: u32 = 7;

/// What a run wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Days of zones that were looked at.
    pub days: u32,
    /// «пропуск (5 дней)».
    pub missed: u64,
    /// «неактивный (10 дней)».
    pub inactive: u64,
    /// «без назначений (2 дня)».
    pub no_assignments: u64,
}

/// Looks at every day of every time zone that is over and was not looked at yet. A zone seen for the first time begins with
/// today.
pub async fn run(app: &App) -> Result<Written, Failure> {
    let mut written = Written::default();
    let zones = zones(app).await?;
    let waiting: Vec<Waiting> = zones.into_iter().filter(|zone| zone.next <= zone.last).collect();
    if waiting.is_empty() {
        return Ok(written);
    }
    if app.config.sections.no_assignments_monitor {
        reminders::work_out_last_dates(app).await?;
    }
    for zone in waiting {
        let mut day = zone.next;
        while day <= zone.last {
            look_at(app, &zone, day, &mut written).await?;
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
    }
    tracing::info!(?written, "the automatic records are written");
    Ok(written)
}

/// A zone and the days it waits for.
struct Waiting {
    /// As it is written in the database.
    name: String,
    zone: Tz,
    /// Whether it was never looked at.
    is_new: bool,
    next: NaiveDate,
    last: NaiveDate,
}

async fn zones(app: &App) -> Result<Vec<Waiting>, StorageError> {
    let house = app.config.time_zone;
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let mut names = store::zones(&mut tx).await?;
    names.insert(house.name().to_owned());
    let done = store::days_done(&mut tx).await?;
    let waiting = names.into_iter().map(|name| {
        // A zone that the zone data do not know (any more) counts as not set, as it does for reminders.
        let zone = name.parse().unwrap_or(house);
        let last = last_day(now, zone);
        let before = done.get(&name).copied();
        let next = before.map_or(Some(last), |day| day.succ_opt()).unwrap_or(NaiveDate::MAX);
        Waiting { name, zone, is_new: before.is_none(), next, last }
    });
    Ok(waiting.collect())
}

/// The latest day whose run is due.
fn last_day(now: Timestamp, zone: Tz) -> NaiveDate {
    let today = local_now(now, zone).date();
    if now >= moment_of(today, RUN_AT, zone) { today } else { back(today, 1) }
}

/// One day of one zone, in one transaction.
async fn look_at(app: &App, zone: &Waiting, day: NaiveDate, written: &mut Written) -> Result<(), Failure> {
    let mut work = app.begin(Actor::System).await?;
    let is_mine = match zone.is_new && day == zone.next {
        true => store::begin_days(&mut work.tx, &zone.name, day).await?,
        false => store::next_day(&mut work.tx, &zone.name, back(day, 1), day).await?,
    };
    // Somebody else did it meanwhile.
    if !is_mine {
        return Ok(());
    }
    let place = Place { zone: &zone.name, house: app.config.time_zone.name(), day };
    written.missed += missed(&mut work, &place).await?;
    written.inactive += silent(&mut work, &place, zone.zone).await?;
    if app.config.sections.no_assignments_monitor {
        written.no_assignments += ending(&mut work, &place).await?;
    }
    written.days += 1;
    work.commit().await?;
    Ok(())
}

/// «пропуск (5 дней)» (PT-D44) for everybody. Presses have been looked at when they came; this finds what they could not.
async fn missed(work: &mut Work, place: &Place<'_>) -> Result<u64, StorageError> {
    // Five dates in a row that were not five yesterday end yesterday; the four before may have been left over.
    let (first, last) = (back(place.day, 2 * ROW - 1), back(place.day, 1));
    let people = store::often_missed(&mut work.tx, place, first, last, ROW).await?;
    store::lock(&mut work.tx, &people).await?;
    rows_of_five(work, &people, place.day, first, last).await
}

/// Five days in a row, looked for at a «Пропущено» of `date` (PT-212, PT-213): part of the use case that took it.
pub async fn follow_missed(work: &mut Work, person: PersonId, date: NaiveDate) -> Result<(), Failure> {
    let house = work.app.config.time_zone;
    let today = local_now(work.now, citizens::zone_of(&mut work.tx, house, person).await?).date();
    let (first, last) = (back(date, ROW - 1), ahead(date, ROW - 1));
    let dates = store::missed_dates(&mut work.tx, &[person], today, first, last).await?;
    if !fives(dates.iter().map(|found| found.date)).is_empty() {
        // Two presses at the same moment must not make the same record of different dates.
        store::lock(&mut work.tx, &[person]).await?;
        rows_of_five(work, &[person], today, first, last).await?;
    }
    Ok(())
}

/// Writes the records of five dates in a row, of these people.
async fn rows_of_five(
    work: &mut Work,
    people: &[PersonId],
    day: NaiveDate,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<u64, StorageError> {
    let dates = store::missed_dates(&mut work.tx, people, day, first, last).await?;
    let mut found = Vec::new();
    for of_person in dates.chunk_by(|one, other| one.person == other.person) {
        let Some(citizen) = of_person.first() else { continue };
        found.extend(fives(of_person.iter().map(|it| it.date)).into_iter().map(|first| Found {
            kind: Kind::Missed,
            person: citizen.person,
            curator: citizen.curator,
            district: citizen.district,
            first,
            last: ahead(first, ROW - 1),
            files: 0,
            requests: 0,
        }));
    }
    write(work, &found).await
}

/// «неактивный (10 дней)» (PT-D45): nothing marked, although there was something to mark.
async fn silent(work: &mut Work, place: &Place<'_>, zone: Tz) -> Result<u64, StorageError> {
    let window = store::Window {
        first: back(place.day, SILENCE),
        last: back(place.day, 1),
        begins: moment_of(back(place.day, SILENCE), NaiveTime::MIN, zone),
        ends: moment_of(place.day, NaiveTime::MIN, zone),
    };
    let found = store::silent(&mut work.tx, place, &window).await?;
    write(work, &found).await
}

/// «без назначений (2 дня)» (PT-D46): the last reminder is near or has just been.
async fn ending(work: &mut Work, place: &Place<'_>) -> Result<u64, StorageError> {
    let found = store::ending(&mut work.tx, place, back(place.day, BEHIND), ahead(place.day, AHEAD)).await?;
    write(work, &found).await
}

async fn write(work: &mut Work, found: &[Found]) -> Result<u64, StorageError> {
    let chance = work.app.chance.clone();
    let records: Vec<_> = found.iter().map(|found| (ActivityId::draw(work.now, &*chance), found)).collect();
    store::insert(&mut work.tx, &records, work.now).await
}

fn back(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::from(days))).unwrap_or(date)
}

fn ahead(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days))).unwrap_or(date)
}
