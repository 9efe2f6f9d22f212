use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::{Asia::Yekaterinburg, Australia::Lord_Howe, Europe::Berlin, Pacific::Apia, TZ_VARIANTS, Tz};
use proptest::prelude::*;

use super::{ClockChange, clock_change, local_now, moment_of};

fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

fn moment(text: &str, zone: Tz) -> String {
    let wall = wall(text);
    moment_of(wall.date(), wall.time(), zone).to_rfc3339()
}

/// PT-D30.
#[test]
fn a_time_in_the_gap_goes_at_the_first_minute_after_it() {
    assert_eq!(moment("2026-03-29 02:00", Berlin), "2026-03-29T01:00:00+00:00");
    assert_eq!(moment("2026-03-29 02:30", Berlin), "2026-03-29T01:00:00+00:00");
    assert_eq!(moment("2026-03-29 03:00", Berlin), "2026-03-29T01:00:00+00:00");
    assert_eq!(moment("2026-10-04 02:15", Lord_Howe), "2026-10-03T15:30:00+00:00");
}

/// PT-D30.
#[test]
fn a_time_that_comes_twice_goes_at_the_first() {
    assert_eq!(moment("2026-10-25 02:30", Berlin), "2026-10-25T00:30:00+00:00");
    assert_eq!(moment("2014-10-26 01:30", Yekaterinburg), "2014-10-25T19:30:00+00:00");
}

/// Samoa left out 30.12.2011: whatever was planned for it goes at the midnight after.
#[test]
fn a_day_that_does_not_exist_goes_at_the_start_of_the_next() {
    assert_eq!(moment("2011-12-30 09:00", Apia), "2011-12-30T10:00:00+00:00");
    assert_eq!(
        clock_change(wall("2011-12-30 09:00").date(), wall("2011-12-30 09:00").time(), Apia),
        ClockChange::Skipped(wall("2011-12-31 00:00"))
    );
}

#[test]
fn the_note_names_the_time_that_is_used_instead() {
    let change = |text: &str| clock_change(wall(text).date(), wall(text).time(), Berlin);
    assert_eq!(change("2026-03-29 02:30"), ClockChange::Skipped(wall("2026-03-29 03:00")));
    assert_eq!(change("2026-10-25 02:30"), ClockChange::Twice);
    assert_eq!(change("2026-10-26 02:30"), ClockChange::None);
}

proptest! {
    /// In every zone: the moment shows the typed time, or the typed time does not exist there and nothing lies between.
    #[test]
    fn the_moment_shows_the_typed_time_unless_it_does_not_exist(
        zone in prop::sample::select(&TZ_VARIANTS[..]),
        days in 0i32..36_000,
        minute in 0u32..1440,
    ) {
        let date = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap() + chrono::TimeDelta::days(days.into());
        let time = NaiveTime::MIN.with_hour(minute / 60).unwrap().with_minute(minute % 60).unwrap();
        let moment = moment_of(date, time, zone);
        let shown = local_now(moment, zone);
        match clock_change(date, time, zone) {
            ClockChange::Skipped(instead) => {
                prop_assert_eq!(shown, instead);
                prop_assert!(shown > date.and_time(time));
                let before = local_now(moment - chrono::TimeDelta::minutes(1), zone);
                prop_assert!(before < date.and_time(time), "{} is not the first minute after the gap", shown);
            }
            _ => prop_assert_eq!(shown, date.and_time(time)),
        }
    }
}
