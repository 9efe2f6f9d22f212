//! Time zones change: their rules with new data, the installation's own with its settings. Local dates and times are the truth, so
//! the next moments of the series concerned are derived anew (PT-D29), and of no others.

use std::collections::{BTreeMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone};
use chrono_tz::{IANA_TZDB_VERSION, Tz};
use sha2::{Digest, Sha256};

use super::{
    replan::moves,
    series::{
        Cursor,
        store::{self, Concerned},
    },
};
use crate::{
    Signal,
    foundation::{db::Tx, errors::Failure, ids::SeriesId},
    patronage::marks,
    people::access::Actor,
    work::App,
};

/// Series looked at in one step.
const PAGE: u32 = 500;
/// The years whose rules are compared: reminders lie within them.
const YEARS: [i32; 2] = [2025, 2045];
/// No zone changes its clocks twice within so many hours.
const STEP: TimeDelta = TimeDelta::hours(12);

const VERSION: &str = "tzdata";
const HOUSE: &str = "house";
const WALK: &str = "walk";

/// What is to be looked through, and what is to be noted when that is done.
struct Change {
    concerned: Concerned,
    /// Rules by mark.
    rules: BTreeMap<String, String>,
}

/// Derives the next moments anew where the rules of a time zone, or the installation's zone, are others than those followed last.
/// Goes on where an earlier start was interrupted. Returns how many moved.
pub async fn follow_time_zones(app: &App) -> Result<usize, Failure> {
    let house = app.config.time_zone;
    let mut tx = app.db.read().await?;
    let known = marks::all(&mut tx).await?;
    let known_as = |name: &str| known.get(name).map(String::as_str);
    if known_as(VERSION) == Some(IANA_TZDB_VERSION) && known_as(HOUSE) == Some(house.name()) {
        return Ok(0);
    }
    let change = change(&mut tx, house, &known).await?;
    drop(tx);
    let moved = if change.concerned.is_nothing() { 0 } else { walk(app, house, &change.concerned, &known).await? };
    note(app, house, change.rules).await?;
    Ok(moved)
}

async fn change(tx: &mut Tx, house: Tz, known: &BTreeMap<String, String>) -> Result<Change, Failure> {
    let mut zones: HashSet<Tz> = store::zones_in_use(tx).await?.iter().filter_map(|name| name.parse().ok()).collect();
    zones.insert(house);
    let rules: BTreeMap<String, String> = zones.iter().map(|zone| (mark_of(*zone), rules_of(*zone))).collect();
    let differs = |zone: &Tz| known.get(&mark_of(*zone)) != rules.get(&mark_of(*zone));
    let is_moved = known.get(HOUSE).map(String::as_str) != Some(house.name());
    let concerned = Concerned {
        zones: zones.iter().filter(|zone| differs(zone)).map(|zone| zone.name().to_owned()).collect(),
        without_own: is_moved || differs(&house),
    };
    Ok(Change { concerned, rules })
}

fn mark_of(zone: Tz) -> String {
    format!("zone {}", zone.name())
}

/// Walks through the series concerned, in portions; each notes how far it came.
async fn walk(app: &App, house: Tz, concerned: &Concerned, known: &BTreeMap<String, String>) -> Result<usize, Failure> {
    let aim = format!("{IANA_TZDB_VERSION} {} ", house.name());
    let mut after = known.get(WALK).and_then(|at| at.strip_prefix(&aim)?.parse::<SeriesId>().ok());
    let mut moved = 0;
    loop {
        let mut tx = app.db.read().await?;
        let page = store::page_ahead(&mut tx, house, concerned, after, PAGE).await?;
        drop(tx);
        let Some((last, _)) = page.last() else { return Ok(moved) };
        after = Some(last.id);
        let moves = moves(page.iter().map(|(it, zones)| (it, *zones)));
        moved += portion(app, &moves, &format!("{aim}{}", last.id)).await?;
    }
}

async fn portion(app: &App, moves: &[(SeriesId, Cursor)], walked_to: &str) -> Result<usize, Failure> {
    let mut work = app.begin(Actor::System).await?;
    let moved = store::move_cursors(&mut work.tx, moves).await?;
    marks::set(&mut work.tx, WALK, Some(walked_to)).await?;
    if moved > 0 {
        work.signal(Signal::Schedule);
    }
    work.commit().await?;
    Ok(usize::try_from(moved).unwrap_or(usize::MAX))
}

async fn note(app: &App, house: Tz, rules: BTreeMap<String, String>) -> Result<(), Failure> {
    let mut tx = app.db.begin().await?;
    for (mark, rules) in &rules {
        marks::set(&mut tx, mark, Some(rules)).await?;
    }
    marks::set(&mut tx, WALK, None).await?;
    marks::set(&mut tx, HOUSE, Some(house.name())).await?;
    marks::set(&mut tx, VERSION, Some(IANA_TZDB_VERSION)).await?;
    Ok(tx.commit().await?)
}

/// A short text that differs when the zone's clocks do: its offsets and the minutes at which they change.
fn rules_of(zone: Tz) -> String {
    let first_of = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN);
    let [mut at, end] = YEARS.map(first_of);
    let mut offset = offset_at(zone, at);
    let mut hash = Sha256::new();
    hash.update(offset.to_be_bytes());
    while at < end {
        let next = at + STEP;
        let then = offset_at(zone, next);
        if then != offset {
            hash.update(change_between(zone, at, next).and_utc().timestamp().to_be_bytes());
            hash.update(then.to_be_bytes());
            offset = then;
        }
        at = next;
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The first second of the later one of two offsets.
fn change_between(zone: Tz, mut before: NaiveDateTime, mut after: NaiveDateTime) -> NaiveDateTime {
    let later = offset_at(zone, after);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        *(if offset_at(zone, middle) == later { &mut after } else { &mut before }) = middle;
    }
    after
}

/// Seconds east of Greenwich at this moment of UTC.
fn offset_at(zone: Tz, utc: NaiveDateTime) -> i32 {
    zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    #[test]
    fn zones_with_other_clocks_have_other_rules() {
        let zones =
            [chrono_tz::Europe::Moscow, chrono_tz::Asia::Omsk, chrono_tz::Europe::Berlin, chrono_tz::Europe::London];
        let rules: HashSet<String> = zones.map(rules_of).into_iter().collect();
        assert_eq!(rules.len(), zones.len());
        assert_eq!(rules_of(chrono_tz::Europe::Berlin), rules_of(chrono_tz::Europe::Vienna));
    }

    #[test]
    fn a_change_is_found_to_the_second() {
        let midnight = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap().and_time(NaiveTime::MIN);
        let change = change_between(chrono_tz::Europe::Berlin, midnight, midnight + Days::new(1));
        assert_eq!(change.to_string(), "2026-03-29 01:00:00");
    }
}
