//! The form as the browser sends it, and the button that sent it.

use chrono::{Datelike, NaiveDate};
use opora_core::{
    patronage::reminders::{Kind, Reach, ReminderForm},
    words::format,
};
use serde::Deserialize;

use super::{period::shown_date, task::Choices};

/// The choice of «Напомнить заранее» that asks for minutes.
pub(super) const OTHER_ADVANCE: &str = "other";

/// What the browser sends. Everything is text; core reads it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(super) struct Input {
    pub act: String,
    pub submission: String,
    pub version: String,
    pub reach: String,
    /// The calendar's view to go back to.
    pub view: String,
    pub kind: String,
    pub text: String,
    pub repetition: String,
    pub every: String,
    pub weekdays: Vec<String>,
    pub start_date: String,
    pub time: String,
    pub now: String,
    pub end_by: String,
    pub times: String,
    pub end_date: String,
    pub advance: String,
    pub advance_minutes: String,
    pub exclusion_first: Vec<String>,
    pub exclusion_last: Vec<String>,
}

/// A button of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// «Сохранить и закрыть», «Изменить».
    Save,
    /// «Сохранить и продолжить».
    SaveAndGoOn,
    /// Show the dates.
    Preview,
    /// One more row of «Исключение».
    AddExclusion,
    /// Take this row away.
    RemoveExclusion(usize),
    /// «Удалить»: ask first.
    AskDelete,
    /// Do not delete after all.
    Keep,
    /// Delete.
    Delete,
    /// «Отметить как выполнено».
    MarkDone,
    /// «Отметить как пропущено».
    MarkMissed,
}

impl Input {
    /// An empty form for a day, with what is preset (PT-145, PT-153, PT-158).
    pub fn preset(date: NaiveDate) -> Self {
        Self {
            repetition: "none".to_owned(),
            every: "1".to_owned(),
            weekdays: vec![date.weekday().number_from_monday().to_string()],
            start_date: format::date(date),
            end_by: "times".to_owned(),
            advance: "0".to_owned(),
            reach: "only".to_owned(),
            ..Self::default()
        }
    }

    /// A message that goes now (PT-177).
    pub fn quick(today: NaiveDate) -> Self {
        Self { kind: Kind::Information.name().to_owned(), now: "true".to_owned(), ..Self::preset(today) }
    }

    /// The values of a stored reminder; fields that it does not use are preset for the case that they will be.
    pub fn of(form: &ReminderForm, date: NaiveDate) -> Self {
        let preset = Self::preset(date);
        let or = |value: &String, preset: String| if value.is_empty() { preset } else { value.clone() };
        let is_listed = form.advance.is_empty() || Choices::lists_advance(&form.advance);
        Self {
            kind: form.kind.clone(),
            text: form.text.clone(),
            repetition: or(&form.repetition, preset.repetition),
            every: or(&form.every, preset.every),
            weekdays: if form.weekdays.is_empty() { preset.weekdays } else { form.weekdays.clone() },
            start_date: shown(&form.start_date),
            time: form.time.clone(),
            end_by: or(&form.end_by, preset.end_by),
            times: form.times.clone(),
            end_date: shown(&form.end_date),
            advance: if is_listed { or(&form.advance, preset.advance) } else { OTHER_ADVANCE.to_owned() },
            advance_minutes: if is_listed { String::new() } else { form.advance.clone() },
            exclusion_first: form.exclusions.iter().map(|(first, _)| shown(first)).collect(),
            exclusion_last: form.exclusions.iter().map(|(_, last)| shown(last)).collect(),
            reach: preset.reach,
            ..Self::default()
        }
    }

    /// What core reads.
    pub fn form(&self) -> ReminderForm {
        let is_other = self.advance == OTHER_ADVANCE;
        ReminderForm {
            kind: self.kind.clone(),
            text: self.text.clone(),
            repetition: self.repetition.clone(),
            every: self.every.clone(),
            weekdays: self.weekdays.clone(),
            start_date: self.start_date.clone(),
            time: self.time.clone(),
            end_by: self.end_by.clone(),
            times: self.times.clone(),
            end_date: self.end_date.clone(),
            advance: if is_other { self.advance_minutes.clone() } else { self.advance.clone() },
            exclusions: self.exclusions(),
            now: self.is_now(),
        }
    }

