//! «Журнал»: who did what and when, for the administrator (PT-285).

mod values;

use askama::Template;
use axum::{extract::Query, response::Response};
use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use opora_core::{
    Work,
    audit::{self, Filter, Listed},
    foundation::{
        clock::Timestamp,
        errors::{Complaints, Failure},
        ids::{PersonId, parse},
        page::{Choice, Page},
    },
    patronage::{
        curators,
        journal::{self, Names},
    },
    people::{access::Author, accounts, birth_date, contact::optional},
    schedule::local_time::moment_of,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use values::values;

use crate::{
    errors::PanelError,
    extract::Administrator,
    page::{Shell, Wrong, render, render_invalid},
    paths,
    routes::Routes,
    visit::Lang,
};

/// Acts to choose from; others are shown too, but stand in no list.
const ACTIONS: [&str; 18] = [
    "citizen.opened",
    "citizen.created",
    "citizen.changed",
    "citizen.deleted",
    "citizen.restored",
    "citizen.exported",
    "citizen.erased",
    "consent.given",
    "activation.connected",
    "activation.renewed",
    "reminder.planned",
    "reminder.changed",
    "reminder.deleted",
    "contact.save",
    "import.started",
    "account.signed-in",
    "account.sign-in-refused",
    "settings.changed",
];

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_administrator().get(paths::JOURNAL, show)
}

/// The search as typed.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
struct Asked {
    subject: String,
    author: String,
    action: String,
    since: String,
    until: String,
    #[serde(skip_serializing)]
    cursor: String,
}

impl Asked {
    fn filter(&self, zone: Tz) -> Result<Filter, Failure> {
        let mut complaints = Complaints::default();
        let since = complaints.check("since", optional(&self.since, birth_date::typed)).flatten();
        let until = complaints.check("until", optional(&self.until, birth_date::typed)).flatten();
        complaints.into_result()?;
        let midnight = |date: NaiveDate| moment_of(date, NaiveTime::MIN, zone);
        Ok(Filter {
            subject: parse(&self.subject),
            author: self.author.parse().ok(),
            action: Some(self.action.clone()).filter(|action| !action.is_empty()),
            since: since.map(midnight),
            // The day that was typed belongs to it.
            until: until.and_then(|date| date.checked_add_days(Days::new(1))).map(midnight),
        })
    }

    /// Whether it is narrowed by more than the author.
    fn has_more(&self) -> bool {
        [&self.action, &self.since, &self.until].iter().any(|text| !text.is_empty())
    }

    fn is_empty(&self) -> bool {
        [&self.subject, &self.author, &self.action, &self.since, &self.until].iter().all(|text| text.is_empty())
    }
}

/// One line.
struct Line {
    when: String,
    who: String,
    address: String,
    what: String,
    /// The card, if it is about a citizen.
    path: Option<String>,
    whose: String,
    values: Vec<String>,
}

#[derive(Template)]
#[template(path = "patronage/journal/list.html")]
struct JournalPage {
    shell: Shell,
    page: Page<Line>,
    asked: Asked,
    wrong: Wrong,
    authors: Vec<Choice<String>>,
    actions: Vec<Choice<String>>,
    /// The citizen to whom the list is narrowed.
    only: Option<(String, String)>,
    more: String,
}

