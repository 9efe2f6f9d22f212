//! What became of a reminder that was sent: planned → delivered → answered, who and when.

use opora_core::{
    patronage::reminders::{Entry, Kind, OccurrenceState},
    words::format,
};

use super::{
    period::View,
    row::{self, Row},
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

/// One thing that happened.
pub(super) struct Step {
    /// Tone of its dot.
    pub tone: &'static str,
    /// What happened.
    pub what: String,
    /// «22.11.2026, 09:04»; empty when it is not known.
    pub when: String,
    /// By whom, or why.
    pub more: String,
}

impl Story {
    /// The story of an opened reminder.
    pub fn of(l: &Lang, card: &Card, entry: &Entry) -> Self {
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
            steps: steps(l, card, entry),
            can_be_marked: is_open && entry.kind != Kind::CuratorReminder,
        }
    }
}

fn steps(l: &Lang, card: &Card, entry: &Entry) -> Vec<Step> {
    let moment = |at| format::moment(at, card.zone);
    let planned = Step {
        tone: "planned",
        what: l.t("programme-step-planned").to_string(),
        when: format!("{}, {}", format::date(entry.date), format::time(entry.time)),
        more: String::new(),
    };
    let delivered = entry.delivered_at.map(|at| Step {
        tone: "waiting",
        what: l.t("programme-step-delivered").to_string(),
        when: moment(at),
        more: String::new(),
    });
    let failed = entry.reason.map(|reason| Step {
        tone: "undelivered",
        what: l.t(OccurrenceState::Undelivered.label_key()).to_string(),
        when: String::new(),
        more: l.t(reason.label_key()).to_string(),
    });
    let reacted = entry.reacted_at.map(|at| Step {
        tone: entry.state.dot().map_or("done", row::tone),
        what: l.t(entry.state.label_key()).to_string(),
        when: moment(at),
        more: match row::author(l, entry) {
            Some(name) => l.t("programme-step-marked").s("name", name).to_string(),
            None => l.t("programme-step-answered").to_string(),
        },
    });
    [Some(planned), delivered, failed, reacted].into_iter().flatten().collect()
}
