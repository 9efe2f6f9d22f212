//! What became of a reminder that was sent: planned → delivered → answered, who and when.

use opora_core::{
    patronage::reminders::{Entry, Kind, OccurrenceState, story},
    words::format,
};

use super::{
    period::View,
    row::Row,
    steps::{Step, steps},
};
use crate::{patronage::card::Card, visit::Lang};

/// The story of one reminder.
pub(super) struct Story {
    /// «Напоминание уже отправлено»: why nothing can be changed.
    pub heading: String,
    /// The reminder as a row.
    pub row: Row,
    /// «Описание задания», whole.
    pub text: String,
    /// «22 ноября 2026, воскресенье».
    pub date: String,
    /// What happened, in order.
    pub steps: Vec<Step>,
    /// Whether it can be marked by hand (PT-195).
    pub can_be_marked: bool,
}

impl Story {
    /// The story of an opened reminder.
    pub fn of(l: &Lang, card: &Card, entry: &Entry, known: Vec<story::Step>) -> Self {
        // A curator's own reminder is ticked in «Активность» instead (PT-D50).
        let is_open = matches!(entry.state, OccurrenceState::Awaiting | OccurrenceState::Undelivered);
        let heading = match entry.state {
            OccurrenceState::Excluded => "programme-was-excluded",
            OccurrenceState::Sending => "reminders-being-sent",
            _ => "reminders-already-sent",
        };
        Self {
            heading: l.t(heading).to_string(),
            row: Row::of(l, card.person, card.zone, View::default(), entry),
            text: entry.text.clone(),
            date: format::long_date(l, entry.date),
            steps: steps(l, card, entry, known),
            can_be_marked: is_open && entry.kind != Kind::CuratorReminder,
        }
    }
}
