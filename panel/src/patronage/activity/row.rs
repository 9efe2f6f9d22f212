//! One line of the list, in the reader's words.

use chrono_tz::Tz;
use opora_core::{
    foundation::ids::PersonId,
    patronage::activity::{About, Kind, Record},
    people::contact,
    words::format,
};

use crate::{paths, visit::Lang};

/// One line.
pub(super) struct Row {
    pub id: String,
    pub when: String,
    pub kind: String,
    pub tone: &'static str,
    pub person: PersonId,
    pub name: String,
    pub phone: String,
    pub curator: String,
    /// «Тогда: …»; empty unless the citizen has another curator now.
    pub then: String,
    pub district: String,
    pub overdue: String,
    /// What happened: where it leads, and the words.
    pub link: String,
    pub link_text: String,
    /// A new tab is for files.
    pub is_file: bool,
    pub lines: Vec<String>,
    pub is_ticked: bool,
    /// «Отмечено: …»; empty without a tick.
    pub ticked: String,
}

impl Row {
    pub fn of(l: &Lang, house: Tz, record: Record) -> Self {
        let content = Content::of(l, &record);
        let ticked = record.tick.as_ref().map(|tick| {
            l.t("activity-ticked").s("who", tick.name.said(l)).s("when", format::moment(tick.at, house)).to_string()
        });
        let then = record.curator_then.as_ref().map(|name| l.t("activity-then").s("name", name.short()).to_string());
        Self {
            id: record.id.to_string(),
            when: format::moment(record.created_at, house),
            kind: l.t(record.kind.label_key()).to_string(),
            tone: tone(record.kind),
            person: record.person,
            name: record.name.full(),
            phone: contact::shown(&record.phone),
            curator: record.curator.map(|name| name.short()).unwrap_or_default(),
            then: then.unwrap_or_default(),
            district: record.district.unwrap_or_default(),
            overdue: if record.is_overdue { l.t("activity-overdue").to_string() } else { String::new() },
            link: content.link,
            link_text: content.text,
            is_file: record.kind == Kind::File,
            lines: content.lines,
            is_ticked: ticked.is_some(),
            ticked: ticked.unwrap_or_default(),
        }
    }
}

fn tone(kind: Kind) -> &'static str {
    match kind {
        Kind::File => "accent",
        Kind::ContactRequest => "planned",
        Kind::Missed => "missed",
        Kind::Inactive => "waiting",
        Kind::NoAssignments => "excluded",
        Kind::CuratorReminder => "done",
    }
}

/// What a record tells.
struct Content {
    link: String,
    text: String,
    lines: Vec<String>,
}

impl Content {
    fn of(l: &Lang, record: &Record) -> Self {
        let person = record.person;
        match &record.about {
            About::File { id, name } => Self { link: paths::file(id), text: name.clone(), lines: Vec::new() },
            About::Request { id, comment, result } => Self {
                link: format!("{}?edit={id}#contact-{id}", paths::history(person)),
                text: l.t(if result.is_empty() { "activity-call" } else { "activity-request" }).to_string(),
                lines: comment
                    .clone()
                    .into_iter()
                    .chain((!result.is_empty()).then(|| l.t("activity-result").s("text", result).to_string()))
                    .collect(),
            },
            About::OwnReminder { series, ordinal, date, time, text } => Self {
                link: paths::reminder(person, series, *ordinal),
                text: format!("{}, {}", format::date(*date), format::time(*time)),
                lines: vec![text.clone()],
            },
            About::Dates { first, last, files, requests } => {
                let between =
                    |key| l.t(key).s("first", format::date(*first)).s("last", format::date(*last)).to_string();
                let mut lines = vec![match record.kind {
                    Kind::Missed => between("activity-missed-dates"),
                    Kind::Inactive => between("activity-inactive-dates"),
                    _ => l.t("activity-last-reminder").s("date", format::date(*last)).to_string(),
                }];
                let counted = |key, count: i64| (count > 0).then(|| l.t(key).n("count", count).to_string());
                lines.extend(counted("activity-in-touch-files", *files));
                lines.extend(counted("activity-in-touch-requests", *requests));
                Self { link: paths::programme(person), text: l.t("activity-programme").to_string(), lines }
            }
        }
    }
}
