//! «Журнал»: who did what and when, for the administrator (PT-285).

use std::collections::{HashMap, hash_map::Entry};

use askama::Template;
use axum::{extract::Query, response::Response};
use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use opora_core::{
    Work,
    audit::{self, ERASED, Filter, Listed},
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{PersonId, parse},
        page::{Choice, Page},
    },
    patronage::curators,
    people::{access::Author, accounts, birth_date},
    words::format,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    errors::PanelError,
    extract::Administrator,
    page::{Shell, render},
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
    fn filter(&self, zone: Tz) -> Filter {
        let day = |text: &str, later: u64| {
            let date = birth_date::date(text)?.checked_add_days(Days::new(later))?;
            date.and_time(NaiveTime::MIN).and_local_timezone(zone).earliest().map(|at| at.with_timezone(&chrono::Utc))
        };
        Filter {
            subject: parse(&self.subject),
            author: self.author.parse().ok(),
            action: Some(self.action.clone()).filter(|action| !action.is_empty()),
            since: day(&self.since, 0),
            // The day that was typed belongs to it.
            until: day(&self.until, 1),
        }
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
    let page = audit::list(&mut work, &asked.filter(zone), asked.cursor.parse().ok()).await?;
    let authors = authors(&mut work).await?;
    let only = narrowed(&mut work, &asked).await?;
    let names = names(&mut work, &page.items).await?;
    drop(work);
    let actions = ACTIONS.iter().map(|action| Choice { id: (*action).to_owned(), label: said(l, action) }).collect();
    let query = serde_html_form::to_string(&asked).unwrap_or_default();
    let more = format!("{}?{query}&", paths::JOURNAL);
    let page = page.map(|listed| line(l, listed, &names, zone));
    let shell = staff.shell(l.t("label-menu-journal")).await?;
    render(&JournalPage { shell, page, asked, authors, actions, only, more })
}

/// Whose acts may be asked for.
async fn authors(work: &mut Work) -> Result<Vec<Choice<String>>, Failure> {
    let mut authors = Vec::new();
    for author in [Author::Administrator, Author::Operator, Author::System] {
        authors.push(Choice { id: author.to_string(), label: accounts::name_of_author(work, author).await? });
    }
    let curators = curators::choices(work).await?;
    authors.extend(curators.into_iter().map(|it| Choice { id: Author::Curator(it.id).to_string(), label: it.label }));
    Ok(authors)
}

/// The name and card of the citizen to whom the list is narrowed.
async fn narrowed(work: &mut Work, asked: &Asked) -> Result<Option<(String, String)>, Failure> {
    let Some(person) = parse(&asked.subject).map(PersonId) else { return Ok(None) };
    let name = accounts::name_of_author(work, Author::Citizen(person)).await?;
    Ok((!name.is_empty()).then(|| (name, paths::citizen(person))))
}

/// The names of all authors on the page, each looked up once.
async fn names(work: &mut Work, items: &[Listed]) -> Result<HashMap<String, String>, Failure> {
    let mut names = HashMap::new();
    for listed in items {
        if let Entry::Vacant(unknown) = names.entry(listed.record.author.to_string()) {
            unknown.insert(accounts::name_of_author(work, listed.record.author).await?);
        }
    }
    Ok(names)
}

/// An act in words; acts without words are named as they are written.
fn said(l: &Lang, action: &str) -> String {
    let key = format!("journal-action-{}", action.replace('.', "-"));
    if l.has(&key) { l.t(&key).to_string() } else { action.to_owned() }
}

fn line(l: &Lang, listed: Listed, names: &HashMap<String, String>, zone: Tz) -> Line {
    let record = listed.record;
    let is_citizen = listed.subject == "citizen";
    Line {
        when: moment(record.at, zone),
        who: names.get(&record.author.to_string()).cloned().unwrap_or_default(),
        address: record.address.unwrap_or_default(),
        what: said(l, &record.action),
        path: listed.subject_id.filter(|_| is_citizen && listed.name.is_some()).map(|id| paths::citizen(PersonId(id))),
        whose: listed.name.unwrap_or_default(),
        values: values(l, &record.changes),
    }
}

/// With seconds: the order of acts matters here.
fn moment(at: Timestamp, zone: Tz) -> String {
    at.with_timezone(&zone).format("%d.%m.%Y, %H:%M:%S").to_string()
}

/// «phone: +79131234567 → +79131234568», a line for each field.
fn values(l: &Lang, changes: &Value) -> Vec<String> {
    let Some(fields) = changes.as_object() else { return Vec::new() };
    let line = |(field, value): (&String, &Value)| match (value.get("old"), value.get("new")) {
        (Some(old), Some(new)) => {
            let (old, new) = (text(l, old), text(l, new));
            l.t("journal-change").s("field", field_name(l, field)).s("old", old).s("new", new).to_string()
        }
        _ => l.t("journal-value").s("field", field_name(l, field)).s("value", text(l, value)).to_string(),
    };
    fields.iter().map(line).collect()
}

/// A field in words; fields without words are named as they are written.
fn field_name(l: &Lang, field: &str) -> String {
    let key = format!("journal-field-{}", field.replace('_', "-"));
    if l.has(&key) { l.t(&key).to_string() } else { field.to_owned() }
}

fn text(l: &Lang, value: &Value) -> String {
    match value {
        Value::Null => l.t("journal-nothing").to_string(),
        Value::String(text) if text == ERASED => l.t("journal-erased").to_string(),
        Value::String(text) => written(l, text),
        Value::Bool(value) => l.t(if *value { "journal-yes" } else { "journal-no" }).to_string(),
        Value::Array(items) if items.is_empty() => l.t("journal-nothing").to_string(),
        Value::Array(items) => items.iter().map(|item| text(l, item)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Ids mean nothing to readers: that something was chosen does. Dates stand as everywhere.
fn written(l: &Lang, text: &str) -> String {
    if Uuid::try_parse(text).is_ok() {
        return l.t("journal-chosen").to_string();
    }
    text.parse::<NaiveDate>().map_or_else(|_| text.to_owned(), format::date)
}
