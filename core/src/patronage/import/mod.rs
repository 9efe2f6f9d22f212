//! Import of citizens from a table: preview, run in portions, undo (the administrator's alone).
//!
//! A table is handed in → its rows lie in the database → `work` checks them → the administrator sees what would happen →
//! `work` makes and fills cards by the same use cases as the form → for thirty days the whole can be taken back. Every portion is
//! one transaction with the states of its rows, so a restart goes on where the last portion ended.

mod check;
mod columns;
mod read;
mod run;
mod store;
mod template;
mod types;
mod undo;
mod work;

pub use columns::label as field_label;
pub use read::{SIZE_LIMIT, Sheet, read};
pub use run::start;
pub use template::template;
pub use types::{Counts, Existing, Fault, Import, ImportRow, ImportState, Part, RowState};
pub use undo::{UNDO_DAYS, Undoing, undo, undoing};
pub use work::{ForgetImports, forget_old, run, work_off};

use serde_json::json;

use crate::{
    Signal, Work,
    audit::{self, Entry},
    foundation::{
        errors::Failure,
        ids::ImportId,
        page::{Cursor, PAGE_ROWS, Page},
    },
    people::access::{Action, Actor},
};

/// Takes a table in; its rows are checked by the worker, nothing else is written.
pub async fn open(work: &mut Work, file_name: &str, sheet: &Sheet) -> Result<ImportId, Failure> {
    work.must(Action::ImportCitizens)?;
    let Actor::Administrator { account, address } = work.actor.clone() else { return Err(Failure::Forbidden) };
    let id = ImportId::draw(work.now, &*work.app.chance);
    let new = store::New {
        id,
        file_name: &short_name(file_name),
        ignored: &sheet.ignored.join(", "),
        account,
        address: &address,
    };
    store::insert(&mut work.tx, &new, work.now).await?;
    store::insert_rows(&mut work.tx, id, &sheet.rows).await?;
    note(work, "import.opened", id, json!({ "rows": sheet.rows.len() })).await?;
    work.signal(Signal::Imports);
    Ok(id)
}

/// The last hundred characters at most: a name is shown, never used as a path.
fn short_name(name: &str) -> String {
    let length = name.chars().count();
    name.chars().filter(|c| !c.is_control()).skip(length.saturating_sub(100)).collect()
}

/// One import with its figures.
pub async fn get(work: &mut Work, id: ImportId) -> Result<(Import, Counts), Failure> {
    work.must(Action::ImportCitizens)?;
    let import = store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)?;
    let counts = store::counts(&mut work.tx, id).await?;
    Ok((import, counts))
}

/// The latest imports, newest first.
pub async fn latest(work: &mut Work) -> Result<Vec<Import>, Failure> {
    work.must(Action::ImportCitizens)?;
    Ok(store::latest(&mut work.tx).await?)
}

/// A page of rows in one of the states of `part`, in the order of the file.
pub async fn rows(work: &mut Work, id: ImportId, part: Part, at: Option<Cursor>) -> Result<Page<ImportRow>, Failure> {
    work.must(Action::ImportCitizens)?;
    let found = store::page(&mut work.tx, id, part, at.as_ref(), PAGE_ROWS + 1).await?;
    Ok(Page::of(found, PAGE_ROWS, at.as_ref(), |row| row.number))
}

/// Throws a table away that was only looked at.
pub async fn discard(work: &mut Work, id: ImportId) -> Result<(), Failure> {
    work.must(Action::ImportCitizens)?;
    if !store::change_state(&mut work.tx, id, ImportState::Ready, ImportState::Forgotten, work.now).await? {
        return Err(Failure::Stale);
    }
    store::delete_rows(&mut work.tx, id).await?;
    note(work, "import.discarded", id, json!({})).await
}

async fn note(work: &mut Work, action: &'static str, id: ImportId, changes: serde_json::Value) -> Result<(), Failure> {
    audit::note(work, Entry { action, subject: "import", subject_id: Some(id.0), changes }).await?;
    Ok(())
}
