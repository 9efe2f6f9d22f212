//! Ranges of dates through the `rrule` crate: calendar dates as midnights in UTC, never local times.
//!
//! The crate walks from `DTSTART`, so the rule is handed over as if it began with the first date of the window. The phase
//! stays true, because that date is an occurrence, and a window costs what lies in it, however old the series is.

use chrono::{NaiveDate, NaiveTime, Weekday};
use rrule::{Frequency, NWeekday, RRule, RRuleSet, Tz, Unvalidated};

use super::{End, Recurrence, Repetition};

impl Recurrence {
    /// The occurrences from `first` to `last`, both included.
    pub fn between(&self, first: NaiveDate, last: NaiveDate) -> Vec<(u32, NaiveDate)> {
        let Some((ordinal, date)) = self.first_on_or_after(first).filter(|(_, date)| *date <= last) else {
            return Vec::new();
        };
        let Some(rule) = self.rule() else { return vec![(ordinal, date)] };
        let Some(set) = set_of(rule, date, last) else { return Vec::new() };
        let most_ordinal = match self.end {
            End::Times(times) => u32::from(times),
            End::Never | End::On(_) => u32::MAX,
        };
        let end = match self.end {
            End::On(end) => last.min(end),
            End::Never | End::Times(_) => last,
        };
        (ordinal..=most_ordinal)
            .zip(&set)
            .map(|(ordinal, moment)| (ordinal, moment.date_naive()))
            .take_while(|(_, date)| *date <= end)
            .collect()
    }

    /// The rule in the crate's words, without start and end; `None` for a single date.
    pub(super) fn rule(&self) -> Option<RRule<Unvalidated>> {
        Some(match self.repetition {
            Repetition::Once => return None,
            Repetition::Daily { every } => RRule::new(Frequency::Daily).interval(every),
            Repetition::Weekly { every, weekdays } => RRule::new(Frequency::Weekly)
                .interval(every)
                .week_start(Weekday::Mon)
                .by_weekday(weekdays.iter().map(NWeekday::Every).collect()),
            Repetition::Monthly { every, day } => {
                let rule = RRule::new(Frequency::Monthly).interval(every).by_month_day(month_days(day));
                if day > SHORTEST_MONTH { rule.by_set_pos(vec![-1]) } else { rule }
            }
        })
    }
}

/// Every month has these days, so the days after them need the rule for short months.
const SHORTEST_MONTH: u8 = 28;

/// `BYMONTHDAY`: a bare 31 would skip the short months, so offer all from 28 on and let `BYSETPOS=-1` take the last.
fn month_days(day: u8) -> Vec<i8> {
    let days = if day > SHORTEST_MONTH { SHORTEST_MONTH..=day } else { day..=day };
    days.filter_map(|day| i8::try_from(day).ok()).collect()
}

fn set_of(rule: RRule<Unvalidated>, first: NaiveDate, last: NaiveDate) -> Option<RRuleSet> {
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc().with_timezone(&Tz::UTC);
    let built = rule.until(midnight(last)).build(midnight(first));
    debug_assert!(built.is_ok(), "{built:?}");
    built.ok()
}
