//! The steps of a reminder's story, in the reader's words.

use chrono_tz::Tz;
use opora_core::{
    foundation::clock::Timestamp,
    messaging::{
        messenger::Messenger,
        sender::incidents::{Incident, IncidentRow},
    },
    patronage::reminders::{
        Entry, OccurrenceState, Reason,
        story::{self, What},
    },
    words::format,
};

use super::row;
use crate::{
    patronage::{card::Card, citizens::messenger_key},
    visit::Lang,
};

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

/// All steps, those that are known and the one of an exclusion.
pub(super) fn steps(l: &Lang, card: &Card, entry: &Entry, known: Vec<story::Step>) -> Vec<Step> {
    let reader = Reader { l, zone: card.zone, entry };
    let mut steps: Vec<Step> = known.into_iter().map(|step| reader.step(step)).collect();
    if entry.state == OccurrenceState::Excluded {
        steps.push(reader.said("excluded", l.t(entry.state.label_key()).to_string(), None));
    }
    steps
}

struct Reader<'a> {
    l: &'a Lang,
    zone: Tz,
    entry: &'a Entry,
}

impl Reader<'_> {
    fn moment(&self, at: Timestamp) -> String {
        format::moment(at, self.zone)
    }

    fn said(&self, tone: &'static str, what: String, at: Option<Timestamp>) -> Step {
        Step { tone, what, when: at.map(|at| self.moment(at)).unwrap_or_default(), more: String::new() }
    }

    fn told(&self, tone: &'static str, key: &str, at: Option<Timestamp>, more: String) -> Step {
        Step { more, ..self.said(tone, self.l.t(key).to_string(), at) }
    }

    fn step(&self, step: story::Step) -> Step {
        let (l, at) = (self.l, step.at);
        match step.what {
            What::Planned { by } => self.planned(at, by.said(l)),
            What::Down { messenger, until } => self.down(messenger, at, until),
            What::Claimed => self.told("planned", "story-claimed", at, String::new()),
            What::Incident(it) => self.incident(&it),
            What::Shown { messenger, number, is_repeat } => self.shown(at, messenger, number, is_repeat),
            What::Fired => self.told("waiting", "story-fired", at, String::new()),
            What::Undelivered { reason, is_ours } => self.undelivered(at, reason, is_ours),
            What::Answered { state, after, is_late } => {
                let mut more = l.t("programme-step-answered").to_string();
                if let Some(after) = after {
                    let minutes = after.num_minutes().max(0);
                    more = l.t("story-answered-after").s("how", more).s("after", lasted(l, minutes)).to_string();
                }
                if is_late {
                    more = l.t("story-answered-late").s("how", more).to_string();
                }
                self.told(tone(state), state.label_key(), at, more)
            }
            What::Marked { from, to, by } => {
                let mut more = l.t("programme-step-marked").s("name", by.said(l)).to_string();
                if let Some(from) = from {
                    let from = l.t(from.label_key()).to_string();
                    more = l.t("story-marked-from").s("from", from).s("how", more).to_string();
                }
                self.told(tone(to), to.label_key(), at, more)
            }
            What::Cancelled => self.told("excluded", OccurrenceState::Cancelled.label_key(), at, String::new()),
        }
    }

    fn planned(&self, at: Option<Timestamp>, by: String) -> Step {
        let when = format!("{}, {}", format::date(self.entry.date), format::time(self.entry.time));
        let added = at.map(|at| self.l.t("story-added").s("when", self.moment(at)).s("name", by).to_string());
        Step { when, ..self.told("planned", "programme-step-planned", None, added.unwrap_or_default()) }
    }

    fn down(&self, messenger: Option<Messenger>, from: Option<Timestamp>, until: Timestamp) -> Step {
        let from = from.map(|from| self.moment(from)).unwrap_or_default();
        let what = match messenger {
            None => self.l.t("story-down").s("from", from).s("to", self.moment(until)).to_string(),
            Some(messenger) => {
                let name = self.messenger(messenger);
                self.l
                    .t("story-standstill")
                    .s("messenger", name)
                    .s("from", from)
                    .s("to", self.moment(until))
                    .to_string()
            }
        };
        Step { more: self.l.t("story-ours").to_string(), ..self.said("undelivered", what, None) }
    }

    fn messenger(&self, messenger: Messenger) -> String {
        self.l.t(messenger_key(messenger)).to_string()
    }

    fn incident(&self, it: &IncidentRow) -> Step {
        let (tone, key) = match it.incident {
            Incident::Held => ("undelivered", "story-held"),
            Incident::Retried => ("undelivered", "story-retried"),
            Incident::Repeated => ("waiting", "story-repeated"),
            Incident::Lost => ("undelivered", "story-lost"),
            Incident::Blocked => ("missed", "story-blocked"),
            Incident::Refused => ("missed", "story-refused"),
        };
        let times = (it.times > 1)
            .then(|| self.l.t("story-times").n("count", it.times).s("last", self.moment(it.last_at)).to_string());
        let more = [Some(self.messenger(it.messenger)), it.detail.clone(), times];
        let more = more.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        self.told(tone, key, Some(it.first_at), more)
    }

    fn shown(
        &self,
        at: Option<Timestamp>,
        messenger: Option<Messenger>,
        number: Option<String>,
        is_repeat: bool,
    ) -> Step {
        let number = number.map(|number| self.l.t("story-number").s("number", number).to_string());
        let repeat = is_repeat.then(|| self.l.t("story-marked-repeat").to_string());
        let more = [messenger.map(|messenger| self.messenger(messenger)), number, repeat];
        let more = more.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        self.told("waiting", "programme-step-delivered", at, more)
    }

    fn undelivered(&self, at: Option<Timestamp>, reason: Reason, is_ours: bool) -> Step {
        let mut more = self.l.t(reason.label_key()).to_string();
        if is_ours {
            more = format!("{more} · {}", self.l.t("story-ours"));
        }
        self.told("undelivered", OccurrenceState::Undelivered.label_key(), at, more)
    }
}

fn tone(state: OccurrenceState) -> &'static str {
    state.dot().map_or("undelivered", row::tone)
}

/// «4 минуты», «3 часа», «2 дня».
fn lasted(l: &Lang, minutes: i64) -> String {
    match minutes {
        ..60 => l.t("today-minutes").n("count", minutes),
        60..2880 => l.t("today-hours").n("count", minutes / 60),
        _ => l.t("today-days").n("count", minutes / 1440),
    }
    .to_string()
}