    /// The rows of «Исключение».
    pub fn exclusions(&self) -> Vec<(String, String)> {
        let lasts = self.exclusion_last.iter().map(String::as_str).chain(std::iter::repeat(""));
        self.exclusion_first.iter().cloned().zip(lasts.map(str::to_owned)).collect()
    }

    /// Adds an empty row of «Исключение».
    pub fn add_exclusion(&mut self) {
        self.exclusion_last.resize(self.exclusion_first.len(), String::new());
        self.exclusion_first.push(String::new());
        self.exclusion_last.push(String::new());
    }

    /// Takes a row of «Исключение» away.
    pub fn remove_exclusion(&mut self, index: usize) {
        let (first, last): (Vec<_>, Vec<_>) =
            self.exclusions().into_iter().enumerate().filter(|(at, _)| *at != index).map(|(_, row)| row).unzip();
        self.exclusion_first = first;
        self.exclusion_last = last;
    }

    /// The form for the next reminder after «Сохранить и продолжить» (PT-170, PT-D37).
    pub fn gone_on(self) -> Self {
        Self { exclusion_first: Vec::new(), exclusion_last: Vec::new(), ..self }
    }

    /// Names and values of the fields, for a step in between that must not lose them.
    pub fn carried(&self) -> Vec<(&'static str, &str)> {
        let single = [
            ("kind", &self.kind),
            ("text", &self.text),
            ("repetition", &self.repetition),
            ("every", &self.every),
            ("start_date", &self.start_date),
            ("time", &self.time),
            ("end_by", &self.end_by),
            ("times", &self.times),
            ("end_date", &self.end_date),
            ("advance", &self.advance),
            ("advance_minutes", &self.advance_minutes),
        ];
        let many = [
            ("weekdays", &self.weekdays),
            ("exclusion_first", &self.exclusion_first),
            ("exclusion_last", &self.exclusion_last),
        ];
        let single = single.into_iter().map(|(name, value)| (name, value.as_str()));
        let many = many.into_iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value.as_str())));
        single.chain(many).collect()
    }

    /// Whether «Сейчас» is chosen.
    pub fn is_now(&self) -> bool {
        !self.now.is_empty()
    }

    /// Whether the weekday with this number (Monday is 1) is chosen.
    pub fn has_weekday(&self, number: &str) -> bool {
        self.weekdays.iter().any(|chosen| chosen == number)
    }

    /// The pressed button; without one (the Enter key) the form is saved.
    pub fn act(&self) -> Act {
        match self.act.as_str() {
            "continue" => Act::SaveAndGoOn,
            "preview" => Act::Preview,
            "add-exclusion" => Act::AddExclusion,
            "ask-delete" => Act::AskDelete,
            "keep" => Act::Keep,
            "delete" => Act::Delete,
            "mark-done" => Act::MarkDone,
            "mark-missed" => Act::MarkMissed,
            act => match act.strip_prefix("remove-exclusion-").and_then(|index| index.parse().ok()) {
                Some(index) => Act::RemoveExclusion(index),
                None => Act::Save,
            },
        }
    }

    /// «Только это» or «Это и все следующие».
    pub fn reach(&self) -> Reach {
        if self.reach == "following" { Reach::ThisAndFollowing } else { Reach::OnlyThis }
    }

    /// The day to show in the calendar afterwards.
    pub fn date(&self) -> Option<NaiveDate> {
        shown_date(&self.start_date)
    }
}

/// A date as it is shown everywhere, «ДД.ММ.ГГГГ»; what is no date stays as it is.
fn shown(text: &str) -> String {
    shown_date(text).map_or_else(|| text.to_owned(), format::date)
}
