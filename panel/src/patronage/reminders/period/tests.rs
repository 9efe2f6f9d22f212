use super::{Period, View, shown_date};

fn around(view: View, date: &str) -> Period {
    Period::around(view, shown_date(date).unwrap())
}

fn span(period: Period) -> String {
    format!("{} {}", period.first, period.last)
}

/// PT-178.
#[test]
fn each_view_covers_its_days() {
    assert_eq!(span(around(View::Month, "2028-02-10")), "2028-02-01 2028-02-29");
    assert_eq!(span(around(View::List, "2026-12-31")), "2026-12-01 2026-12-31");
    assert_eq!(span(around(View::Week, "2026-11-22")), "2026-11-16 2026-11-22");
    assert_eq!(span(around(View::Day, "2026-11-22")), "2026-11-22 2026-11-22");
}

/// PT-180, PT-181.
#[test]
fn forwards_and_back_move_by_the_shown_length() {
    for (view, next, previous) in [
        (View::Month, "2027-01-01 2027-01-31", "2026-11-01 2026-11-30"),
        (View::List, "2027-01-01 2027-01-31", "2026-11-01 2026-11-30"),
        (View::Week, "2027-01-04 2027-01-10", "2026-12-21 2026-12-27"),
        (View::Day, "2027-01-01 2027-01-01", "2026-12-30 2026-12-30"),
    ] {
        let period = around(view, "2026-12-31");
        assert_eq!(span(Period::around(view, period.next())), next);
        assert_eq!(span(Period::around(view, period.previous())), previous);
    }
}

/// PT-182.
#[test]
fn a_period_knows_whether_it_holds_today() {
    let month = around(View::Month, "2026-11-10");
    assert!(month.holds(shown_date("30.11.2026").unwrap()));
    assert!(!month.holds(shown_date("01.12.2026").unwrap()));
}

#[test]
fn a_month_is_drawn_in_whole_weeks_from_monday() {
    let (first, last) = around(View::Month, "2026-11-10").weeks();
    assert_eq!((first.to_string(), last.to_string()), ("2026-10-26".to_owned(), "2026-12-06".to_owned()));
}

#[test]
fn dates_from_nowhere_are_not_shown() {
    assert_eq!(shown_date("31.02.2026"), None);
    assert_eq!(shown_date("262000-01-01"), None);
    assert_eq!(shown_date(""), None);
}
