//! How a reminder reads in a messenger.

use chrono::{NaiveDate, NaiveTime};

use super::{kind::Kind, upcoming::Line};
use crate::{
    foundation::ids::OccurrenceId,
    messaging::{
        message::{Button, Keyboard, Outgoing},
        press::{Press, Reaction},
    },
    words::{Dictionary, format},
};

/// «10.03.2025, 09:00 — Меры поддержки: Текст» (PT-115, PT-D24).
pub fn line(words: &Dictionary, line: &Line) -> String {
    line_of(words, line.date, line.time, line.kind, &line.text)
}

fn line_of(words: &Dictionary, date: NaiveDate, time: NaiveTime, kind: Kind, text: &str) -> String {
    format!("{}, {} — {}: {text}", format::date(date), format::time(time), words.t(kind.label_key()))
}

/// How reminders of one installation read: the words are looked up once for a whole batch.
pub(super) struct Wording<'a> {
    words: &'a Dictionary,
    done: String,
    missed: String,
}

impl<'a> Wording<'a> {
    /// The wording in these words.
    pub(super) fn of(words: &'a Dictionary) -> Self {
        let label = |reaction| words.t(label_key(reaction)).to_string();
        Self { words, done: label(Reaction::Done), missed: label(Reaction::Missed) }
    }

    /// The text of a reminder. A late one says for when it was meant (PT-D40).
    pub(super) fn text(&self, line: &Line, is_late: bool) -> String {
        let text = self::line(self.words, line);
        if is_late {
            format!("{}\n{text}", self.words.t("reminders-late").s("time", format::time(line.time)))
        } else {
            text
        }
    }

    /// The message with its two buttons (PT-130, PT-131).
    pub(super) fn message(&self, occurrence: OccurrenceId, text: String) -> Outgoing {
        let button =
            |label: &String, reaction| Button { label: label.clone(), press: Press::React { occurrence, reaction } };
        let row = vec![button(&self.done, Reaction::Done), button(&self.missed, Reaction::Missed)];
        Outgoing::Say { text, keyboard: Keyboard::Inline(vec![row]) }
    }

    /// «Отмечено: Выполнено» (PT-134).
    pub(super) fn marked(&self, reaction: Reaction) -> String {
        let label = match reaction {
            Reaction::Done => &self.done,
            Reaction::Missed => &self.missed,
        };
        self.words.t("reminders-marked").s("reaction", label.as_str()).to_string()
    }
}

/// Key of a button's label, which an installation may rename.
fn label_key(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Done => "label-bot-done",
        Reaction::Missed => "label-bot-missed",
    }
}
