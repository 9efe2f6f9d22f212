//! Making the file: portions are read from the database here and written by a thread of its own.

use std::{
    io,
    path::{Path, PathBuf},
};

use rust_xlsxwriter::XlsxError;
use tokio::sync::mpsc;

use super::{
    Export, Kind, ROWS_A_SHEET, State,
    citizens::{self, Style},
    history,
    sheet::{Book, Cell, Column},
    store,
};
use crate::{
    App,
    foundation::{
        errors::{Failure, StorageError},
        ids::ExportId,
    },
};

/// Citizens of one portion.
const PORTION: i64 = 250;
/// Portions under way between reading and writing.
const UNDER_WAY: usize = 2;

/// Why a file was not made.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("the file: {0}")]
    Xlsx(#[from] XlsxError),
    #[error("the folder of exports: {0}")]
    Io(#[from] io::Error),
    #[error("the writer broke down")]
    Broken,
}

/// Where the file of an export lies.
pub fn path(app: &App, id: ExportId) -> PathBuf {
    folder(app).join(format!("{id}.xlsx"))
}

pub(super) fn folder(app: &App) -> PathBuf {
    app.config.data_dir.join("exports")
}

/// Makes the file of an export that is [`State::Running`], and notes how it ended. A failure stands in the log and in the
/// export's state.
pub async fn produce(app: &App, export: &Export) -> Result<State, Failure> {
    let state = match write(app, export).await {
        Ok(()) => State::Ready,
        Err(trouble) => {
            tracing::error!(export = %export.id, %trouble, "an export could not be made");
            State::Failed
        }
    };
    let mut tx = app.db.begin().await?;
    store::finish(&mut tx, export.id, state, app.clock.now()).await?;
    tx.commit().await?;
    let kind = if export.kind == Kind::Citizens { "citizens" } else { "history" };
    let result = if state == State::Ready { "ready" } else { "failed" };
    metrics::counter!("opora_exports_total", "kind" => kind, "result" => result).increment(1);
    Ok(state)
}

async fn write(app: &App, export: &Export) -> Result<(), Trouble> {
    let folder = folder(app);
    tokio::fs::create_dir_all(&folder).await?;
    let whole = path(app, export.id);
    let part = whole.with_extension("part");
    let words = app.words.in_locale(&export.locale);
    let style = Style { words, sections: app.config.sections, zone: app.config.time_zone, now: app.clock.now() };
    let columns = match export.kind {
        Kind::Citizens => citizens::columns(&style),
        Kind::History => history::columns(words),
    };
    let (rows, written) = mpsc::channel(UNDER_WAY);
    let target = part.clone();
    let writer = tokio::task::spawn_blocking(move || write_rows(columns, &folder, written, &target));
    // When the writer has stopped, its own error says why.
    let read = read_rows(app, export, &style, &rows).await;
    drop(rows);
    let outcome = writer.await.map_err(|_| Trouble::Broken)?;
    if let Err(trouble) = read.and(outcome.map_err(Trouble::from)) {
        tokio::fs::remove_file(&part).await.ok();
        return Err(trouble);
    }
    Ok(tokio::fs::rename(&part, &whole).await?)
}

/// Reads portion by portion, each in a short transaction of its own, and notes the progress.
async fn read_rows(
    app: &App,
    export: &Export,
    style: &Style<'_>,
    rows: &mpsc::Sender<Vec<Vec<Cell>>>,
) -> Result<(), Trouble> {
    let (mut after, mut done) = (0, 0);
    loop {
        let mut tx = app.db.read().await?;
        let chosen = store::portion(&mut tx, export.id, after, PORTION).await?;
        let Some(last) = chosen.last() else { return Ok(()) };
        after = last.seq;
        let read = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
        let cells = match export.kind {
            Kind::Citizens => {
                let portion = store::Portion::of(&mut tx, chosen, style).await?;
                citizens::rows(style, &portion, done)?
            }
            Kind::History => {
                let records = store::records(&mut tx, &chosen).await?;
                records.iter().map(|record| history::row(style.words, style.zone, record)).collect()
            }
        };
        drop(tx);
        if rows.send(cells).await.is_err() {
            return Ok(());
        }
        done += read;
        if export.in_background {
            let mut tx = app.db.begin().await?;
            store::progress(&mut tx, export.id, done).await?;
            tx.commit().await?;
        }
    }
}

fn write_rows(
    columns: Vec<Column>,
    folder: &Path,
    mut rows: mpsc::Receiver<Vec<Vec<Cell>>>,
    target: &Path,
) -> Result<(), XlsxError> {
    let mut book = Book::new(columns, folder, ROWS_A_SHEET)?;
    while let Some(portion) = rows.blocking_recv() {
        for row in &portion {
            book.add(row)?;
        }
    }
    book.save(target)
}
