//! Which days the calendar shows: a month, a week, a day, or a month as a list (PT-178, PT-180 … PT-182).

use chrono::{Datelike, Days, Months, NaiveDate};
use opora_core::words::{Dictionary, format};

#[cfg(test)]
mod tests;

/// How the days are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::patronage) enum View {
    #[default]
    Month,
    Week,
    Day,
    List,
}

impl View {
    /// All views in the order of the switch.
    pub const ALL: [Self; 4] = [Self::Month, Self::Week, Self::Day, Self::List];

    /// The name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::List => "list",
        }
    }

    /// The view of this name; the month for anything else.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.name() == name).unwrap_or_default()
    }

    /// Key of the words on the switch.
    pub fn label_key(self) -> &'static str {
        match self {
            Self::Month => "programme-view-month",
            Self::Week => "programme-view-week",
            Self::Day => "programme-view-day",
            Self::List => "programme-view-list",
        }
    }
}

/// A stretch of days of the shown length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::patronage) struct Period {
    /// How it is shown.
    pub view: View,
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
}

impl Period {
    /// The period of `view` around `date`. Dates at the edge of the calendar stay within it.
    pub fn around(view: View, date: NaiveDate) -> Self {
        let (first, last) = match view {
            View::Month | View::List => {
                let first = date.with_day(1).unwrap_or(date);
                (first, first + Days::new(u64::from(first.num_days_in_month()) - 1))
            }
            View::Week => {
                let monday = date - Days::new(u64::from(date.weekday().num_days_from_monday()));
                (monday, monday + Days::new(6))
            }
            View::Day => (date, date),
        };
        Self { view, first, last }
    }

    /// A day of the next period of the same length (PT-180).
    pub fn next(self) -> NaiveDate {
        match self.view {
            View::Month | View::List => self.first + Months::new(1),
            View::Week | View::Day => self.last + Days::new(1),
        }
    }

    /// A day of the period before (PT-181).
    pub fn previous(self) -> NaiveDate {
        match self.view {
            View::Month | View::List => self.first - Months::new(1),
            View::Week => self.first - Days::new(7),
            View::Day => self.first - Days::new(1),
        }
    }

    /// Whether the day lies in it.
    pub fn holds(self, date: NaiveDate) -> bool {
        (self.first..=self.last).contains(&date)
    }

    /// The days of whole weeks that cover it, Monday first.
    pub fn weeks(self) -> (NaiveDate, NaiveDate) {
        match self.view {
            View::Month => (Self::around(View::Week, self.first).first, Self::around(View::Week, self.last).last),
            View::Week | View::Day | View::List => (self.first, self.last),
        }
    }

    /// «Ноябрь 2026», «16 — 22.11.2026», «22 ноября 2026, воскресенье».
    pub fn title(self, words: &Dictionary) -> String {
        match self.view {
            View::Month | View::List => format::month_title(words, self.first),
            View::Week => self.week_title(),
            View::Day => format::long_date(words, self.first),
        }
    }
}

impl Period {
    /// The week's days, with what they have in common said once.
    fn week_title(self) -> String {
        let (first, last) = (self.first, self.last);
        let start = match (first.year() == last.year(), first.month() == last.month()) {
            (true, true) => first.format("%d"),
            (true, false) => first.format("%d.%m"),
            (false, _) => first.format("%d.%m.%Y"),
        };
        format!("{start} — {}", format::date(last))
    }
}

/// A day that the calendar can show, with room around it; anything else is `None`.
pub(in crate::patronage) fn shown_date(text: &str) -> Option<NaiveDate> {
    let formats = ["%Y-%m-%d", "%d.%m.%Y"];
    let date = formats.iter().find_map(|format| NaiveDate::parse_from_str(text.trim(), format).ok())?;
    (1900..=2200).contains(&date.year()).then_some(date)
}
