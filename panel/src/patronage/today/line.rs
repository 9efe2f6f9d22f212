//! One line of «Сегодня»: who, why, and what to do about it.

use chrono_tz::Tz;
use opora_core::{
    foundation::clock::Timestamp,
    patronage::today::{Cause, Deviating, Meeting, Need, NewFile, Today, Waiting, Who},
    people::{contact, name::FullName},
    schedule::local_time::local_now,
    words::format,
};

use super::waited;
use crate::{paths, visit::Lang};

/// For whom and when the lines are written.
pub struct Reader<'a> {
    l: &'a Lang,
    now: Timestamp,
    house: Tz,
    /// The reader's own full name: his own citizens need not say whose they are.
    name: Option<String>,
}

/// A button of a line.
pub struct Act {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub path: String,
    /// Whether pressing it changes something.
    pub is_post: bool,
    /// The icon beside the words.
    pub icon: &'static str,
}

/// A citizen who needs the reader.
pub struct Line {
    /// The card.
    pub card: String,
    /// «ФИО».
    pub name: String,
    /// What follows the name: «просит связаться».
    pub what: String,
    /// What else there is to know, in one line.
    pub details: String,
    /// The citizen's own words, or those of a reminder.
    pub quote: String,
    /// Colour of the sign.
    pub tone: &'static str,
    /// The sign.
    pub icon: &'static str,
    /// «Просрочено».
    pub pill: String,
    /// Further causes of the same citizen.
    pub also: Vec<(String, String)>,
    /// What to do.
    pub acts: Vec<Act>,
    /// Whether its act is the first of the page.
    pub is_first: bool,
}

/// A new file.
pub struct FileLine {
    pub card: String,
    pub name: String,
    pub file: String,
    pub path: String,
    pub details: String,
    pub tick: String,
}

/// A meeting of the day.
pub struct MeetingLine {
    pub path: String,
    pub time: String,
    pub zone: String,
    pub name: String,
    pub text: String,
    pub curator: String,
    pub is_over: bool,
    pub clashes: bool,
}

impl<'a> Reader<'a> {
    pub fn of(l: &'a Lang, it: &Today) -> Self {
        Self { l, now: it.now, house: it.house, name: it.reader.as_ref().map(FullName::full) }
    }

    /// «09:00» of today, «21.11.2026, 09:00» of other days, on the citizen's clocks.
    fn when(&self, who: &Who, at: Timestamp) -> String {
        let (local, now) = (local_now(at, who.zone), local_now(self.now, who.zone));
        if local.date() == now.date() { format::time(local.time()) } else { format::moment(at, who.zone) }
    }

    /// «куратор Волкова А. С.», unless it is the reader.
    fn curator(&self, who: &Who) -> Option<String> {
        let curator = who.curator.as_ref().filter(|it| self.name.as_ref() != Some(&it.full()))?;
        Some(self.l.t("card-curator").s("name", curator.short()).to_string())
    }
}

/// What is known, in one line.
fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn phone(who: &Who) -> Option<String> {
    who.phone.as_deref().map(contact::shown)
}

impl Act {
    fn link(l: &Lang, label: &str, path: String, icon: &'static str) -> Self {
        Self { label: l.t(label).to_string(), path, is_post: false, icon }
    }

    fn post(l: &Lang, label: &str, path: String) -> Self {
        Self { label: l.t(label).to_string(), path, is_post: true, icon: "check" }
    }

    fn call(l: &Lang, who: &Who) -> Option<Self> {
        let number = who.phone.as_deref()?;
        Some(Self::link(l, "today-call", format!("tel:{number}"), "phone"))
    }
}

impl Line {
    /// The line of a citizen; nobody without a cause has one.
    pub fn of(reader: &Reader<'_>, waiting: &Waiting, is_first: bool) -> Option<Self> {
        let (l, who) = (reader.l, &waiting.who);
        let (need, others) = waiting.needs.split_first()?;
        let (tone, icon) = sign(need);
        let is_overdue = matches!(need, Need::Contact { is_overdue: true, .. });
        Some(Self {
            card: paths::citizen(who.id),
            name: who.name.full(),
            what: what(l, need),
            details: joined([Some(since(reader, who, need)), phone(who), reader.curator(who)]),
            quote: quote(need),
            tone,
            icon,
            pill: if is_overdue { l.t("today-overdue").to_string() } else { String::new() },
            also: others.iter().map(|other| (also(l, other), path_of(who, other))).collect(),
            acts: acts(l, who, need),
            is_first,
        })
    }
}

fn sign(need: &Need) -> (&'static str, &'static str) {
    match need.cause() {
        Cause::Contact => ("missed", "phone"),
        Cause::OwnReminder => ("planned", "bell"),
        Cause::MissedDays => ("missed", "cross"),
        Cause::Silence => ("waiting", "clock"),
        Cause::Deviations => ("waiting", "alert"),
        Cause::NoAssignments => ("planned", "calendar"),
        Cause::Blocked | Cause::Expired => ("undelivered", "unlink"),
    }
}

/// What follows the name in the line of its first cause.
fn what(l: &Lang, need: &Need) -> String {
    match need.cause() {
        Cause::Contact => l.t("today-what-contact"),
        Cause::OwnReminder => l.t("today-what-own"),
        Cause::MissedDays => l.t("today-what-missed"),
        Cause::Silence => l.t("today-what-silence"),
        Cause::NoAssignments => l.t("today-what-no-assignments"),
        Cause::Blocked => l.t("today-what-blocked"),
        Cause::Expired => l.t("today-what-expired"),
        Cause::Deviations => match need {
            Need::Deviations { count, .. } => l.t("today-what-deviations").n("count", *count),
            _ => l.t("label-menu-deviations"),
        },
    }
    .to_string()
}

