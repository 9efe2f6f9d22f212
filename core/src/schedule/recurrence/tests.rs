use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;

use super::{End, LATEST_END, Recurrence, RecurrenceError, Repetition, UnreadableRule, Weekdays};

mod golden;

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%d.%m.%Y").unwrap()
}

fn weekdays(days: &[Weekday]) -> Weekdays {
    days.iter().copied().collect()
}

fn daily(start: &str, every: u16, end: End) -> Recurrence {
    Recurrence { start: day(start), repetition: Repetition::Daily { every }, end }
}

fn weekly(start: &str, every: u16, days: &[Weekday], end: End) -> Recurrence {
    Recurrence { start: day(start), repetition: Repetition::Weekly { every, weekdays: weekdays(days) }, end }
}

fn monthly(start: &str, every: u16, end: End) -> Recurrence {
    Recurrence { start: day(start), repetition: Repetition::monthly(every, day(start)), end }
}

/// All dates of a rule, by asking for the next one again and again.
fn dates(rule: &Recurrence) -> Vec<NaiveDate> {
    std::iter::successors(rule.first(), |(ordinal, _)| rule.after(*ordinal)).map(|(_, date)| date).collect()
}

fn shown(dates: &[NaiveDate]) -> String {
    dates.iter().map(|date| date.format("%d.%m.%Y").to_string()).collect::<Vec<_>>().join(" ")
}

/// PT-154.
#[test]
fn a_single_date_comes_once() {
    let rule = Recurrence::once(day("10.03.2026"));
    assert_eq!(rule.check(), Ok(()));
    assert_eq!(dates(&rule), [day("10.03.2026")]);
    assert_eq!(rule.last(), rule.first());
    assert_eq!(rule.between(day("01.03.2026"), day("31.03.2026")), [(1, day("10.03.2026"))]);
    assert_eq!(rule.between(day("11.03.2026"), day("31.03.2026")), []);
}

/// PT-156.
#[test]
fn every_third_day_counts_from_the_start() {
    let rule = daily("01.03.2026", 3, End::Times(4));
    assert_eq!(shown(&dates(&rule)), "01.03.2026 04.03.2026 07.03.2026 10.03.2026");
}

/// PT-157, PT-D32: week 1 is the Monday week of the start, its earlier days are left out and not counted.
#[test]
fn every_second_week_counts_from_the_monday_of_the_starts_week() {
    // 04.03.2026 is a Wednesday.
    let rule = weekly("04.03.2026", 2, &[Weekday::Mon, Weekday::Thu], End::Times(4));
    assert_eq!(shown(&dates(&rule)), "05.03.2026 16.03.2026 19.03.2026 30.03.2026");
}

/// PT-158, PT-D32.
#[test]
fn a_start_outside_the_chosen_weekdays_carries_nothing() {
    // A Sunday; its own week gives nothing more, and the next active one is the week after next.
    let rule = weekly("08.03.2026", 2, &[Weekday::Mon], End::Times(2));
    assert_eq!(shown(&dates(&rule)), "16.03.2026 30.03.2026");
    assert_eq!(rule.first_on_or_after(day("08.03.2026")), Some((1, day("16.03.2026"))));
}

/// PT-162, PT-164: exactly so many.
#[test]
fn a_number_of_repetitions_is_kept_exactly() {
    let rule = daily("01.03.2026", 1, End::Times(500));
    assert_eq!(rule.check(), Ok(()));
    assert_eq!(dates(&rule).len(), 500);
    assert_eq!(rule.last(), Some((500, day("13.07.2027"))));
}

/// PT-163: the end date belongs to the rule.
#[test]
fn the_end_date_is_included() {
    let rule = daily("01.03.2026", 1, End::On(day("03.03.2026")));
    assert_eq!(shown(&dates(&rule)), "01.03.2026 02.03.2026 03.03.2026");
    let rule = daily("01.03.2026", 2, End::On(day("04.03.2026")));
    assert_eq!(rule.last(), Some((2, day("03.03.2026"))));
}

