//! The window «Создать задание» and its sisters: the form, the question before deleting, and the story of a sent reminder.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use opora_core::{foundation::page::Choice, patronage::reminders::Kind, schedule::recurrence::Weekdays, words::format};

use super::{
    input::{Input, OTHER_ADVANCE},
    preview::Dates,
    story::Story,
};
use crate::{
    errors::PanelError,
    extract::Staff,
    page::{Shell, Toast, Wrong, html, render, render_invalid},
    paths,
    patronage::card::Card,
    visit::Lang,
};

/// The part of the page that our script shows as a window.
const PREVIEW_PART: &str = "preview";

#[derive(Template)]
#[template(path = "patronage/reminders/task.html")]
struct TaskPage<'a> {
    shell: Shell,
    card: &'a Card,
    task: &'a Task,
    wrong: &'a Wrong,
}

#[derive(Template)]
#[template(path = "patronage/reminders/preview.html")]
struct PreviewPart<'a> {
    l: &'a Lang,
    dates: &'a Dates,
}

/// What the window shows.
pub(super) struct Task {
    /// Title of the window.
    pub title: String,
    /// Where the form is sent.
    pub action: String,
    /// Where closing leads without script.
    pub back: String,
    /// The values.
    pub input: Input,
    /// The next dates.
    pub dates: Dates,
    /// Which of its faces.
    pub face: Face,
    /// The choices of its fields.
    pub choices: Choices,
}

/// The faces of the window.
pub(super) enum Face {
    /// «Создать задание».
    New,
    /// A planned reminder; `is_series` asks how far a change reaches.
    Planned {
        /// Whether it belongs to a repeating series.
        is_series: bool,
    },
    /// «Удалить?»
    Deleting {
        /// Whether it belongs to a repeating series.
        is_series: bool,
    },
    /// «Напоминание уже отправлено».
    Sent(Box<Story>),
}

/// The choices of the form's fields.
pub(super) struct Choices {
    pub kinds: Vec<Choice<&'static str>>,
    pub repetitions: Vec<Choice<&'static str>>,
    pub weekdays: Vec<Choice<String>>,
    pub advances: Vec<Choice<&'static str>>,
    pub reaches: Vec<Choice<&'static str>>,
}

/// «Повторение» (PT-153).
const REPETITIONS: [(&str, &str); 4] = [
    ("none", "programme-repetition-none"),
    ("daily", "programme-repetition-daily"),
    ("weekly", "programme-repetition-weekly"),
    ("monthly", "programme-repetition-monthly"),
];

/// «Напомнить заранее», minutes (PT-D35).
const ADVANCES: [(&str, &str); 6] = [
    ("0", "programme-advance-none"),
    ("60", "programme-advance-hour"),
    ("180", "programme-advance-three-hours"),
    ("1440", "programme-advance-day"),
    ("2880", "programme-advance-two-days"),
    (OTHER_ADVANCE, "programme-advance-other"),
];

/// How far a change reaches (PT-D38).
const REACHES: [(&str, &str); 2] = [("only", "programme-reach-only"), ("following", "programme-reach-following")];

impl Choices {
    /// The choices in the reader's words.
    pub fn of(l: &Lang) -> Self {
        let named = |(id, key): (&'static str, &str)| Choice { id, label: l.t(key).to_string() };
        let weekday = |day: &chrono::Weekday| Choice {
            id: day.number_from_monday().to_string(),
            label: format::weekday_short(l, *day),
        };
        Self {
            kinds: Kind::ALL.into_iter().map(|kind| named((kind.name(), kind.label_key()))).collect(),
            repetitions: REPETITIONS.into_iter().map(named).collect(),
            weekdays: Weekdays::WEEK.iter().map(weekday).collect(),
            advances: ADVANCES.into_iter().map(named).collect(),
            reaches: REACHES.into_iter().map(named).collect(),
        }
    }

    /// Whether «Напомнить заранее» lists so many minutes.
    pub fn lists_advance(minutes: &str) -> bool {
        ADVANCES.iter().any(|(listed, _)| *listed == minutes)
    }
}

impl Task {
    /// The window for a new reminder.
    pub fn new(l: &Lang, card: &Card, input: Input, dates: Dates) -> Self {
        Self {
            title: l.t("programme-task-new").to_string(),
            action: paths::new_reminder(card.person),
            back: back(card, &input),
            input,
            dates,
            face: Face::New,
            choices: Choices::of(l),
        }
    }

    /// Whether it is about a new reminder.
    fn is_new(&self) -> bool {
        matches!(self.face, Face::New)
    }

    /// Whether there is little to show.
    fn is_small(&self) -> bool {
        matches!(self.face, Face::Deleting { .. } | Face::Sent(_))
    }

    /// Whether the form must ask how far a change reaches.
    fn asks_reach(&self) -> bool {
        matches!(self.face, Face::Planned { is_series: true })
    }

    /// Marks a part of the form that the present values do not need; it is hidden where scripts can show it again.
    fn off(&self, field: &str, values: &[&str]) -> &'static str {
        let value = match field {
            "kind" => &self.input.kind,
            "repetition" => &self.input.repetition,
            "end_by" => &self.input.end_by,
            "advance" => &self.input.advance,
            _ => &self.input.reach,
        };
        if values.contains(&value.as_str()) { "" } else { " data-off" }
    }
}

/// The calendar around the form's date.
pub(super) fn back(card: &Card, input: &Input) -> String {
    let view = super::period::View::named(&input.view).name();
    let date = input.date().map(|date| format!("&date={date}")).unwrap_or_default();
    format!("{}?view={view}{date}", paths::programme(card.person))
}

/// Answers with the window, or with the dates alone when only they are asked for.
pub(super) async fn show(
    staff: &Staff,
    card: &Card,
    task: &Task,
    wrong: &Wrong,
    toast: Option<Toast>,
) -> Result<Response, PanelError> {
    if staff.visit.swap.as_deref() == Some(PREVIEW_PART) {
        let part = PreviewPart { l: staff.lang(), dates: &task.dates };
        return Ok((StatusCode::OK, html(part.render()?)).into_response());
    }
    let mut shell = staff.shell(format!("{} — {}", task.title, card.short_name)).await?;
    shell.toast = toast.or(shell.toast);
    let page = TaskPage { shell, card, task, wrong };
    if wrong.is_any() { render_invalid(wrong, &page) } else { render(&page) }
}
