//! The file on its way in, and the template on its way out.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::ImportId,
    },
    patronage::import::{self, SIZE_LIMIT},
};

use super::page::StartPage;
use crate::{
    Panel,
    errors::PanelError,
    extract::Administrator,
    page::render_invalid,
    paths,
    patronage::files::disposition,
    upload::{Received, receive},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Takes a table in and leads to its preview.
pub(super) async fn take(
    State(panel): State<Panel>,
    staff: Administrator,
    request: Request,
) -> Result<Response, PanelError> {
    let (_, received) = receive(request, &panel, SIZE_LIMIT, async || Ok(Vec::new())).await?;
    match open(&panel, &staff, received).await {
        Ok(id) => Ok(Redirect::to(&paths::import(id)).into_response()),
        Err(failure) => {
            let page = StartPage::of(&staff, staff.wrong(failure)?).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn open(panel: &Panel, staff: &Administrator, received: Option<Received<Vec<u8>>>) -> Result<ImportId, Failure> {
    let received = received.ok_or_else(|| Failure::invalid("file", Say::key("import-none-chosen")))?;
    if received.is_too_large {
        let say = Say::key("import-too-large").number("megabytes", SIZE_LIMIT / (1024 * 1024));
        return Err(Failure::invalid("file", say));
    }
    let (words, bytes) = (panel.app.words.clone(), received.into);
    let read = tokio::task::spawn_blocking(move || import::read(&bytes, &words)).await;
    // A table that makes the reader break down is no table.
    let sheet = read.unwrap_or_else(|_| Err(Failure::invalid("file", Say::key("import-not-a-table"))))?;
    let mut work = staff.begin().await?;
    let id = import::open(&mut work, received.name.as_deref().unwrap_or_default(), &sheet).await?;
    work.commit().await?;
    Ok(id)
}

/// «Скачать шаблон».
pub(super) async fn template(staff: Administrator) -> Result<Response, PanelError> {
    let content = import::template(staff.lang()).map_err(|error| {
        tracing::error!(%error, "the template could not be made");
        PanelError::Internal
    })?;
    let name = staff.lang().t("import-template-name").to_string();
    let disposition = HeaderValue::from_str(&disposition(false, &name)).map_err(|_| PanelError::Internal)?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(XLSX)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, content).into_response())
}