/// PT-D31: a continued rule keeps the wished day, although it starts on a shorter month's last one.
#[test]
fn a_monthly_rule_split_in_february_still_wants_the_thirty_first() {
    let whole = monthly("31.01.2025", 1, End::Times(5));
    let (ordinal, date) = whole.nth(2).unwrap();
    let rest = Recurrence { start: date, end: End::Times(4), ..whole };
    assert_eq!(ordinal, 2);
    assert_eq!(dates(&rest), dates(&whole)[1..]);
}

/// A wished day before the start's own is left to the next active month, as weekdays before the start are.
#[test]
fn a_monthly_rule_whose_day_has_passed_begins_in_the_next_active_month() {
    let rule = Recurrence {
        start: day("20.01.2026"),
        repetition: Repetition::Monthly { every: 2, day: 15 },
        end: End::Times(2),
    };
    assert_eq!(shown(&dates(&rule)), "15.03.2026 15.05.2026");
}

/// PT-158, PT-160, PT-162, PT-163, PT-164, PT-165.
#[test]
fn limits_are_named() {
    use RecurrenceError::{Empty, EndBeforeStart, EndTooLate, EndUnfit, Interval, NoWeekday, StartTooLate, Times};
    let times = End::Times(3);
    let cases = [
        (daily("01.03.2026", 0, times), Err(Interval { most: 366 })),
        (daily("01.03.2026", 366, times), Ok(())),
        (daily("01.03.2026", 367, times), Err(Interval { most: 366 })),
        (weekly("01.03.2026", 104, &[Weekday::Mon], times), Ok(())),
        (weekly("01.03.2026", 105, &[Weekday::Mon], times), Err(Interval { most: 104 })),
        (weekly("01.03.2026", 1, &[], times), Err(NoWeekday)),
        (monthly("01.03.2026", 60, times), Ok(())),
        (monthly("01.03.2026", 61, times), Err(Interval { most: 60 })),
        (daily("01.03.2026", 1, End::Times(0)), Err(Times)),
        (daily("01.03.2026", 1, End::Times(500)), Ok(())),
        (daily("01.03.2026", 1, End::Times(501)), Err(Times)),
        (daily("01.03.2026", 1, End::On(LATEST_END)), Ok(())),
        (daily("01.03.2026", 1, End::On(day("01.01.2100"))), Err(EndTooLate)),
        (daily("01.03.2026", 1, End::On(day("28.02.2026"))), Err(EndBeforeStart)),
        (daily("01.01.2100", 1, times), Err(StartTooLate)),
        (daily("01.03.2026", 1, End::Never), Err(EndUnfit)),
        (Recurrence { end: times, ..Recurrence::once(day("01.03.2026")) }, Err(EndUnfit)),
        // A Monday rule that ends on the Sunday before.
        (weekly("04.03.2026", 1, &[Weekday::Mon], End::On(day("08.03.2026"))), Err(Empty)),
    ];
    for (rule, expected) in cases {
        assert_eq!(rule.check(), expected, "{rule:?}");
    }
}

/// PT-175: far dates cost nothing more and are there.
#[test]
fn a_daily_rule_to_the_end_of_the_century_shows_its_last_december_but_one() {
    let rule = daily("22.11.2026", 1, End::On(LATEST_END));
    let found = rule.between(day("01.12.2098"), day("31.12.2098"));
    assert_eq!(found.len(), 31);
    assert_eq!(found.first(), rule.first_on_or_after(day("01.12.2098")).as_ref());
    assert_eq!(rule.last(), Some((26_703, LATEST_END)));
}

