//! Exports to Excel: small ones are answered at once, large ones have a page that shows their progress (PT-271…PT-278).

use askama::Template;
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use opora_core::{
    foundation::ids::ExportId,
    patronage::{
        citizens::CitizenFilter,
        exports::{self, Export, Kind, Scope, State},
    },
    words::format,
};
use tokio_util::io::ReaderStream;

use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm, Id, NoFields},
    page::{Shell, render},
    paths,
    patronage::files,
    routes::Routes,
    visit::Lang,
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Seconds between looks at an export that is being made.
const REFRESH: HeaderValue = HeaderValue::from_static("2");

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_administrator()
        .get(paths::EXPORTS, list)
        .get("/exports/{id}", show)
        .get("/exports/{id}/file", download)
        .post("/exports/{id}/repetition", repeat)
}

/// Exports the ticked rows or, without any, all that the search finds (PT-276).
pub(super) async fn begin(staff: &Administrator, kind: Kind, filter: &CitizenFilter) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    let scope = Scope { session: staff.session.id, filter };
    let export = exports::request(&mut work, kind, scope, staff.lang()).await?;
    work.commit().await?;
    let is_ready = !export.in_background && produce(staff, export.clone()).await? == State::Ready;
    if is_ready { answer(staff, &export).await } else { Ok(Redirect::to(&paths::export(export.id)).into_response()) }
}

/// Makes a small export; it comes to its end also when the reader does not wait for it.
async fn produce(staff: &Administrator, export: Export) -> Result<State, PanelError> {
    let app = staff.visit.panel.app.clone();
    let made = tokio::spawn(async move { exports::produce(&app, &export).await });
    Ok(made.await.map_err(|_| PanelError::Internal)??)
}

/// The file as an attachment (PT-277).
async fn answer(staff: &Administrator, export: &Export) -> Result<Response, PanelError> {
    let path = exports::path(&staff.visit.panel.app, export.id);
    let file = tokio::fs::File::open(path).await.map_err(|error| {
        tracing::error!(%error, export = %export.id, "the file of an export is not on the disk");
        PanelError::NotFound
    })?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(XLSX)),
        (header::CONTENT_DISPOSITION, files::value(&files::disposition(false, &export.file_name))?),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// An export in the reader's words.
struct Line {
    id: ExportId,
    file_name: String,
    asked: String,
    /// Tone of the state's pill.
    tone: &'static str,
    state: String,
    /// What to do about it; empty when nothing.
    advice: String,
    total: i64,
    done: i64,
    is_under_way: bool,
    is_ready: bool,
    can_repeat: bool,
}

impl Line {
    fn of(export: Export, l: &Lang, staff: &Administrator) -> Self {
        let (tone, key, advice) = match export.state {
            State::Queued => ("waiting", "exports-queued", ""),
            State::Running => ("planned", "exports-running", ""),
            State::Ready => ("done", "exports-ready", ""),
            State::Failed => ("missed", "exports-failed", "exports-failed-text"),
            State::Interrupted => ("missed", "exports-interrupted", "exports-interrupted-text"),
        };
        Self {
            id: export.id,
            asked: format::moment(export.created_at, staff.visit.panel.app.config.time_zone),
            tone,
            state: l.t(key).n("done", export.done).n("total", export.total).to_string(),
            advice: if advice.is_empty() { String::new() } else { l.t(advice).to_string() },
            total: export.total.max(1),
            done: export.done,
            is_under_way: matches!(export.state, State::Queued | State::Running),
            is_ready: export.state == State::Ready,
            can_repeat: matches!(export.state, State::Failed | State::Interrupted),
            file_name: export.file_name,
        }
    }
}

#[derive(Template)]
#[template(path = "patronage/exports/list.html")]
struct ListPage {
    shell: Shell,
    lines: Vec<Line>,
}

async fn list(staff: Administrator) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let latest = exports::latest(&mut work).await?;
    drop(work);
    let lines = latest.into_iter().map(|export| Line::of(export, staff.lang(), &staff)).collect();
    render(&ListPage { shell: staff.shell(staff.lang().t("exports-title")).await?, lines })
}

#[derive(Template)]
#[template(path = "patronage/exports/show.html")]
struct ExportPage {
    shell: Shell,
    line: Line,
}

/// The progress of an export; the page refreshes itself until there is an end.
async fn show(staff: Administrator, Id(id): Id<ExportId>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let export = exports::get(&mut work, id).await?;
    drop(work);
    let line = Line::of(export, staff.lang(), &staff);
    let is_under_way = line.is_under_way;
    let mut page = render(&ExportPage { shell: staff.shell(&line.file_name).await?, line })?;
    if is_under_way {
        page.headers_mut().insert(header::REFRESH, REFRESH);
    }
    Ok(page)
}

async fn download(staff: Administrator, Id(id): Id<ExportId>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let export = exports::get(&mut work, id).await?;
    drop(work);
    if export.state != State::Ready {
        return Err(PanelError::NotFound);
    }
    answer(&staff, &export).await
}

/// «Повторить».
async fn repeat(staff: Administrator, Id(id): Id<ExportId>, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    exports::repeat(&mut work, id).await?;
    work.commit().await?;
    Ok(Redirect::to(&paths::export(id)).into_response())
}
