//! One reminder as a row of the calendar: dot, time, type, text, and what lies behind the dot.

use chrono_tz::Tz;
use opora_core::{
    foundation::ids::PersonId,
    patronage::reminders::{Dot, Entry, Kind},
    people::access::Author,
    words::format,
};

use super::period::View;
use crate::{paths, visit::Lang};

/// Characters of the text that a row shows.
const SHORT_TEXT: usize = 90;

/// A row.
pub(super) struct Row {
    /// Where it opens.
    pub path: String,
    /// Colour of the dot, as the style sheets call it.
    pub tone: &'static str,
    /// What the dot says (PT-189).
    pub state: String,
    /// «09:00».
    pub time: String,
    /// «Меры поддержки».
    pub kind: String,
    /// Name of the type's icon.
    pub icon: &'static str,
    /// «Описание задания», shortened.
    pub text: String,
    /// The state with its reason, moment and author (PT-188, PT-195); empty when the state says it all.
    pub story: String,
    /// All of it, for the tooltip.
    pub title: String,
}

impl Row {
    /// The row of `entry`.
    pub fn of(l: &Lang, person: PersonId, zone: Tz, view: View, entry: &Entry) -> Self {
        let state = l.t(entry.state.label_key()).to_string();
        let kind = l.t(entry.kind.label_key()).to_string();
        let time = format::time(entry.time);
        let story = story(l, zone, entry);
        let parts = [format!("{time} — {kind}"), entry.text.clone(), state.clone(), story.clone()];
        let title = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
        Self {
            path: format!("{}?view={}", paths::reminder(person, entry.series, entry.ordinal), view.name()),
            tone: entry.state.dot().map_or("undelivered", tone),
            icon: icon(entry.kind),
            text: shortened(&entry.text),
            state,
            time,
            kind,
            story,
            title,
        }
    }
}

/// The style sheets' name of a dot.
pub(in crate::patronage) fn tone(dot: Dot) -> &'static str {
    match dot {
        Dot::Blue => "planned",
        Dot::Black => "excluded",
        Dot::Yellow => "waiting",
        Dot::Green => "done",
        Dot::Red => "missed",
        Dot::Grey => "undelivered",
    }
}

/// The icon that stands for a type in narrow rows; the legend names it.
pub(super) fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::SupportMeasures => "tag",
        Kind::Information => "info",
        Kind::Meeting => "calendar",
        Kind::CuratorReminder => "bell",
    }
}

fn story(l: &Lang, zone: Tz, entry: &Entry) -> String {
    let reason = entry.reason.map(|reason| l.t(reason.label_key()).to_string());
    let reacted = entry.reacted_at.map(|at| {
        let moment = format::moment(at, zone);
        match author(l, entry) {
            Some(name) => l.t("programme-story-marked").s("moment", moment).s("name", name).to_string(),
            None => l.t("programme-story-answered").s("moment", moment).to_string(),
        }
    });
    let delivered =
        entry.delivered_at.map(|at| l.t("programme-story-delivered").s("moment", format::moment(at, zone)).to_string());
    reason.into_iter().chain(reacted.or(delivered)).collect::<Vec<_>>().join(". ")
}

/// Who marked it by hand; `None` when the citizen answered.
pub(super) fn author(l: &Lang, entry: &Entry) -> Option<String> {
    match entry.reacted_by? {
        Author::Citizen(_) => None,
        Author::Curator(_) => {
            entry.reacted_by_name.clone().or_else(|| Some(l.t("programme-author-curator").to_string()))
        }
        Author::Administrator => Some(l.t("programme-author-administrator").to_string()),
        Author::System | Author::Operator => Some(l.t("programme-author-system").to_string()),
    }
}

/// The text as a row shows it.
pub(in crate::patronage) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHORT_TEXT {
        return line;
    }
    let mut short: String = line.chars().take(SHORT_TEXT).collect();
    short.push('…');
    short
}
