//! The filters as they stand in the address.

use chrono_tz::Tz;
use opora_core::{
    foundation::{
        clock::Timestamp,
        errors::{Complaints, Failure},
    },
    patronage::activity::{ActivityFilter, Period, Seen},
    people::{birth_date, contact::optional},
    words::format,
};
use serde::{Deserialize, Serialize};

/// The filters as typed, and the place in the list.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub curator: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub district: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub seen: String,
    #[serde(rename = "type", skip_serializing_if = "String::is_empty")]
    pub kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub first: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cursor: String,
    /// A quick search that was pressed; it becomes the two dates.
    #[serde(skip_serializing)]
    pub period: String,
}

impl Asked {
    /// Reads them; what makes no sense is left out.
    pub fn read(query: &str) -> Self {
        serde_html_form::from_str(query).unwrap_or_default()
    }

    /// The quick searches set both dates and keep the rest (PT-208).
    pub fn apply_period(&mut self, now: Timestamp, house: Tz) {
        let period = match self.period.as_str() {
            "today" => Period::Today,
            "yesterday" => Period::Yesterday,
            "week" => Period::ThisWeek,
            _ => return,
        };
        let (first, last) = period.dates(now, house);
        (self.first, self.last) = (format::date(first), format::date(last));
        self.cursor.clear();
    }

    /// As the address has them; the place in the list only if wanted.
    pub fn query(&self, with_place: bool) -> String {
        let cursor = if with_place { self.cursor.clone() } else { String::new() };
        serde_html_form::to_string(Self { cursor, ..self.clone() }).unwrap_or_default()
    }

    /// Whether nothing is narrowed.
    pub fn is_empty(&self) -> bool {
        self.query(false).is_empty()
    }

    /// Whether it is narrowed by more than the name.
    pub fn has_more(&self) -> bool {
        !Self { name: String::new(), ..self.clone() }.is_empty()
    }

    /// For the use case.
    pub fn filter(&self) -> Result<ActivityFilter, Failure> {
        let mut complaints = Complaints::default();
        let first = complaints.check("first", optional(&self.first, birth_date::typed));
        let last = complaints.check("last", optional(&self.last, birth_date::typed));
        complaints.into_result()?;
        Ok(ActivityFilter {
            name: self.name.clone(),
            curator: self.curator.parse().ok(),
            district: self.district.parse().ok(),
            seen: match self.seen.as_str() {
                "yes" => Seen::Seen,
                "no" => Seen::Unseen,
                _ => Seen::All,
            },
            kind: self.kind.parse().ok(),
            first: first.flatten(),
            last: last.flatten(),
        })
    }
}
