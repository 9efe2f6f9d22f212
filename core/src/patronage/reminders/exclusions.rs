//! «Исключение»: inclusive ranges of local dates on which a series is suspended (PT-167 … PT-169, PT-D34).

use chrono::NaiveDate;

/// Ranges of a series at most.
pub const MOST_RANGES: usize = 100;

/// Inclusive ranges of dates, sorted and apart from each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exclusions(Vec<(NaiveDate, NaiveDate)>);

impl Exclusions {
    /// Sorts the ranges and joins those that overlap. A range whose end is before its beginning is dropped.
    pub fn of(mut ranges: Vec<(NaiveDate, NaiveDate)>) -> Self {
        ranges.retain(|(first, last)| first <= last);
        ranges.sort_unstable();
        let mut joined: Vec<(NaiveDate, NaiveDate)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some((_, end)) if first <= *end => *end = last.max(*end),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    /// The ranges.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, NaiveDate)> + '_ {
        self.0.iter().copied()
    }

    /// The last date of the range that covers `date`.
    pub fn suspended_until(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.iter().find(|(first, last)| (*first..=*last).contains(&date)).map(|(_, last)| last)
    }

    /// Whether `date` is suspended.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.suspended_until(date).is_some()
    }

    /// These ranges and what of `other` lies on or before `last`: what is past stays excluded (PT-169).
    #[must_use]
    pub fn keeping_until(self, other: &Self, last: NaiveDate) -> Self {
        let past = other.iter().filter(|(first, _)| *first <= last).map(|(first, end)| (first, end.min(last)));
        Self::of(self.0.into_iter().chain(past).collect())
    }

    /// The ranges that reach `date` or later.
    #[must_use]
    pub fn from(self, date: NaiveDate) -> Self {
        Self(self.0.into_iter().filter(|(_, last)| *last >= date).collect())
    }
}
