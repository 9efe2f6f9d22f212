//! When a reminder repeats: a rule over calendar dates, without times and zones (PT-153…PT-165, PT-D31…PT-D33).
//!
//! Every date of a rule has an *ordinal*, 1 for the first. It is worked out by closed arithmetic ([`arithmetic`]), so that
//! finding the next date costs the same in the first year and in the thousandth; ranges of dates come from the `rrule` crate
//! ([`expansion`]), and a rule can be written as and read from RFC 5545 text ([`text`]). All three agree, which tests show.

use chrono::{Datelike, NaiveDate};

mod arithmetic;
mod expansion;
mod text;
mod weekdays;

#[cfg(test)]
mod tests;

pub use text::UnreadableRule;
pub use weekdays::Weekdays;

/// The last end date that may be chosen (PT-163).
pub const LATEST_END: NaiveDate = NaiveDate::from_ymd_opt(2099, 12, 31).expect("a date of the calendar");
/// The most repetitions that may be chosen as a number (PT-162).
pub const MOST_TIMES: u16 = 500;

/// A rule: when it starts, how it repeats and how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recurrence {
    /// The first day that may carry an occurrence; it also fixes the phase of intervals.
    pub start: NaiveDate,
    /// How it repeats.
    pub repetition: Repetition,
    /// How it ends.
    pub end: End,
}

/// «Повторение».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repetition {
    /// «Не повторять»: on the start date only.
    Once,
    /// «Ежедневно»: every so many days.
    Daily {
        /// Days from one occurrence to the next, 1–366.
        every: u16,
    },
    /// «Еженедельно»: on weekdays of every so many weeks. Week 1 is the Monday week of the start date (PT-D32).
    Weekly {
        /// Weeks from one active week to the next, 1–104.
        every: u16,
        /// The days of an active week.
        weekdays: Weekdays,
    },
    /// «Ежемесячно»: on one day of every so many months, the last day where the month is shorter (PT-D31).
    Monthly {
        /// Months from one occurrence to the next, 1–60.
        every: u16,
        /// The wished day of the month, 1–31. It is the start date's, except in a rule that continues another one: the
        /// 31st that goes on from 28 February still wants the 31st.
        day: u8,
    },
}

/// How a rule ends (PT-164).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself: only for [`Repetition::Once`].
    Never,
    /// After so many occurrences, 1–500.
    Times(u16),
    /// With this day, which still belongs to it.
    On(NaiveDate),
}

/// What is wrong with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecurrenceError {
    /// The interval is not within 1 and the most allowed for its sort (PT-160).
    #[error("the interval must be from 1 to {most}")]
    Interval {
        /// The most allowed.
        most: u16,
    },
    /// A weekly rule without weekdays (PT-158).
    #[error("no weekday is chosen")]
    NoWeekday,
    /// The day of the month is not within 1 and 31.
    #[error("there is no such day of the month")]
    MonthDay,
    /// The number of repetitions is not within 1 and 500 (PT-162).
    #[error("the number of repetitions must be from 1 to {MOST_TIMES}")]
    Times,
    /// The end date lies after 31.12.2099 (PT-163).
    #[error("the end date is later than {LATEST_END}")]
    EndTooLate,
    /// The end date lies before the start date (PT-163).
    #[error("the end date is before the start date")]
    EndBeforeStart,
    /// A repeating rule without an end, or a single date with one (PT-164).
    #[error("a repeating rule needs exactly one end, a single date none")]
    EndUnfit,
    /// The start date lies after 31.12.2099.
    #[error("the start date is later than {LATEST_END}")]
    StartTooLate,
    /// The rule gives no date at all (PT-165).
    #[error("the rule gives no date")]
    Empty,
}

impl Repetition {
    /// «Ежемесячно» on the start date's day of the month.
    pub fn monthly(every: u16, start: NaiveDate) -> Self {
        let day = u8::try_from(start.day()).expect("a day of the month is at most 31");
        Self::Monthly { every, day }
    }

    /// The longest interval allowed (PT-160); 1 where there is none.
    pub fn most_every(self) -> u16 {
        match self {
            Self::Once => 1,
            Self::Daily { .. } => 366,
            Self::Weekly { .. } => 104,
            Self::Monthly { .. } => 60,
        }
    }

    fn every(self) -> u16 {
        match self {
            Self::Once => 1,
            Self::Daily { every } | Self::Weekly { every, .. } | Self::Monthly { every, .. } => every,
        }
    }
}

impl Recurrence {
    /// A single date.
    pub fn once(date: NaiveDate) -> Self {
        Self { start: date, repetition: Repetition::Once, end: End::Never }
    }

    /// Whether the rule keeps the limits and gives at least one date. That the start is not in the past is the caller's
    /// matter, who knows what today is.
    pub fn check(&self) -> Result<(), RecurrenceError> {
        self.check_repetition()?;
        if self.start > LATEST_END {
            return Err(RecurrenceError::StartTooLate);
        }
        self.check_end()?;
        self.first().map(|_| ()).ok_or(RecurrenceError::Empty)
    }

    fn check_repetition(&self) -> Result<(), RecurrenceError> {
        let most = self.repetition.most_every();
        if !(1..=most).contains(&self.repetition.every()) {
            return Err(RecurrenceError::Interval { most });
        }
        match self.repetition {
            Repetition::Weekly { weekdays, .. } if weekdays.is_empty() => Err(RecurrenceError::NoWeekday),
            Repetition::Monthly { day, .. } if !(1..=31).contains(&day) => Err(RecurrenceError::MonthDay),
            _ => Ok(()),
        }
    }

    fn check_end(&self) -> Result<(), RecurrenceError> {
        match (self.repetition, self.end) {
            (Repetition::Once, End::Never) => Ok(()),
            (Repetition::Once, _) | (_, End::Never) => Err(RecurrenceError::EndUnfit),
            (_, End::Times(times)) if !(1..=MOST_TIMES).contains(&times) => Err(RecurrenceError::Times),
            (_, End::On(date)) if date > LATEST_END => Err(RecurrenceError::EndTooLate),
            (_, End::On(date)) if date < self.start => Err(RecurrenceError::EndBeforeStart),
            _ => Ok(()),
        }
    }
}