async fn show(staff: Administrator, Query(asked): Query<Asked>) -> Result<Response, PanelError> {
    let l = staff.lang();
    let mut work = staff.look().await?;
    let zone = work.app.config.time_zone;
    let (page, wrong) = match asked.filter(zone) {
        Ok(filter) => {
            let page = audit::list(&mut work, &filter, asked.cursor.parse().ok()).await?;
            (page, Wrong::nothing(l))
        }
        Err(failure) => (Page { items: Vec::new(), before: None, after: None }, staff.wrong(failure)?),
    };
    let authors = authors(&mut work, l).await?;
    let only = narrowed(&mut work, &asked).await?;
    let names = journal::names(&mut work, &page.items).await?;
    drop(work);
    let actions = ACTIONS.iter().map(|action| Choice { id: (*action).to_owned(), label: said(l, action) }).collect();
    let query = serde_html_form::to_string(&asked).unwrap_or_default();
    let more = format!("{}?{query}&", paths::JOURNAL);
    let page = page.map(|listed| line(l, listed, &names, &authors, zone));
    let shell = staff.shell(l.t("label-menu-journal")).await?;
    let page = JournalPage { shell, page, asked, wrong, authors, actions, only, more };
    if page.wrong.is_any() { render_invalid(&page.wrong, &page) } else { render(&page) }
}

/// Whose acts may be asked for.
async fn authors(work: &mut Work, l: &Lang) -> Result<Vec<Choice<String>>, Failure> {
    let mut authors = Vec::new();
    for author in [Author::Administrator, Author::Operator, Author::System] {
        let label = accounts::name_of_author(&mut work.tx, author).await?.said(l);
        authors.push(Choice { id: author.to_string(), label });
    }
    let curators = curators::choices(work).await?;
    let curator = |it: &Choice<PersonId>| Choice { id: Author::Curator(it.id).to_string(), label: it.label.clone() };
    authors.extend(curators.iter().map(curator));
    Ok(authors)
}

/// The name and card of the citizen to whom the list is narrowed.
async fn narrowed(work: &mut Work, asked: &Asked) -> Result<Option<(String, String)>, Failure> {
    let Some(person) = parse(&asked.subject).map(PersonId) else { return Ok(None) };
    let name = accounts::name_of_author(&mut work.tx, Author::Citizen(person)).await?.said(work.app.house_words());
    Ok((!name.is_empty()).then(|| (name, paths::citizen(person))))
}

/// An act in words; acts without words are named as they are written.
fn said(l: &Lang, action: &str) -> String {
    let key = format!("journal-action-{}", action.replace('.', "-"));
    if l.has(&key) { l.t(&key).to_string() } else { action.to_owned() }
}

fn line(l: &Lang, listed: Listed, names: &Names, authors: &[Choice<String>], zone: Tz) -> Line {
    let (path, whose) = whose(l, &listed, names);
    let record = listed.record;
    Line {
        when: moment(record.at, zone),
        who: match record.author {
            Author::Curator(person) | Author::Citizen(person) => name(l, names, person.0).unwrap_or_default(),
            // The others have no names of their own.
            other => {
                authors.iter().find(|it| it.id == other.to_string()).map(|it| it.label.clone()).unwrap_or_default()
            }
        },
        address: record.address.unwrap_or_default(),
        what: said(l, &record.action),
        path,
        whose,
        values: values(l, &listed.subject, &record.changes, names),
    }
}

/// Who or what an entry is about: of citizens and what is theirs with the way to the card, of somebody erased no name at all.
fn whose(l: &Lang, listed: &Listed, names: &Names) -> (Option<String>, String) {
    let Some(subject) = listed.subject_id else { return (None, String::new()) };
    let owner = names.owner(subject);
    let id = owner.map_or(subject, |person| person.0);
    let card = match listed.subject.as_str() {
        "citizen" => Some(PersonId(subject)),
        "account" => None,
        _ => owner,
    };
    let is_there = names.of(id).is_some_and(|name| !name.is_empty());
    (card.filter(|_| is_there).map(paths::citizen), name(l, names, id).unwrap_or_default())
}

/// The name behind an id; of somebody erased that he is.
fn name(l: &Lang, names: &Names, id: Uuid) -> Option<String> {
    names.of(id).map(|name| if name.is_empty() { l.t("journal-erased").to_string() } else { name.to_owned() })
}

/// With seconds: the order of acts matters here.
fn moment(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format("%d.%m.%Y, %H:%M:%S").to_string()
}