#[test]
fn text_names_the_first_date_and_the_rule() {
    let texts = [
        Recurrence::once(day("10.03.2026")),
        daily("01.03.2026", 3, End::Times(4)),
        weekly("04.03.2026", 2, &[Weekday::Mon, Weekday::Thu], End::On(day("31.12.2026"))),
        monthly("15.03.2026", 1, End::Times(12)),
        monthly("31.01.2026", 2, End::On(LATEST_END)),
    ]
    .map(|rule| rule.to_rfc5545());
    insta::assert_snapshot!(texts.join("\n\n"), @r"
    DTSTART;VALUE=DATE:20260310

    DTSTART;VALUE=DATE:20260301
    RRULE:FREQ=DAILY;INTERVAL=3;COUNT=4

    DTSTART;VALUE=DATE:20260305
    RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=MO,TH;UNTIL=20261231

    DTSTART;VALUE=DATE:20260315
    RRULE:FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=15;COUNT=12

    DTSTART;VALUE=DATE:20260131
    RRULE:FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;UNTIL=20991231
    ");
}

#[test]
fn text_of_others_is_read_where_reminders_can_repeat_like_this() {
    let read = |rule: &str| Recurrence::from_rfc5545(&format!("DTSTART:20260301T000000Z\nRRULE:{rule}"));
    assert_eq!(read("FREQ=DAILY;COUNT=2"), Ok(daily("01.03.2026", 1, End::Times(2))));
    assert_eq!(read("FREQ=WEEKLY;COUNT=2"), Ok(weekly("01.03.2026", 1, &[Weekday::Sun], End::Times(2))));
    assert_eq!(read("FREQ=MONTHLY;UNTIL=20260501"), Ok(monthly("01.03.2026", 1, End::On(day("01.05.2026")))));
    for unlike in [
        "FREQ=YEARLY;COUNT=2",
        "FREQ=HOURLY;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2",
        "FREQ=MONTHLY;BYDAY=1MO;COUNT=2",
        "FREQ=DAILY;BYMONTH=3;COUNT=2",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=28,30;BYSETPOS=-1;COUNT=2",
    ] {
        assert!(matches!(read(unlike), Err(UnreadableRule::Unsupported(_))), "{unlike}: {:?}", read(unlike));
    }
    assert_eq!(read("FREQ=DAILY"), Err(UnreadableRule::Limits(RecurrenceError::EndUnfit)));
    assert_eq!(read("FREQ=DAILY;COUNT=501"), Err(UnreadableRule::Limits(RecurrenceError::Times)));
    assert!(matches!(read("FREQ=SOMETIMES;COUNT=2"), Err(UnreadableRule::Syntax(_))));
    assert!(matches!(Recurrence::from_rfc5545("RRULE:FREQ=DAILY;COUNT=2"), Err(UnreadableRule::Syntax(_))));
}

/// The rule said a second time, as a person would check it day by day.
fn carries(rule: &Recurrence, date: NaiveDate) -> bool {
    let monday = |date: NaiveDate| date - Days::new(u64::from(date.weekday().num_days_from_monday()));
    let month = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month());
    match rule.repetition {
        Repetition::Once => date == rule.start,
        Repetition::Daily { every } => (date - rule.start).num_days() % i64::from(every) == 0,
        Repetition::Weekly { every, weekdays } => {
            weekdays.contains(date.weekday()) && (monday(date) - monday(rule.start)).num_weeks() % i64::from(every) == 0
        }
        Repetition::Monthly { every, day } => {
            let is_wished = date.day() == u32::from(day);
            let is_last_of_shorter = date.succ_opt().unwrap().day() == 1 && date.day() < u32::from(day);
            (is_wished || is_last_of_shorter) && (month(date) - month(rule.start)) % i64::from(every) == 0
        }
    }
}

/// Walks from the start through `days` days.
fn walk(rule: &Recurrence, days: usize) -> Vec<(u32, NaiveDate)> {
    let all = rule.start.iter_days().take(days).filter(|date| carries(rule, *date));
    let numbered = (1..).zip(all);
    numbered
        .take_while(|(ordinal, date)| match rule.end {
            End::Never => true,
            End::Times(times) => *ordinal <= u32::from(times),
            End::On(last) => *date <= last,
        })
        .collect()
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    (0u64..30_000).prop_map(|days| day("01.01.2015") + Days::new(days))
}

fn any_rule() -> impl Strategy<Value = Recurrence> {
    let repetition = |start: NaiveDate| {
        prop_oneof![
            (1u16..=366).prop_map(|every| Repetition::Daily { every }),
            (1u16..=9).prop_map(|every| Repetition::Daily { every }),
            (1u16..=104, 1u8..128)
                .prop_map(|(every, bits)| Repetition::Weekly { every, weekdays: Weekdays::from_bits(bits) }),
            (1u16..=4, 1u8..128)
                .prop_map(|(every, bits)| Repetition::Weekly { every, weekdays: Weekdays::from_bits(bits) }),
            (1u16..=60).prop_map(move |every| Repetition::monthly(every, start)),
            (1u16..=13, 1u8..=31).prop_map(|(every, day)| Repetition::Monthly { every, day }),
        ]
    };
    let end = |start: NaiveDate| {
        prop_oneof![
            (1u16..=500).prop_map(End::Times),
            (0u64..9000).prop_map(move |days| End::On((start + Days::new(days)).min(LATEST_END.max(start)))),
        ]
    };
    any_date().prop_flat_map(move |start| {
        (repetition(start), end(start)).prop_map(move |(repetition, end)| Recurrence { start, repetition, end })
    })
}

