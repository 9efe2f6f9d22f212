//! «Сегодня»: the page after signing in. Who needs the reader today and why, the most urgent first; each line leads to one
//! obvious act.

mod line;

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use chrono::{NaiveDateTime, Timelike};
use opora_core::{
    foundation::{errors::Say, ids::ActivityId},
    patronage::{
        activity,
        today::{self, AT_MOST, Cause, Counts, MOST_ROWS, ROWS_A_CAUSE, Tallies, Today},
    },
    words::format,
};

use crate::{
    delivery::sentence,
    errors::PanelError,
    extract::{CsrfForm, Id, NoFields, Staff},
    page::{Shell, render},
    paths,
    routes::Routes,
    visit::Lang,
};
use line::{FileLine, Line, MeetingLine, Reader};

/// Lines of one cause; the rest stands in its section.
const SHOWN: usize = 6;

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff().get(paths::TODAY, show).post("/today/records/{id}/tick", tick)
}

#[derive(Template)]
#[template(path = "patronage/today/page.html")]
struct TodayPage {
    shell: Shell,
    /// Where sending stands still, a sentence each.
    standing: Vec<String>,
    /// The administrator sees more of it.
    is_administrator: bool,
    greeting: String,
    date: String,
    waiting: String,
    tiles: Vec<Tile>,
    tallies: Vec<Tally>,
    /// Why this day's reminders are not counted; empty when they are.
    uncounted: String,
    lines: Vec<Line>,
    more: Vec<More>,
    files: Vec<FileLine>,
    more_files: Option<More>,
    meetings: Vec<MeetingLine>,
    more_meetings: Option<More>,
}

/// One number with what it means.
struct Tile {
    label: String,
    count: String,
    more: String,
    path: &'static str,
    is_urgent: bool,
}

/// How many of this day's reminders ended so.
struct Tally {
    tone: &'static str,
    label: String,
    count: String,
}

/// «Ещё 12» with the way there.
struct More {
    label: String,
    path: String,
}

async fn show(staff: Staff) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let found = today::today(&mut work).await?;
    drop(work);
    let shell = staff.shell(staff.lang().t("label-menu-today")).await?;
    render(&TodayPage::of(shell, &found, staff.lang(), staff.visit.is_administrator()))
}

/// «Отработано»: the line leaves the page.
async fn tick(staff: Staff, Id(record): Id<ActivityId>, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    activity::tick(&mut work, record).await?;
    work.commit().await?;
    staff.done(paths::TODAY, Say::key("today-ticked")).await
}

impl TodayPage {
    fn of(shell: Shell, it: &Today, l: &Lang, is_administrator: bool) -> Self {
        let reader = Reader::of(l, it);
        let mut shown: HashMap<Cause, usize> = HashMap::new();
        let mut lines: Vec<Line> = Vec::new();
        for waiting in &it.people {
            let Some(cause) = waiting.needs.first().map(today::Need::cause) else { continue };
            let count = shown.entry(cause).or_default();
            if *count < SHOWN {
                *count += 1;
                let is_first = lines.is_empty();
                lines.extend(Line::of(&reader, waiting, is_first));
            }
        }
        Self {
            standing: it.standing.iter().map(|standstill| sentence(l, standstill, it.house)).collect(),
            is_administrator,
            greeting: greeting(l, it),
            date: format::long_date(l, it.local.date()),
            waiting: waiting(l, it.people.len()),
            tiles: tiles(l, it),
            tallies: it.tallies.as_ref().map(|numbers| tallies(l, numbers)).unwrap_or_default(),
            uncounted: if it.tallies.is_some() { String::new() } else { too_many(l) },
            lines,
            more: it.found.iter().filter_map(|found| More::of(l, *found)).collect(),
            files: it.files.iter().take(SHOWN).map(|file| FileLine::of(&reader, file)).collect(),
            more_files: More::beyond(l, it.counts.files, it.files.len().min(SHOWN), paths::ACTIVITY),
            meetings: it.meetings.iter().take(2 * SHOWN).map(|meeting| MeetingLine::of(&reader, meeting)).collect(),
            more_meetings: More::beyond(l, it.counts.meetings, it.meetings.len().min(2 * SHOWN), paths::MEETINGS),
            shell,
        }
    }

    /// Whether nothing at all waits.
    fn is_calm(&self) -> bool {
        self.lines.is_empty() && self.files.is_empty()
    }
}

