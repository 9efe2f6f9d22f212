//! The next dates of a form, with what is special about them.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::{
    draft::{Draft, Preview, PreviewDate},
    series::Plan,
};
use crate::{
    foundation::errors::Say,
    schedule::{
        local_time::{ClockChange, clock_change},
        recurrence::Repetition,
    },
};

/// Dates shown.
const SHOWN: usize = 10;

/// The first dates of the draft; `None` when it has none.
pub(super) fn dates_of(draft: &Draft, zone: Tz) -> Option<Preview> {
    let rule = &draft.plan.rule;
    let dates = std::iter::successors(rule.first(), |(ordinal, _)| rule.after(*ordinal));
    let dates = dates.take(SHOWN).map(|(_, date)| date_of(draft, date, zone)).collect();
    let (total, last) = rule.last()?;
    Some(Preview { dates, total: Some(total), last })
}

fn date_of(draft: &Draft, date: NaiveDate, zone: Tz) -> PreviewDate {
    PreviewDate {
        date,
        time: draft.plan.time,
        moment: draft.plan.moment(date, zone),
        note: note(&draft.plan, date, zone),
        excluded: draft.exclusions.covers(date),
    }
}

fn note(plan: &Plan, date: NaiveDate, zone: Tz) -> Option<Say> {
    match clock_change(date, plan.time, zone) {
        ClockChange::Skipped(actual) => {
            return Some(Say::key("reminders-note-skipped").text("time", actual.format("%H:%M").to_string()));
        }
        ClockChange::Twice => return Some(Say::key("reminders-note-twice")),
        ClockChange::None => {}
    }
    match plan.rule.repetition {
        Repetition::Monthly { day, .. } if u32::from(day) != date.day() => {
            Some(Say::key("reminders-note-month-end").number("day", day))
        }
        _ => None,
    }
}
