//! How dates, times, sizes and numbers are written.

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::Dictionary;
use crate::foundation::clock::Timestamp;

/// «22.11.2026».
pub fn date(date: NaiveDate) -> String {
    date.format("%d.%m.%Y").to_string()
}

/// «09:00».
pub fn time(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// «22.11.2026, 09:00» on the clocks of `zone`.
pub fn moment(moment: Timestamp, zone: Tz) -> String {
    moment.with_timezone(&zone).format("%d.%m.%Y, %H:%M").to_string()
}

/// «22 ноября 2026, воскресенье».
pub fn long_date(dictionary: &Dictionary, date: NaiveDate) -> String {
    dictionary
        .t("date-long")
        .n("day", date.day())
        .n("month", date.month())
        .n("year", date.year())
        .n("weekday", date.weekday().number_from_monday())
        .to_string()
}

/// «Ноябрь 2026».
pub fn month_title(dictionary: &Dictionary, date: NaiveDate) -> String {
    dictionary.t("date-month-title").n("month", date.month()).n("year", date.year()).to_string()
}

/// «Пн».
pub fn weekday_short(dictionary: &Dictionary, weekday: Weekday) -> String {
    dictionary.t("date-weekday-short").n("weekday", weekday.number_from_monday()).to_string()
}

/// «12 345», grouped as the language does it.
pub fn number(dictionary: &Dictionary, number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let separator = dictionary.t("number-group").to_string();
    let mut text = String::from(if number < 0 { "−" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(&separator);
        }
        text.push(digit);
    }
    text
}

/// «1,2 МБ»: one decimal below ten units, none above; 1 КБ = 1024 bytes.
pub fn bytes(dictionary: &Dictionary, bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] =
        [("size-gigabytes", 1 << 30), ("size-megabytes", 1 << 20), ("size-kilobytes", 1 << 10)];
    // Half of the next smaller unit earlier, so that nobody reads «1 024 КБ».
    let unit = UNITS.iter().find(|(_, unit)| bytes >= unit - (unit >> 11));
    let Some((key, unit)) = unit else { return dictionary.t("size-bytes").n("size", bytes).to_string() };
    let tenths = (u128::from(bytes) * 10 + u128::from(unit / 2)) / u128::from(*unit);
    dictionary.t(key).s("size", decimal(dictionary, i64::try_from(tenths).unwrap_or(i64::MAX))).to_string()
}

fn decimal(dictionary: &Dictionary, tenths: i64) -> String {
    match (tenths / 10, tenths % 10) {
        (10.., _) => number(dictionary, (tenths + 5) / 10),
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}{}{tenth}", dictionary.t("number-decimal")),
    }
}
