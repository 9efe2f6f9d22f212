//! The next dates of a form before it is saved, with what is special about them.

use opora_core::{
    foundation::{
        errors::{Complaints, Failure},
        ids::{PersonId, SeriesId},
    },
    patronage::reminders::{Preview, PreviewDate, Reach, preview, preview_change},
    words::format,
};

use super::input::Input;
use crate::{errors::PanelError, extract::Staff, visit::Lang};

/// What stands beside the form.
pub(super) struct Dates {
    /// The next dates; empty as long as the form is not filled in far enough.
    pub rows: Vec<DateRow>,
    /// «Всего 12, последнее 31.12.2026».
    pub sum: String,
    /// What must be mended before there are dates.
    pub troubles: Vec<String>,
}

/// One date.
pub(super) struct DateRow {
    /// «10.03.2026».
    pub date: String,
    /// «Вт».
    pub weekday: String,
    /// «09:00».
    pub time: String,
    /// What is special about it.
    pub note: String,
    /// Whether «Исключение» suspends it.
    pub is_excluded: bool,
}

impl Dates {
    /// No dates yet.
    pub fn none() -> Self {
        Self { rows: Vec::new(), sum: String::new(), troubles: Vec::new() }
    }

    /// The dates that the form would give.
    pub async fn of(staff: &Staff, person: PersonId, input: &Input) -> Result<Self, PanelError> {
        // Nobody who has just opened the form wants to hear what is missing.
        if input.start_date.is_empty() || (input.time.is_empty() && !input.is_now()) {
            return Ok(Self::none());
        }
        let mut work = staff.look().await?;
        let found = preview(&mut work, person, &input.form()).await;
        Self::found(staff.lang(), found)
    }

    /// The dates that a changed form would give.
    pub async fn of_change(
        staff: &Staff,
        series: SeriesId,
        ordinal: u32,
        reach: Reach,
        input: &Input,
    ) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let found = preview_change(&mut work, series, ordinal, reach, &input.form()).await;
        Self::found(staff.lang(), found)
    }

    fn found(l: &Lang, found: Result<Preview, Failure>) -> Result<Self, PanelError> {
        match found {
            Ok(preview) => Ok(Self::shown(l, &preview)),
            Err(Failure::Invalid(complaints)) => Ok(Self::troubled(l, &complaints)),
            Err(other) => Err(other.into()),
        }
    }

    fn troubled(l: &Lang, complaints: &Complaints) -> Self {
        let troubles = complaints.iter().map(|(_, say)| l.say(say)).collect();
        Self { troubles, ..Self::none() }
    }

    fn shown(l: &Lang, preview: &Preview) -> Self {
        let rows: Vec<_> = preview.dates.iter().map(|date| DateRow::of(l, date)).collect();
        let last = format::date(preview.last);
        let sum = match preview.total {
            Some(1) => String::new(),
            Some(total) => l.t("programme-preview-sum").n("count", total).s("last", last).to_string(),
            None => l.t("programme-preview-many").s("last", last).to_string(),
        };
        Self { rows, sum, troubles: Vec::new() }
    }
}

impl DateRow {
    fn of(l: &Lang, it: &PreviewDate) -> Self {
        Self {
            date: format::date(it.date),
            weekday: format::weekday_short(l, chrono::Datelike::weekday(&it.date)),
            time: format::time(it.time),
            note: it.note.as_ref().map(|note| l.say(note)).unwrap_or_default(),
            is_excluded: it.excluded,
        }
    }
}
