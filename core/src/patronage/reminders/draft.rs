//! The form «Создать задание» as typed ([`ReminderForm`]), what it means ([`Draft`]) and the dates it will give ([`Preview`]).

use chrono::{NaiveDate, NaiveTime};

use super::kind::Kind;
use crate::{
    foundation::{
        clock::Timestamp,
        errors::{Failure, Say},
        ids::PersonId,
    },
    work::Work,
};

/// The form as typed. Field names are those of the HTML form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReminderForm {
    /// «Тип задания»: name of a [`Kind`].
    pub kind: String,
    /// «Описание задания».
    pub text: String,
    /// «Повторение»: `none`, `daily`, `weekly` or `monthly`.
    pub repetition: String,
    /// Every so many days, weeks or months.
    pub every: String,
    /// `1` (Monday) … `7`, for weekly ones.
    pub weekdays: Vec<String>,
    /// Date of the first reminder: `2026-03-10` or «10.03.2026».
    pub start_date: String,
    /// «Время напоминания»: «ЧЧ:ММ».
    pub time: String,
    /// `times` or `date`: which end counts.
    pub end_by: String,
    /// Number of repetitions.
    pub times: String,
    /// Last date.
    pub end_date: String,
    /// «Напомнить заранее», minutes; for meetings.
    pub advance: String,
    /// «Исключение»: first and last dates; an empty last date means one day.
    pub exclusions: Vec<(String, String)>,
    /// «Сейчас» (PT-D36): date and time are taken from the clock.
    pub now: bool,
}

/// What the form means.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// «Тип задания».
    pub kind: Kind,
    /// «Описание задания».
    pub text: String,
}

/// The next dates of a form, before it is saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The first of them.
    pub dates: Vec<PreviewDate>,
    /// How many reminders in all, excluded ones included; `None` when there are very many.
    pub total: Option<u32>,
    /// Date of the last one.
    pub last: NaiveDate,
}

/// One date of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewDate {
    /// Local date.
    pub date: NaiveDate,
    /// Local time as typed.
    pub time: NaiveTime,
    /// The moment it comes to.
    pub moment: Timestamp,
    /// What is special: the month's end, a clock change.
    pub note: Option<Say>,
    /// Whether «Исключение» suspends it.
    pub excluded: bool,
}

/// The next dates the form would give, for `person`.
pub async fn preview(work: &mut Work, person: PersonId, form: &ReminderForm) -> Result<Preview, Failure> {
    let _ = (work, person, form);
    todo!()
}
