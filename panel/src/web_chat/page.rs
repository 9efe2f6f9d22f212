//! The page: lines, message line, menu; before the connection, the form for the code.

use askama::Template;
use axum::{
    extract::{Path, Query},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use opora_core::{
    Work,
    foundation::{
        errors::{Failure, StorageError},
        ids::SubmissionId,
        page::Cursor,
    },
    messaging::{
        message::Button,
        web_chat::{self, Author, Line, WebChat},
    },
    patronage::{citizens, curators},
    words::format,
};
use serde::Deserialize;

use super::{Known, known, must_be_on};
use crate::{
    errors::PanelError,
    page::{Shell, html, render},
    visit::{Lang, Visit},
};

#[derive(Template)]
#[template(path = "web_chat/page.html")]
struct ChatPage {
    shell: Shell,
    /// «соц. куратор Волкова Анна Сергеевна»; empty before the connection.
    curator: String,
    is_connected: bool,
    days: Vec<Day>,
    earlier: Option<Cursor>,
    later: Option<Cursor>,
    notice: String,
    menu: Vec<Vec<String>>,
    submission: String,
    revision: String,
    code: String,
    trouble: String,
}

/// The lines of one day.
struct Day {
    title: String,
    lines: Vec<Shown>,
}

/// A line as shown.
struct Shown {
    id: String,
    /// Grows with each change, so that our script exchanges only what has changed.
    changed: i64,
    is_own: bool,
    is_file: bool,
    text: String,
    mark: Option<Mark>,
    buttons: Vec<Vec<Pressable>>,
    time: String,
}

/// What became of a question: the last paragraph of a changed line.
struct Mark {
    tone: &'static str,
    sign: &'static str,
    text: String,
}

/// A button under a line.
struct Pressable {
    label: String,
    data: String,
    submission: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    code: String,
    cursor: String,
}

/// The chat, or the form for the code.
pub(super) async fn show(visit: Visit, headers: HeaderMap, Query(asked): Query<Asked>) -> Result<Response, PanelError> {
    render(&page(&visit, &headers, asked, String::new()).await?)
}

/// The same with the code of a link filled in. Looking uses nothing up: robots look at links too.
pub(super) async fn show_with_code(
    visit: Visit,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Result<Response, PanelError> {
    show(visit, headers, Query(Asked { code, cursor: String::new() })).await
}

/// The form for the code once more, with what is wrong.
pub(super) async fn refuse(
    visit: &Visit,
    headers: &HeaderMap,
    code: String,
    status: StatusCode,
    trouble: String,
) -> Result<Response, PanelError> {
    let page = page(visit, headers, Asked { code, cursor: String::new() }, trouble).await?;
    Ok((status, html(page.render()?)).into_response())
}

async fn page(visit: &Visit, headers: &HeaderMap, asked: Asked, trouble: String) -> Result<ChatPage, PanelError> {
    must_be_on(visit)?;
    let app = &visit.panel.app;
    let mut work = app.look(visit.actor()).await?;
    let known = known(&mut work, headers).await?;
    let mut page = ChatPage {
        shell: Shell::bare(visit, visit.lang.t("web-chat-title")),
        curator: String::new(),
        is_connected: known.as_ref().is_some_and(|known| known.link.is_some()),
        days: Vec::new(),
        earlier: None,
        later: None,
        notice: String::new(),
        menu: Vec::new(),
        submission: draw(&work).to_string(),
        revision: String::new(),
        code: shown_code(&asked.code),
        trouble,
    };
    let Some(known) = known else { return Ok(page) };
    page.fill(&mut work, &visit.lang, &known, asked.cursor.parse().ok()).await?;
    drop(work);
    if known.chat.notice.is_some() {
        page.notice = taken_notice(visit, &known.chat).await?.unwrap_or_default();
    }
    Ok(page)
}

async fn taken_notice(visit: &Visit, chat: &WebChat) -> Result<Option<String>, StorageError> {
    let mut work = visit.panel.app.begin(visit.actor()).await?;
    let notice = web_chat::take_notice(&mut work, chat).await?;
    work.commit().await?;
    Ok(notice)
}

impl ChatPage {
    async fn fill(&mut self, work: &mut Work, l: &Lang, known: &Known, cursor: Option<Cursor>) -> Result<(), Failure> {
        let house = work.app.config.time_zone;
        let citizen = match &known.link {
            Some(link) => citizens::of_person(&mut work.tx, house, link.person).await?,
            None => None,
        };
        let curator = citizen.as_ref().and_then(|citizen| citizen.curator);
        if let Some(curator) = curator
            && let Some(name) = curators::name_of(&mut work.tx, curator).await?
        {
            self.curator = l.t("web-chat-curator").s("name", name.full()).to_string();
        }
        let zone = citizen.map_or(house, |citizen| citizen.tz);
        let found = web_chat::lines(work, &known.chat, cursor).await?;
        (self.later, self.earlier) = (found.before, found.after);
        self.revision = revision(work, &known.chat).await?;
        self.days = days(work, l, zone, found.items);
        self.menu = known.chat.menu.clone().unwrap_or_default();
        Ok(())
    }
}

/// Changes with every new or changed line.
pub(super) async fn revision(work: &mut Work, chat: &WebChat) -> Result<String, StorageError> {
    let (last, edited_at) = web_chat::revision(work, chat).await?;
    Ok(format!("{last}.{}", edited_at.map_or(0, |at| at.timestamp_micros())))
}

/// Lines by day, the oldest first.
fn days(work: &Work, l: &Lang, zone: Tz, newest_first: Vec<Line>) -> Vec<Day> {
    let today = work.now.with_timezone(&zone).date_naive();
    let mut days: Vec<(NaiveDate, Day)> = Vec::new();
    for line in newest_first.into_iter().rev() {
        let date = line.created_at.with_timezone(&zone).date_naive();
        if days.last().is_none_or(|(last, _)| *last != date) {
            days.push((date, Day { title: title(l, date, today), lines: Vec::new() }));
        }
        if let Some((_, day)) = days.last_mut() {
            day.lines.push(shown(work, zone, line));
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn title(l: &Lang, date: NaiveDate, today: NaiveDate) -> String {
    if date == today {
        l.t("web-chat-today").to_string()
    } else if date.checked_add_days(Days::new(1)) == Some(today) {
        l.t("web-chat-yesterday").to_string()
    } else {
        format::long_date(l, date)
    }
}

fn shown(work: &Work, zone: Tz, line: Line) -> Shown {
    let (text, mark) = match line.text.rsplit_once("\n\n") {
        Some((text, mark)) if line.edited_at.is_some() => (text.to_owned(), Some(marked(work, mark))),
        _ => (line.text, None),
    };
    let buttons = line.buttons.unwrap_or_default();
    let moment = line.created_at.with_timezone(&zone);
    Shown {
        id: line.id.to_string(),
        changed: line.edited_at.map_or(0, |at| at.timestamp_micros()),
        is_own: line.author == Author::Citizen,
        is_file: line.is_file,
        text,
        mark,
        buttons: buttons
            .into_iter()
            .map(|row| row.into_iter().map(|button| pressable(work, button)).collect())
            .collect(),
        time: format::time(moment.time()),
    }
}

fn marked(work: &Work, text: &str) -> Mark {
    let words = work.app.house_words();
    let says = |key: &str| text.contains(&words.t(key).to_string());
    let (tone, sign) = match (says("label-bot-done"), says("label-bot-missed")) {
        (true, _) => ("done", "✓"),
        (_, true) => ("missed", "✕"),
        _ => ("accent", ""),
    };
    Mark { tone, sign, text: text.to_owned() }
}

fn pressable(work: &Work, button: Button) -> Pressable {
    Pressable { label: button.label, data: button.press.to_string(), submission: draw(work).to_string() }
}

/// A fresh id for a form, so that a double click counts once.
fn draw(work: &Work) -> SubmissionId {
    SubmissionId::draw(work.now, &*work.app.chance)
}

/// «12345 67890», as it stands on paper; anything that is no code is not repeated.
fn shown_code(typed: &str) -> String {
    let digits: String = typed.chars().filter(char::is_ascii_digit).take(10).collect();
    match digits.split_at_checked(5) {
        Some((first, second)) if !second.is_empty() => format!("{first} {second}"),
        _ => digits,
    }
}
