//! «Файлы пользователя» (PT-094 … PT-097): list, filter by type, viewing, downloading, classifying; «Добавить файл» where no
//! bot brings files (PT-D18).

mod attach;
mod classify;
mod open;

pub(in crate::patronage) use open::{disposition, value};

use askama::Template;
use axum::{
    extract::{DefaultBodyLimit, Query},
    http::Method,
    response::Response,
    routing,
};
use opora_core::{
    Work,
    foundation::{
        config::BotMode,
        ids::{FileTypeId, PersonId},
        page::{Choice, Page},
    },
    patronage::{
        file_types,
        files::{self, FileRow, State, TypeFilter},
    },
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

/// The filter's name of «Без типа».
const UNTYPED: &str = "none";

/// Routes of the room.
pub fn routes() -> Routes {
    let attach = routing::post(attach::attach).layer(DefaultBodyLimit::disable());
    Routes::for_staff()
        .get("/citizens/{id}/files", show)
        .add(Method::POST, "/citizens/{id}/files", attach)
        .get("/files/{id}", open::show)
        .get("/files/{id}/download", open::download)
        .post("/files/{id}/type", classify::classify)
}

#[derive(Template)]
#[template(path = "patronage/files/list.html")]
struct FilesPage {
    shell: Shell,
    card: Card,
    files: Option<Files>,
    wrong: Wrong,
}

/// The list and what narrows it.
struct Files {
    page: Page<Row>,
    /// The types to choose from; `None` when the section is off (PT-010).
    types: Option<Vec<Choice<FileTypeId>>>,
    /// The chosen filter as in the address.
    filter: String,
    /// The list's address up to its cursor.
    path: String,
    /// Whether files are attached by hand.
    can_attach: bool,
    limit: String,
}

/// One file.
struct Row {
    id: String,
    name: String,
    size: String,
    received: String,
    caption: String,
    type_id: String,
    type_name: String,
    is_stored: bool,
    may_be_shown: bool,
}

#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Asked {
    #[serde(rename = "type")]
    filter: String,
    cursor: String,
}

async fn show(staff: Staff, Id(person): Id<PersonId>, Query(asked): Query<Asked>) -> Result<Response, PanelError> {
    let wrong = Wrong::nothing(staff.lang());
    render(&FilesPage::of(&staff, person, asked, wrong).await?)
}

impl FilesPage {
    async fn of(staff: &Staff, person: PersonId, asked: Asked, wrong: Wrong) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let card = Card::of(&mut work, staff.lang(), person, Tab::Files).await?;
        let files = match card.is_open {
            true => Some(Files::load(&mut work, staff.lang(), &card, asked).await?),
            false => None,
        };
        drop(work);
        let title = format!("{} — {}", card.short_name, staff.lang().t("label-tab-files"));
        Ok(Self { shell: staff.shell(title).await?, card, files, wrong })
    }
}

impl Files {
    async fn load(work: &mut Work, l: &Lang, card: &Card, asked: Asked) -> Result<Self, PanelError> {
        let types = match work.app.config.sections.file_types {
            true => Some(file_types::choices(work).await?),
            false => None,
        };
        let filter = match (asked.filter.as_str(), asked.filter.parse()) {
            _ if types.is_none() => TypeFilter::All,
            (UNTYPED, _) => TypeFilter::Untyped,
            (_, Ok(id)) => TypeFilter::Of(id),
            _ => TypeFilter::All,
        };
        let found = files::list(work, card.person, filter, asked.cursor.parse().ok()).await?;
        Ok(Self {
            page: found.map(|row| Row::of(l, card, row)),
            types,
            path: format!("{}?type={}&", paths::files(card.person), asked.filter),
            filter: asked.filter,
            can_attach: work.app.config.bot_mode == BotMode::Off,
            limit: format::bytes(l, work.app.config.file_limit()),
        })
    }
}

/// The type's name; that of a deleted one says so (PT-239).
fn type_name(l: &Lang, row: &FileRow) -> String {
    match &row.type_name {
        None => l.t("files-untyped").to_string(),
        Some(name) if row.type_is_deleted => l.t("file-types-gone").s("name", name.as_str()).to_string(),
        Some(name) => name.clone(),
    }
}

impl Row {
    fn of(l: &Lang, card: &Card, row: FileRow) -> Self {
        let size = row.size.and_then(|size| u64::try_from(size).ok());
        Self {
            id: row.id.to_string(),
            size: size.map(|size| format::bytes(l, size)).unwrap_or_default(),
            received: format::moment(row.received_at, card.zone),
            caption: row.caption.clone().unwrap_or_default(),
            type_id: row.type_id.map(|id| id.to_string()).unwrap_or_default(),
            type_name: type_name(l, &row),
            is_stored: row.state == State::Stored,
            may_be_shown: row.may_be_shown(),
            name: row.name,
        }
    }

    /// Whether the chosen type may not be chosen any more, so that it must be listed by itself.
    fn has_gone_type(&self, types: &[Choice<FileTypeId>]) -> bool {
        !self.type_id.is_empty() && !types.iter().any(|choice| choice.id.to_string() == self.type_id)
    }
}
