use chrono::TimeDelta;
use proptest::prelude::*;

use super::{ACTIVATION, Counter, LOGIN, Verdict};
use crate::foundation::clock::Timestamp;

fn at(minutes: i64) -> Timestamp {
    "2026-03-10T06:00:00Z".parse::<Timestamp>().unwrap() + TimeDelta::minutes(minutes)
}

fn failures(counter: Counter, rule: &super::Rule, count: usize, now: Timestamp) -> Counter {
    (0..count).fold(counter, |counter, _| counter.after_failure(rule, now).0)
}

/// PT-019
#[test]
fn failures_count_together_only_within_the_window() {
    let nine = failures(Counter::default(), &LOGIN, 9, at(0));
    assert_eq!(nine.verdict(at(0)), Verdict::Open);
    assert_eq!(nine.after_failure(&LOGIN, at(14)).0.verdict(at(14)), Verdict::Refused { minutes: 15 });
    let (later, _) = nine.after_failure(&LOGIN, at(15));
    assert_eq!((later.failures, later.verdict(at(15))), (1, Verdict::Open));
}

/// PT-090
#[test]
fn refusals_double_up_to_a_day_and_are_forgiven_after_a_quiet_one() {
    let mut now = at(0);
    let mut counter = Counter::default();
    for minutes in [30, 60, 120, 240, 480, 960, 1440, 1440] {
        counter = failures(counter, &ACTIVATION, 5, now);
        assert_eq!(counter.verdict(now), Verdict::Refused { minutes });
        now += TimeDelta::minutes(minutes);
        assert_eq!(counter.verdict(now), Verdict::Open);
    }
    now += TimeDelta::hours(24);
    counter = failures(counter, &ACTIVATION, 5, now);
    assert_eq!(counter.verdict(now), Verdict::Refused { minutes: 30 });
}

proptest! {
    /// Whatever the rhythm, no window lets more tries through than the rule says.
    #[test]
    fn no_rhythm_gets_more_tries_than_the_rule(pauses in prop::collection::vec(0_i64..2_000, 1..200)) {
        let (mut counter, mut now, mut tries) = (Counter::default(), at(0), Vec::new());
        for seconds in pauses {
            now += TimeDelta::seconds(seconds);
            if counter.verdict(now) == Verdict::Open {
                counter = counter.after_failure(&LOGIN, now).0;
                tries.push(now);
            }
        }
        // Two windows may touch: hence twice the number within one window's length.
        let most = tries.iter().map(|begin| tries.iter().filter(|t| **t >= *begin && **t < *begin + LOGIN.window).count()).max();
        prop_assert!(most.unwrap_or_default() < 20);
    }
}
