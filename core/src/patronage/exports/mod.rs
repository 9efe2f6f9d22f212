//! «Экспорт списка пользователей» and «Экспорт истории обращений пользователей»: real files for Excel (PT-271…PT-278).
//!
//! An export is a row of a table with the citizens it was asked for. A small one is made while one waits ([`produce`]), a large
//! one by a worker ([`run`]), portion by portion, so that memory stays bounded and other pages stay usable. One that a restart
//! interrupted says so and can be repeated. Files are deleted after a day.

mod citizens;
mod history;
mod produce;
mod sheet;
mod store;
mod worker;

use serde_json::json;

use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::{ExportId, SessionId},
    },
    patronage::citizens::{CitizenFilter, list, selection},
    people::access::Action,
    words::{Dictionary, format},
};

pub use produce::{path, produce};
pub use sheet::{CELL_LIMIT, ROWS_A_SHEET};
pub use worker::{ForgetExports, mark_interrupted, run, work_off};

/// More citizens, or records of the history, than this are exported in the background (PT-278).
pub const AT_ONCE: i64 = 2000;
/// How many exports the list shows.
const LISTED: i64 = 50;

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// «Экспорт списка пользователей» (PT-271).
    Citizens,
    /// «Экспорт истории обращений пользователей» (PT-273).
    History,
}

/// Where an export stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum State {
    /// Waits for the worker.
    Queued,
    /// Being written.
    Running,
    /// The file is there.
    Ready,
    /// It could not be written; the log says why.
    Failed,
    /// The program ended while it was written.
    Interrupted,
}

/// An export.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Export {
    /// Which.
    pub id: ExportId,
    /// What.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Whether the worker makes it.
    pub in_background: bool,
    /// Language of its headings.
    pub locale: String,
    /// What the file is called.
    pub file_name: String,
    /// Citizens in all.
    pub total: i64,
    /// Citizens written so far.
    pub done: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// Whose rows are exported (PT-276).
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// The ticked ones of this session, if there are any …
    pub session: SessionId,
    /// … else everybody whom the search finds.
    pub filter: &'a CitizenFilter,
}

/// Notes an export with the citizens as they are chosen now. The caller commits and, unless it is made in the background, calls
/// [`produce`].
pub async fn request(work: &mut Work, kind: Kind, scope: Scope<'_>, words: &Dictionary) -> Result<Export, Failure> {
    let sight = work.must(Action::ExportCitizens)?;
    let mut export = Export {
        id: ExportId::draw(work.now, &*work.app.chance),
        kind,
        state: State::Running,
        in_background: false,
        locale: words.locale().to_owned(),
        file_name: file_name(work, kind, words),
        total: 0,
        done: 0,
        created_at: work.now,
    };
    store::insert(&mut work.tx, &export, work.actor.account()).await?;
    if selection::store::count(&mut work.tx, scope.session).await? > 0 {
        store::add_ticked(&mut work.tx, export.id, scope.session).await?;
    } else if let Some(search) = list::search(work, sight, scope.filter) {
        store::add_found(&mut work.tx, export.id, &search).await?;
    }
    export.total = store::count_rows(&mut work.tx, export.id).await?;
    export.in_background = export.total > AT_ONCE
        || (kind == Kind::History && store::has_more_records(&mut work.tx, export.id, AT_ONCE).await?);
    if export.in_background {
        export.state = State::Queued;
    }
    store::begin(&mut work.tx, &export).await?;
    note(work, &export).await?;
    Ok(export)
}

/// One export.
pub async fn get(work: &mut Work, id: ExportId) -> Result<Export, Failure> {
    work.must(Action::ExportCitizens)?;
    store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)
}

/// The exports whose files may still be there, the latest first.
pub async fn latest(work: &mut Work) -> Result<Vec<Export>, Failure> {
    work.must(Action::ExportCitizens)?;
    Ok(store::latest(&mut work.tx, LISTED).await?)
}

/// Asks once more for an export that did not come to its end, with the same citizens.
pub async fn repeat(work: &mut Work, id: ExportId) -> Result<(), Failure> {
    let export = get(work, id).await?;
    if !matches!(export.state, State::Failed | State::Interrupted) || !store::queue(&mut work.tx, id).await? {
        return Err(Failure::Stale);
    }
    Ok(note(work, &export).await?)
}

/// «Список пользователей 22.11.2026.xlsx» (PT-275).
fn file_name(work: &Work, kind: Kind, words: &Dictionary) -> String {
    let key = match kind {
        Kind::Citizens => "exports-citizens-file",
        Kind::History => "exports-history-file",
    };
    let today = work.now.with_timezone(&work.app.config.time_zone).date_naive();
    let name = words.t(key).s("date", format::date(today)).to_string();
    format!("{name}.xlsx")
}

async fn note(work: &mut Work, export: &Export) -> Result<(), crate::foundation::errors::StorageError> {
    let action = match export.kind {
        Kind::Citizens => "export.citizens",
        Kind::History => "export.history",
    };
    let changes = json!({ "citizens": export.total });
    audit::note(work, Entry { action, subject: "export", subject_id: Some(export.id.0), changes }).await
}
