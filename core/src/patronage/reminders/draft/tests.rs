use chrono::DateTime;
use chrono_tz::Europe;

use super::*;

/// Tuesday, 10 March 2026, 12:30:20 in Moscow.
const NOW: i64 = 1_773_135_020;

fn ground() -> Ground {
    let zones = Zones { citizen: Europe::Moscow, curator: Europe::Moscow };
    Ground { now: DateTime::from_timestamp(NOW, 0).unwrap(), zones, kept: None }
}

fn single() -> ReminderForm {
    ReminderForm {
        kind: "information".to_owned(),
        text: "Примите лекарство".to_owned(),
        repetition: "none".to_owned(),
        start_date: "2026-03-10".to_owned(),
        time: "12:31".to_owned(),
        ..ReminderForm::default()
    }
}

fn daily() -> ReminderForm {
    ReminderForm {
        repetition: "daily".to_owned(),
        every: "1".to_owned(),
        end_by: "times".to_owned(),
        times: "3".to_owned(),
        ..single()
    }
}

fn complaint(form: &ReminderForm) -> Option<(&'static str, String)> {
    match parse(form, &ground()) {
        Err(Failure::Invalid(complaints)) => complaints.iter().next().map(|(field, say)| (field, say.key.to_string())),
        Ok(_) => None,
        Err(other) => panic!("{other}"),
    }
}

fn refused(form: &ReminderForm, field: &'static str, key: &str) {
    assert_eq!(complaint(form), Some((field, key.to_owned())), "{form:?}");
}

fn accepted(form: &ReminderForm) -> Draft {
    parse(form, &ground()).unwrap_or_else(|failure| panic!("{failure} for {form:?}"))
}

/// PT-152
#[test]
fn a_text_has_from_1_to_3500_characters_and_stays_as_typed() {
    let form = |text: String| ReminderForm { text, ..single() };
    assert_eq!(accepted(&form("<b>*_ёж".to_owned())).plan.text, "<b>*_ёж");
    accepted(&form("ж".repeat(3500)));
    refused(&form("ж".repeat(3501)), "text", "reminders-text-too-long");
    refused(&form("  ".to_owned()), "text", "reminders-text-missing");
}

/// PT-147
#[test]
fn a_kind_is_required() {
    refused(&ReminderForm { kind: String::new(), ..single() }, "kind", "reminders-kind-missing");
    for kind in Kind::ALL {
        assert_eq!(accepted(&ReminderForm { kind: kind.name().to_owned(), ..single() }).plan.kind, kind);
    }
}

/// PT-155
#[test]
fn a_single_reminder_of_a_minute_ago_is_refused_but_the_present_minute_counts() {
    let at = |time: &str| ReminderForm { time: time.to_owned(), ..single() };
    refused(&at("12:29"), "time", "reminders-time-passed");
    accepted(&at("12:30"));
}

/// PT-D36
#[test]
fn now_takes_date_and_time_from_the_clock() {
    let form = ReminderForm { now: true, start_date: String::new(), time: String::new(), ..single() };
    let plan = accepted(&form).plan;
    assert_eq!((plan.rule.start.to_string(), plan.time.to_string()), ("2026-03-10".to_owned(), "12:30:00".to_owned()));
}

/// PT-160
#[test]
fn intervals_have_limits() {
    let every = |repetition: &str, every: &str| ReminderForm {
        repetition: repetition.to_owned(),
        every: every.to_owned(),
        weekdays: vec!["2".to_owned()],
        ..daily()
    };
    for (repetition, most) in [("daily", 366), ("weekly", 104), ("monthly", 60)] {
        accepted(&every(repetition, &most.to_string()));
        for wrong in ["0", "-1", "x", &(most + 1).to_string()] {
            refused(&every(repetition, wrong), "every", "reminders-interval-limit");
        }
    }
}

/// PT-158
#[test]
fn a_weekly_reminder_needs_a_weekday() {
    let form = ReminderForm { repetition: "weekly".to_owned(), ..daily() };
    refused(&form, "weekdays", "reminders-weekday-missing");
}

/// PT-161
#[test]
fn a_repeating_reminder_starts_today_at_the_earliest() {
    let start = |date: &str| ReminderForm { start_date: date.to_owned(), ..daily() };
    refused(&start("2026-03-09"), "start_date", "reminders-start-passed");
    refused(&start(""), "start_date", "reminders-date-missing");
    refused(&start("31.02.2026"), "start_date", "reminders-date-unreadable");
    accepted(&start("10.03.2026"));
}

