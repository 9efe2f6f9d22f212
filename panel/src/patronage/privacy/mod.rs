//! «Данные о человеке»: everything about one person as an archive, for the administrator (PT-D56).

use askama::Template;
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use opora_core::{
    foundation::ids::PersonId,
    patronage::privacy::export::{self, Archive},
};
use tokio_util::io::ReaderStream;

use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm, Id, NoFields},
    page::{Shell, render},
    patronage::{
        card::{Card, Tab},
        files::disposition,
    },
    routes::Routes,
};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_administrator()
        .get("/citizens/{id}/personal-data", show)
        .post("/citizens/{id}/personal-data/archive", download)
}

#[derive(Template)]
#[template(path = "patronage/privacy/page.html")]
struct PrivacyPage {
    shell: Shell,
    card: Card,
}

async fn show(staff: Administrator, Id(person): Id<PersonId>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let card = Card::of(&mut work, staff.lang(), person, Tab::Data).await?;
    drop(work);
    let title = format!("{} — {}", card.short_name, staff.lang().t("privacy-title"));
    render(&PrivacyPage { shell: staff.shell(title).await?, card })
}

/// The archive. It is made at every press and kept nowhere.
async fn download(
    staff: Administrator,
    Id(person): Id<PersonId>,
    _: CsrfForm<NoFields>,
) -> Result<Response, PanelError> {
    let app = &staff.visit.panel.app;
    let Archive { name, size, content } = export::export(app, staff.actor(), person, staff.lang().locale()).await?;
    let disposition = HeaderValue::from_str(&disposition(false, &name)).map_err(|_| PanelError::Internal)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_LENGTH, HeaderValue::from(size)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    let content = tokio::fs::File::from_std(content);
    Ok((headers, Body::from_stream(ReaderStream::new(content))).into_response())
}
