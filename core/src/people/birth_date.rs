//! Dates of birth.

use chrono::{Datelike, NaiveDate};

use crate::foundation::errors::Say;

/// Reads «ДД.ММ.ГГГГ» (or `ГГГГ-ММ-ДД`, as browsers send dates): not before 01.01.1900, not after `today` (PT-066).
pub fn parse(text: &str, today: NaiveDate) -> Result<NaiveDate, Say> {
    let date = typed(text)?;
    if date.year() < 1900 || date > today {
        return Err(Say::key("people-wrong-birth-date"));
    }
    Ok(date)
}

/// The same for any date, with the words for one that makes no sense.
pub fn typed(text: &str) -> Result<NaiveDate, Say> {
    date(text).ok_or_else(|| Say::key("people-wrong-date"))
}

/// Reads a date in one of the two ways in which it may be typed.
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let format = if text.contains('-') { "%Y-%m-%d" } else { "%d.%m.%Y" };
    // A year of two or three digits would be read as one of antiquity.
    NaiveDate::parse_from_str(text, format).ok().filter(|date| (1000..=9999).contains(&date.year()))
}