const WALKED_DAYS: usize = 4000;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// PT-D31, PT-D32, PT-D33: closed arithmetic says what a walk day by day says.
    #[test]
    fn arithmetic_agrees_with_a_walk_day_by_day(rule in any_rule()) {
        let walked = walk(&rule, WALKED_DAYS);
        let horizon = rule.start + Days::new(WALKED_DAYS as u64 - 1);
        let counted: Vec<_> = std::iter::successors(rule.first(), |(ordinal, _)| rule.after(*ordinal))
            .take_while(|(_, date)| *date <= horizon)
            .collect();
        prop_assert_eq!(&counted, &walked);
        if rule.last().is_none_or(|(_, date)| date <= horizon) {
            prop_assert_eq!(rule.last(), walked.last().copied());
        }
    }

    /// The rule read by `rrule` itself from our text, from its very start, gives the same dates.
    #[test]
    fn the_text_means_to_rrule_what_the_rule_means_to_us(rule in any_rule()) {
        prop_assume!(rule.check().is_ok());
        let ours: Vec<_> = dates(&rule).into_iter().take(700).collect();
        let set: rrule::RRuleSet = super::text::with_moments(&rule.to_rfc5545()).parse().unwrap();
        let theirs: Vec<_> = set.all(700).dates.into_iter().map(|moment| moment.date_naive()).collect();
        prop_assert_eq!(ours, theirs);
    }

    /// A window holds exactly the occurrences in it, with their stable ordinals, wherever it lies.
    #[test]
    fn a_window_agrees_with_asking_one_by_one(rule in any_rule(), offset in -400i64..6000, length in 0i64..900) {
        let first = rule.start + chrono::TimeDelta::days(offset);
        let last = first + chrono::TimeDelta::days(length);
        let one_by_one: Vec<_> = std::iter::successors(rule.first_on_or_after(first), |(ordinal, _)| rule.after(*ordinal))
            .take_while(|(_, date)| *date <= last)
            .collect();
        prop_assert_eq!(rule.between(first, last), one_by_one);
    }

    /// The first date from a day on: nothing lies between, and its ordinal is the one it has anyway.
    #[test]
    fn the_first_from_a_day_on_is_the_next_one(rule in any_rule(), offset in -400i64..6000) {
        let from = rule.start + chrono::TimeDelta::days(offset);
        match rule.first_on_or_after(from) {
            Some((ordinal, date)) => {
                prop_assert!(date >= from);
                prop_assert_eq!(rule.nth(ordinal), Some((ordinal, date)));
                prop_assert!(ordinal == 1 || rule.nth(ordinal - 1).is_some_and(|(_, earlier)| earlier < from));
            }
            None => prop_assert!(rule.last().is_none_or(|(_, last)| last < from)),
        }
    }

    /// PT-D38: a rule started at any of its dates goes on with the same dates.
    #[test]
    fn a_rule_continued_from_one_of_its_dates_goes_on_unchanged(rule in any_rule(), skipped in 0u32..40) {
        prop_assume!(rule.check().is_ok());
        let all = dates(&rule);
        let (_, start) = match rule.nth(skipped + 1) { Some(found) => found, None => rule.last().unwrap() };
        let position = all.iter().position(|date| *date == start).unwrap();
        let end = match rule.end {
            End::Times(times) => End::Times(times - u16::try_from(position).unwrap()),
            other => other,
        };
        prop_assert_eq!(&dates(&Recurrence { start, end, ..rule })[..], &all[position..]);
    }

    #[test]
    fn text_read_back_gives_the_same_dates(rule in any_rule()) {
        prop_assume!(rule.check().is_ok());
        let back = Recurrence::from_rfc5545(&rule.to_rfc5545()).unwrap();
        prop_assert_eq!(dates(&back), dates(&rule));
    }
}