impl More {
    fn of(l: &Lang, (cause, found): (Cause, usize)) -> Option<Self> {
        let hidden = found.checked_sub(SHOWN).filter(|hidden| *hidden > 0)?;
        let (what, path) = match cause {
            Cause::Contact => ("today-more-contacts", paths::ACTIVITY),
            Cause::OwnReminder => ("today-more-own", paths::ACTIVITY),
            Cause::MissedDays | Cause::Silence | Cause::NoAssignments => ("today-more-rules", paths::ACTIVITY),
            Cause::Deviations => ("today-more-deviations", paths::ALL_DEVIATIONS),
            Cause::Blocked | Cause::Expired => ("today-more-unreachable", paths::CITIZENS),
        };
        // Where as many were read as are read at most, there may be more of them.
        let count = if found >= ROWS_A_CAUSE { format!("{hidden}+") } else { hidden.to_string() };
        Some(Self { label: l.t(what).s("count", count).to_string(), path: path.to_owned() })
    }

    fn beyond(l: &Lang, all: i64, shown: usize, path: &str) -> Option<Self> {
        let hidden = usize::try_from(all).ok()?.checked_sub(shown).filter(|hidden| *hidden > 0)?;
        let count = if all >= AT_MOST { format!("{hidden}+") } else { hidden.to_string() };
        Some(Self { label: l.t("today-more").s("count", count).to_string(), path: path.to_owned() })
    }
}

/// «Доброе утро, Анна Петровна».
fn greeting(l: &Lang, it: &Today) -> String {
    let hello = l.t(match it.local.hour() {
        5..12 => "today-hello-morning",
        12..17 => "today-hello-day",
        17..23 => "today-hello-evening",
        _ => "today-hello-night",
    });
    let reader = it.reader.as_ref();
    let name = reader.and_then(|name| name.name.as_deref()).unwrap_or_default();
    let patronymic = reader.and_then(|name| name.patronymic.as_deref()).unwrap_or_default();
    match format!("{name} {patronymic}").trim() {
        "" => hello.to_string(),
        name => l.t("today-hello-name").s("hello", hello.to_string()).s("name", name).to_string(),
    }
}

fn waiting(l: &Lang, people: usize) -> String {
    if people == 0 {
        l.t("today-nobody-waits").to_string()
    } else {
        l.t("today-people-wait").n("count", people).to_string()
    }
}

/// What stands above the lists.
fn tiles(l: &Lang, it: &Today) -> Vec<Tile> {
    let Counts { contacts, overdue, files, deviations, meetings, .. } = it.counts;
    let tile = |label, count: i64, more: String, path, is_urgent| Tile {
        label: l.t(label).to_string(),
        count: if count < AT_MOST { count.to_string() } else { format!("{}+", AT_MOST - 1) },
        more,
        path,
        is_urgent,
    };
    let late = if overdue > 0 { l.t("today-tile-overdue").n("count", overdue).to_string() } else { String::new() };
    let next = it.meetings.iter().find(|meeting| meeting.at > it.now).map(|it| format::time(it.time));
    let next = next.map(|time| l.t("today-tile-next-meeting").s("time", time).to_string()).unwrap_or_default();
    vec![
        tile("today-tile-contacts", contacts, late, paths::ACTIVITY, overdue > 0),
        tile("today-tile-deviations", deviations, l.t("today-tile-hours").to_string(), paths::ALL_DEVIATIONS, false),
        tile("today-tile-files", files, String::new(), paths::ACTIVITY, false),
        tile("today-tile-meetings", meetings, next, paths::MEETINGS, false),
    ]
}

/// What became of this day's reminders; nothing before the first one.
fn tallies(l: &Lang, it: &Tallies) -> Vec<Tally> {
    if it.is_nothing() {
        return Vec::new();
    }
    let tally = |tone, label, count| Tally { tone, label: l.t(label).to_string(), count: format::number(l, count) };
    vec![
        tally("planned", "today-tally-sent", it.sent),
        tally("done", "today-tally-done", it.done),
        tally("missed", "today-tally-missed", it.missed),
        tally("waiting", "today-tally-unanswered", it.unanswered),
        tally("undelivered", "today-tally-undelivered", it.undelivered),
    ]
}

fn too_many(l: &Lang) -> String {
    l.t("today-tally-too-many").s("most", format::number(l, MOST_ROWS)).to_string()
}

/// How long something has waited: «46 минут», «3 часа», «2 дня».
fn waited(l: &Lang, from: NaiveDateTime, now: NaiveDateTime) -> String {
    let minutes = (now - from).num_minutes().max(0);
    match minutes {
        ..60 => l.t("today-minutes").n("count", minutes),
        60..2880 => l.t("today-hours").n("count", minutes / 60),
        _ => l.t("today-days").n("count", minutes / 1440),
    }
    .to_string()
}
