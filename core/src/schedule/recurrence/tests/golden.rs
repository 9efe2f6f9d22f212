//! Lists of dates written down once and looked at by people: leap years, month ends and the changes of clocks.

use std::fmt::Write as _;

use chrono::NaiveTime;
use chrono_tz::{Asia::Yekaterinburg, Europe::Berlin, Tz};

use super::{Recurrence, daily, dates, day, monthly, shown};
use crate::schedule::{
    local_time::{ClockChange, clock_change, moment_of},
    recurrence::End,
};

/// Every date with its moment in UTC and what the clocks did.
fn moments(rule: &Recurrence, time: &str, zone: Tz) -> String {
    let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
    let mut text = String::new();
    for date in dates(rule) {
        let moment = moment_of(date, time, zone);
        let local = moment.with_timezone(&zone);
        let note = match clock_change(date, time, zone) {
            ClockChange::None => "",
            ClockChange::Skipped(_) => " skipped",
            ClockChange::Twice => " twice",
        };
        writeln!(
            text,
            "{date} {} = {} = {}{note}",
            time.format("%H:%M"),
            moment.format("%d %H:%MZ"),
            local.format("%H:%M%:z")
        )
        .unwrap();
    }
    text
}

/// PT-159, PT-D31.
#[test]
fn month_ends_and_leap_years() {
    let cases = [
        ("start 31.01.2024", monthly("31.01.2024", 1, End::Times(13))),
        ("start 31.01.2025", monthly("31.01.2025", 1, End::Times(13))),
        ("start 30.01.2024", monthly("30.01.2024", 1, End::Times(4))),
        ("start 30.01.2025", monthly("30.01.2025", 1, End::Times(4))),
        ("start 29.01.2024", monthly("29.01.2024", 1, End::Times(4))),
        ("start 29.01.2025", monthly("29.01.2025", 1, End::Times(4))),
        ("start 29.02.2024 every 12", monthly("29.02.2024", 12, End::Times(9))),
        ("start 30.11.2025 every 3", monthly("30.11.2025", 3, End::Times(10))),
        ("start 31.03.2026 every 1 to 31.12.2026", monthly("31.03.2026", 1, End::On(day("31.12.2026")))),
        ("daily over 29.02.2028", daily("27.02.2028", 1, End::Times(4))),
        ("daily over 28.02.2100", daily("27.02.2100", 1, End::Times(3))),
    ];
    let mut text = String::new();
    for (name, rule) in cases {
        writeln!(text, "{name}\n    {}", shown(&dates(&rule))).unwrap();
    }
    insta::assert_snapshot!(text);
}

/// PT-D30: a time that does not exist goes at the first minute after the gap.
#[test]
fn berlin_half_past_two_in_spring() {
    insta::assert_snapshot!(moments(&daily("27.03.2026", 1, End::Times(5)), "02:30", Berlin));
}

/// PT-D30: a time that comes twice goes at the first.
#[test]
fn berlin_half_past_two_in_autumn() {
    insta::assert_snapshot!(moments(&daily("23.10.2026", 1, End::Times(5)), "02:30", Berlin));
}

/// PT-166, PT-D29: the same local time on every date, whatever its moment.
#[test]
fn berlin_nine_o_clock_through_a_year() {
    insta::assert_snapshot!(moments(&monthly("31.01.2026", 1, End::Times(12)), "09:00", Berlin));
}

/// PT-D30: Russia's change to winter time for good, on 26.10.2014 at 02:00.
#[test]
fn yekaterinburg_in_2014_and_now() {
    let change = moments(&daily("24.10.2014", 1, End::Times(5)), "01:30", Yekaterinburg);
    let now = moments(&daily("28.03.2026", 1, End::Times(3)), "02:30", Yekaterinburg);
    insta::assert_snapshot!(format!("{change}\n{now}"));
}
