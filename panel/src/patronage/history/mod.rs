//! «История взаимодействия» (PT-098 … PT-103): requests for contact and the curator's own contacts in one list.

mod acts;

use askama::Template;
use axum::{extract::Query, response::Response};
use opora_core::{
    Work,
    foundation::{
        ids::{ContactId, PersonId},
        page::Page,
    },
    patronage::contacts::{self, ContactRow, Initiator, State},
    words::format,
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{Id, Staff},
    page::{Shell, Wrong, render},
    paths,
    patronage::card::{Card, Tab},
    routes::Routes,
    visit::Lang,
};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff()
        .get("/citizens/{id}/history", show)
        .post("/citizens/{id}/history", acts::add)
        .post("/citizens/{id}/history/{contact}", acts::save)
}

#[derive(Template)]
#[template(path = "patronage/history/list.html")]
struct HistoryPage {
    shell: Shell,
    card: Card,
    history: Option<History>,
    wrong: Wrong,
}

/// The list and what is being written.
struct History {
    page: Page<Row>,
    /// What is typed into the form of a new contact, when it is open.
    new: Option<String>,
    /// Where «Отправить сообщение» leads.
    message: String,
}

/// One contact.
struct Row {
    id: String,
    when: String,
    what: String,
    tone: &'static str,
    state: String,
    comment: String,
    result: String,
    /// «Отредактировано: …»; empty for a record never edited.
    stamp: String,
    version: i64,
    /// What stands in its form, when it is open.
    typed: Option<String>,
}

/// What is being written: nothing, a new contact or the result of one.
enum Writing {
    Nothing,
    New(String),
    Result(ContactId, Option<String>),
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    cursor: String,
    edit: String,
    add: String,
}

async fn show(staff: Staff, Id(person): Id<PersonId>, Query(asked): Query<Asked>) -> Result<Response, PanelError> {
    let writing = match (asked.edit.parse(), asked.add.is_empty()) {
        (Ok(contact), _) => Writing::Result(contact, None),
        (_, false) => Writing::New(String::new()),
        _ => Writing::Nothing,
    };
    let wrong = Wrong::nothing(staff.lang());
    render(&HistoryPage::of(&staff, person, &asked.cursor, writing, wrong).await?)
}

impl HistoryPage {
    async fn of(
        staff: &Staff,
        person: PersonId,
        cursor: &str,
        writing: Writing,
        wrong: Wrong,
    ) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let card = Card::of(&mut work, staff.lang(), person, Tab::History).await?;
        let history = match card.is_open {
            true => Some(History::load(&mut work, staff.lang(), &card, cursor, writing).await?),
            false => None,
        };
        drop(work);
        let title = format!("{} — {}", card.short_name, staff.lang().t("label-tab-history"));
        Ok(Self { shell: staff.shell(title).await?, card, history, wrong })
    }
}

impl History {
    async fn load(work: &mut Work, l: &Lang, card: &Card, cursor: &str, writing: Writing) -> Result<Self, PanelError> {
        let mut found = contacts::list(work, card.person, cursor.parse().ok()).await?;
        // A record that is open for writing is shown even if it stands on another page.
        if let Writing::Result(contact, _) = &writing
            && !found.items.iter().any(|row| row.id == *contact)
        {
            let (owner, row) = contacts::get(work, *contact).await?;
            if owner != card.person {
                return Err(PanelError::NotFound);
            }
            found.items.insert(0, row);
        }
        let new = match &writing {
            Writing::New(text) => Some(text.clone()),
            _ => None,
        };
        Ok(Self {
            page: found.map(|row| Row::of(l, card, row, &writing)),
            new,
            message: paths::quick_message(card.person),
        })
    }
}

impl Row {
    fn of(l: &Lang, card: &Card, row: ContactRow, writing: &Writing) -> Self {
        let (tone, state) = match row.state() {
            State::Open => ("waiting", "history-state-open"),
            State::Contacted => ("done", "history-state-contacted"),
            State::NoContact => ("undelivered", "history-state-no-contact"),
        };
        let what = match row.initiator {
            Initiator::Citizen => "history-by-citizen",
            Initiator::Curator => "history-by-curator",
        };
        let typed = match writing {
            Writing::Result(contact, typed) if *contact == row.id => {
                Some(typed.clone().unwrap_or_else(|| row.result.clone()))
            }
            _ => None,
        };
        Self {
            id: row.id.to_string(),
            when: format::moment(row.created_at, card.zone),
            what: l.t(what).to_string(),
            tone,
            state: l.t(state).to_string(),
            stamp: stamp(l, card, &row),
            comment: row.comment.unwrap_or_default(),
            result: row.result,
            version: row.version,
            typed,
        }
    }
}

/// «Отредактировано: Иванова Анна Петровна, 10.03.2025, 14:05» (PT-101).
fn stamp(l: &Lang, card: &Card, row: &ContactRow) -> String {
    let Some(edited) = &row.edited else { return String::new() };
    l.t("history-stamp").s("who", edited.by.said(l)).s("when", format::moment(edited.at, card.zone)).to_string()
}
