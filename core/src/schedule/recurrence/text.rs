//! RFC 5545 text, for exports, calendars of others and the audit. `DTSTART` is the first date of the rule; whole dates only.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate, Weekday};
use rrule::{Frequency, NWeekday, RRule, RRuleSet, Validated};

use super::{End, LATEST_END, Recurrence, RecurrenceError, Repetition, Weekdays};

/// Why a text is not a rule of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableRule {
    /// It is not RFC 5545 or lacks `DTSTART`.
    #[error("this is no rule of RFC 5545: {0}")]
    Syntax(String),
    /// It is a rule, but of a sort that reminders do not have.
    #[error("reminders cannot repeat like this: {0}")]
    Unsupported(&'static str),
    /// It breaks our limits.
    #[error(transparent)]
    Limits(#[from] RecurrenceError),
}

impl Recurrence {
    /// `DTSTART;VALUE=DATE:…` and, unless it is a single date, a line `RRULE:…`. For a rule with a date
    /// ([`Recurrence::check`]) the text read back gives the same dates with the same ordinals.
    pub fn to_rfc5545(&self) -> String {
        let start = self.first().map_or(self.start, |(_, date)| date);
        let mut text = format!("DTSTART;VALUE=DATE:{}", start.format("%Y%m%d"));
        text.push_str(&self.rule_text());
        match (self.repetition, self.end) {
            (Repetition::Once, _) | (_, End::Never) => {}
            (_, End::Times(times)) => write!(text, ";COUNT={times}").expect("a String takes all text"),
            (_, End::On(date)) => write!(text, ";UNTIL={}", date.format("%Y%m%d")).expect("a String takes all text"),
        }
        text
    }

    fn rule_text(&self) -> String {
        match self.repetition {
            Repetition::Once => String::new(),
            Repetition::Daily { every } => format!("\nRRULE:FREQ=DAILY;INTERVAL={every}"),
            Repetition::Weekly { every, weekdays } => {
                let days: Vec<_> = weekdays.iter().map(two_letters).collect();
                format!("\nRRULE:FREQ=WEEKLY;INTERVAL={every};WKST=MO;BYDAY={}", days.join(","))
            }
            Repetition::Monthly { every, day } if day <= 28 => {
                format!("\nRRULE:FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={day}")
            }
            Repetition::Monthly { every, day } => {
                let days: Vec<_> = (28..=day).map(|day| day.to_string()).collect();
                format!("\nRRULE:FREQ=MONTHLY;INTERVAL={every};BYMONTHDAY={};BYSETPOS=-1", days.join(","))
            }
        }
    }

    /// Reads what [`Recurrence::to_rfc5545`] writes, and any other text of the same sorts.
    pub fn from_rfc5545(text: &str) -> Result<Self, UnreadableRule> {
        let syntax = |error: &dyn ToString| UnreadableRule::Syntax(error.to_string());
        let set: RRuleSet = with_moments(text).parse().map_err(|error| syntax(&error))?;
        if !(set.get_exrule().is_empty() && set.get_rdate().is_empty() && set.get_exdate().is_empty()) {
            return Err(UnreadableRule::Unsupported("only DTSTART and one RRULE"));
        }
        let start = set.get_dt_start().date_naive();
        let rule = match set.get_rrule().as_slice() {
            [] => Self::once(start),
            [rule] => Self { start, repetition: repetition_of(rule, start)?, end: end_of(rule)? },
            _ => return Err(UnreadableRule::Unsupported("more than one RRULE")),
        };
        rule.check()?;
        Ok(rule)
    }
}

/// The crate wants moments where RFC 5545 allows dates: makes every bare date a midnight in UTC.
pub(super) fn with_moments(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.trim().replace(";VALUE=DATE:", ":");
        let parts: Vec<_> = line.split(';').map(as_moment).collect();
        parts.join(";")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn as_moment(part: &str) -> String {
    let is_dated = part.starts_with("DTSTART:") || part.contains("UNTIL=");
    let digits = part.rsplit([':', '=']).next().unwrap_or_default();
    let is_bare = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_dated && is_bare { format!("{part}T000000Z") } else { part.to_owned() }
}

fn repetition_of(rule: &RRule<Validated>, start: NaiveDate) -> Result<Repetition, UnreadableRule> {
    let is_plain =
        rule.get_by_month().is_empty() && rule.get_by_year_day().is_empty() && rule.get_by_week_no().is_empty();
    if !is_plain {
        return Err(UnreadableRule::Unsupported("by months, weeks or days of the year"));
    }
    let every = rule.get_interval();
    match rule.get_freq() {
        Frequency::Daily if rule.get_by_weekday().is_empty() && rule.get_by_month_day().is_empty() => {
            Ok(Repetition::Daily { every })
        }
        Frequency::Weekly if every == 1 || rule.get_week_start() == Weekday::Mon => {
            Ok(Repetition::Weekly { every, weekdays: weekdays_of(rule)? })
        }
        Frequency::Monthly => Ok(Repetition::Monthly { every, day: month_day_of(rule, start)? }),
        _ => Err(UnreadableRule::Unsupported("only daily, weekly from Monday and monthly by a day of the month")),
    }
}

/// The crate itself adds the start's weekday where `BYDAY` is missing.
fn weekdays_of(rule: &RRule<Validated>) -> Result<Weekdays, UnreadableRule> {
    let days = rule.get_by_weekday().iter().map(|day| match day {
        NWeekday::Every(day) => Ok(*day),
        NWeekday::Nth(..) => Err(UnreadableRule::Unsupported("numbered weekdays")),
    });
    days.collect()
}

/// One day that every month has, the start's own one, or 28…day with the last of them taken.
fn month_day_of(rule: &RRule<Validated>, start: NaiveDate) -> Result<u8, UnreadableRule> {
    const UNFIT: UnreadableRule =
        UnreadableRule::Unsupported("monthly only by one day, the last where a month is shorter");
    if !rule.get_by_weekday().is_empty() {
        return Err(UNFIT);
    }
    let mut days: Vec<u8> = rule.get_by_month_day().iter().filter_map(|day| u8::try_from(*day).ok()).collect();
    days.sort_unstable();
    let takes_last = rule.get_by_set_pos() == [-1];
    match days.as_slice() {
        // A bare 29, 30 or 31 would leave out the shorter months, which a reminder never does.
        [day] if *day <= 28 && rule.get_by_set_pos().is_empty() => Ok(*day),
        [28, .., day] if takes_last && usize::from(day - 27) == days.len() && u32::from(*day) >= start.day() => {
            Ok(*day)
        }
        _ => Err(UNFIT),
    }
}

fn end_of(rule: &RRule<Validated>) -> Result<End, UnreadableRule> {
    match (rule.get_count(), rule.get_until()) {
        (Some(count), None) => Ok(End::Times(u16::try_from(count).map_err(|_| RecurrenceError::Times)?)),
        (None, Some(until)) => Ok(End::On(until.date_naive().min(LATEST_END.succ_opt().unwrap_or(LATEST_END)))),
        _ => Err(UnreadableRule::Limits(RecurrenceError::EndUnfit)),
    }
}

fn two_letters(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "MO",
        Weekday::Tue => "TU",
        Weekday::Wed => "WE",
        Weekday::Thu => "TH",
        Weekday::Fri => "FR",
        Weekday::Sat => "SA",
        Weekday::Sun => "SU",
    }
}