/// PT-162
#[test]
fn repetitions_go_from_1_to_500() {
    let times = |times: &str| ReminderForm { times: times.to_owned(), ..daily() };
    accepted(&times("1"));
    accepted(&times("500"));
    for wrong in ["0", "501", "-3", "many"] {
        refused(&times(wrong), "times", "reminders-times-limit");
    }
}

/// PT-163
#[test]
fn an_end_date_reaches_to_the_end_of_2099() {
    let end = |date: &str| ReminderForm {
        end_by: "date".to_owned(),
        times: String::new(),
        end_date: date.to_owned(),
        ..daily()
    };
    accepted(&end("31.12.2099"));
    refused(&end("01.01.2100"), "end_date", "reminders-date-too-late");
    refused(&end("09.03.2026"), "end_date", "reminders-end-before-start");
}

/// PT-164
#[test]
fn exactly_one_end_is_given() {
    refused(&ReminderForm { end_date: "2026-04-01".to_owned(), ..daily() }, "times", "reminders-one-end");
    refused(&ReminderForm { times: String::new(), ..daily() }, "times", "reminders-one-end");
}

/// PT-165
#[test]
fn a_rule_without_any_date_is_refused() {
    let sundays = ReminderForm {
        repetition: "weekly".to_owned(),
        weekdays: vec!["7".to_owned()],
        end_by: "date".to_owned(),
        times: String::new(),
        end_date: "14.03.2026".to_owned(),
        ..daily()
    };
    refused(&sundays, "start_date", "reminders-empty");
    let over = ReminderForm {
        time: "09:00".to_owned(),
        end_by: "date".to_owned(),
        times: String::new(),
        end_date: "10.03.2026".to_owned(),
        ..daily()
    };
    refused(&over, "start_date", "reminders-empty");
}

/// PT-D33
#[test]
fn a_time_that_has_passed_today_gives_no_occurrence_and_is_not_counted() {
    let plan = accepted(&ReminderForm { time: "09:00".to_owned(), ..daily() }).plan;
    assert_eq!(plan.rule.start.to_string(), "2026-03-11");
    assert_eq!(plan.rule.last().unwrap().1.to_string(), "2026-03-13");
}

/// PT-D31
#[test]
fn a_monthly_series_for_the_31st_that_begins_tomorrow_keeps_its_day() {
    let end_of_january = Ground { now: "2026-01-31T12:00:00Z".parse().unwrap(), ..ground() };
    let form = ReminderForm {
        repetition: "monthly".to_owned(),
        start_date: "2026-01-31".to_owned(),
        time: "09:00".to_owned(),
        ..daily()
    };
    let rule = parse(&form, &end_of_january).unwrap().plan.rule;
    let dates: Vec<String> = rule.between(rule.start, LATEST_END).iter().map(|(_, date)| date.to_string()).collect();
    assert_eq!(dates, ["2026-02-28", "2026-03-31", "2026-04-30"]);
}

/// PT-D35
#[test]
fn only_meetings_are_announced_ahead_and_at_most_seven_days() {
    let advance =
        |kind: &str, minutes: &str| ReminderForm { kind: kind.to_owned(), advance: minutes.to_owned(), ..single() };
    assert_eq!(accepted(&advance("meeting", "1440")).plan.advance, 1440);
    assert_eq!(accepted(&advance("information", "1440")).plan.advance, 0);
    accepted(&advance("meeting", "10080"));
    refused(&advance("meeting", "10081"), "advance", "reminders-advance-limit");
}

/// PT-167
#[test]
fn exclusions_are_dates_or_ranges_and_overlaps_are_joined() {
    let with = |ranges: &[(&str, &str)]| ReminderForm {
        exclusions: ranges.iter().map(|(first, last)| ((*first).to_owned(), (*last).to_owned())).collect(),
        ..daily()
    };
    let draft = accepted(&with(&[("2026-03-12", ""), ("2026-03-11", "2026-03-13"), ("", "")]));
    assert_eq!(draft.exclusions.iter().count(), 1);
    refused(&with(&[("2026-03-13", "2026-03-11")]), "exclusions", "reminders-exclusion-order");
    let many: Vec<(&str, &str)> = vec![("2026-03-12", ""); 101];
    refused(&with(&many), "exclusions", "reminders-exclusions-limit");
}

/// PT-194
#[test]
fn date_and_time_left_as_they_are_stay_allowed_at_the_last_second() {
    let form = ReminderForm { time: "12:00".to_owned(), ..single() };
    let date = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    let kept = Some((date, NaiveTime::from_hms_opt(12, 0, 0).unwrap(), None));
    refused(&form, "time", "reminders-time-passed");
    assert!(parse(&form, &Ground { kept, ..ground() }).is_ok());
}
