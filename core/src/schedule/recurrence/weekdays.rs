//! A set of weekdays.

use chrono::Weekday;

/// A set of weekdays; Monday is bit 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    /// All seven, from Monday.
    pub const WEEK: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

    /// The set kept as bits; bits that mean no day are dropped.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits & 0b111_1111)
    }

    /// The bits to keep.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// The set with `day` too.
    #[must_use]
    pub fn with(self, day: Weekday) -> Self {
        Self(self.0 | 1 << day.num_days_from_monday())
    }

    /// Whether `day` belongs to it.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & 1 << day.num_days_from_monday() != 0
    }

    /// Whether no day belongs to it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many days belong to it.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Its days from Monday to Sunday.
    pub fn iter(self) -> impl Iterator<Item = Weekday> {
        Self::WEEK.into_iter().filter(move |day| self.contains(*day))
    }

    /// Those of its days that come before `day` in the week.
    pub(super) fn before(self, day: Weekday) -> Self {
        Self(self.0 & ((1 << day.num_days_from_monday()) - 1))
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        days.into_iter().fold(Self::default(), Self::with)
    }
}