/// A further cause of the same citizen, in a few words.
fn also(l: &Lang, need: &Need) -> String {
    match need {
        Need::Deviations { count, .. } => l.t("today-also-deviations").n("count", *count),
        other => l.t(match other.cause() {
            Cause::Contact => "today-also-contact",
            Cause::OwnReminder => "today-also-own",
            Cause::MissedDays => "today-also-missed",
            Cause::Silence => "today-also-silence",
            Cause::NoAssignments => "today-also-no-assignments",
            Cause::Blocked => "today-also-blocked",
            Cause::Expired | Cause::Deviations => "today-also-expired",
        }),
    }
    .to_string()
}

/// Since when, and what is known of it.
fn since(reader: &Reader<'_>, who: &Who, need: &Need) -> String {
    let l = reader.l;
    match need {
        Need::Contact { at, .. } => l
            .t("today-asked")
            .s("when", reader.when(who, *at))
            .s("waited", waited(l, at.naive_utc(), reader.now.naive_utc()))
            .to_string(),
        Need::Blocked { at } => l.t("today-blocked-since").s("when", reader.when(who, *at)).to_string(),
        Need::Expired { at } => l.t("today-expired-since").s("when", reader.when(who, *at)).to_string(),
        Need::OwnReminder { at, .. } | Need::Rule { at, .. } => reader.when(who, *at),
        Need::Deviations { latest, .. } => latest_deviation(l, latest),
    }
}

/// «21.11.2026, 09:00 — Не доставлено: Бот заблокирован».
fn latest_deviation(l: &Lang, latest: &Deviating) -> String {
    let state = l.t(latest.state.label_key()).to_string();
    let reason = latest.reason.map(|reason| l.t(reason.label_key()).to_string());
    let state = match reason {
        Some(reason) => format!("{state} ({reason})"),
        None => state,
    };
    l.t("today-latest")
        .s("date", format::date(latest.date))
        .s("time", format::time(latest.time))
        .s("state", state)
        .to_string()
}

fn quote(need: &Need) -> String {
    match need {
        Need::Contact { comment, .. } => comment.clone().unwrap_or_default(),
        Need::OwnReminder { text, .. } => text.clone(),
        Need::Deviations { latest, .. } => latest.text.clone(),
        _ => String::new(),
    }
}

/// Where a cause is worked on.
fn path_of(who: &Who, need: &Need) -> String {
    match need {
        Need::Contact { contact, .. } => paths::contact(who.id, contact),
        Need::OwnReminder { .. } | Need::Rule { cause: Cause::NoAssignments, .. } => paths::programme(who.id),
        Need::Rule { .. } | Need::Deviations { .. } => paths::deviations(who.id),
        Need::Blocked { .. } | Need::Expired { .. } => paths::citizen(who.id),
    }
}

/// The obvious act first, then the one that ends the matter.
fn acts(l: &Lang, who: &Who, need: &Need) -> Vec<Act> {
    let path = path_of(who, need);
    match need {
        Need::Contact { .. } => {
            let write = Act::link(l, "today-write-result", path, "edit");
            Act::call(l, who).into_iter().chain([write]).collect()
        }
        Need::OwnReminder { record, .. } => vec![Act::post(l, "today-done", paths::tick_today(record))],
        Need::Rule { record, cause, .. } => {
            let label = if *cause == Cause::NoAssignments { "today-open-programme" } else { "today-open-deviations" };
            vec![Act::link(l, label, path, "right"), Act::post(l, "today-done", paths::tick_today(record))]
        }
        Need::Deviations { .. } => vec![Act::link(l, "today-open-deviations", path, "right")],
        Need::Blocked { .. } => {
            Act::call(l, who).into_iter().chain([Act::link(l, "today-open-card", path, "right")]).collect()
        }
        Need::Expired { .. } => vec![Act::post(l, "citizens-extend-code", paths::extend_code(who.id))],
    }
}

impl FileLine {
    pub fn of(reader: &Reader<'_>, file: &NewFile) -> Self {
        let l = reader.l;
        let kind = file.type_name.clone().unwrap_or_else(|| l.t("files-untyped").to_string());
        let size = file.size.map(|size| format::bytes(l, size));
        Self {
            card: paths::files(file.who.id),
            name: file.who.name.full(),
            file: file.name.clone(),
            path: paths::file(file.file),
            details: joined([Some(reader.when(&file.who, file.at)), size, Some(kind), reader.curator(&file.who)]),
            tick: paths::tick_today(file.record),
        }
    }
}

impl MeetingLine {
    pub fn of(reader: &Reader<'_>, it: &Meeting) -> Self {
        let is_elsewhere = it.who.zone != reader.house;
        Self {
            path: paths::reminder(it.who.id, it.series, it.ordinal),
            time: format::time(it.time),
            zone: if is_elsewhere { it.who.zone.name().replace('_', " ") } else { String::new() },
            name: it.who.name.full(),
            text: it.text.clone(),
            curator: reader.curator(&it.who).unwrap_or_default(),
            is_over: it.at <= reader.now,
            clashes: it.clashes,
        }
    }
}
