//! Taking a whole import back: what it made is deleted, what it filled is emptied; cards that somebody changed since stay.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    note,
    run::{GROUPS, fillable},
    store,
    types::{Counts, Import, ImportRow, ImportState, RowState},
};
use crate::{
    Signal, Work,
    foundation::{errors::Failure, ids::ImportId},
    patronage::citizens,
    people::access::Action,
};

/// So many days an import can be taken back.
pub const UNDO_DAYS: i64 = 30;

/// What taking back would mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Undoing {
    /// The import.
    pub import: Import,
    /// Its figures.
    pub counts: Counts,
    /// Rows whose cards somebody changed since, at most a hundred: these stay as they are.
    pub changed: Vec<ImportRow>,
}

/// What taking back would mean, for the question before it.
pub async fn undoing(work: &mut Work, id: ImportId) -> Result<Undoing, Failure> {
    let (import, counts) = super::get(work, id).await?;
    must_be_undoable(work, &import)?;
    let changed = store::changed_since(&mut work.tx, id).await?;
    Ok(Undoing { import, counts, changed })
}

/// Takes the import back. The worker does it in portions.
pub async fn undo(work: &mut Work, id: ImportId) -> Result<(), Failure> {
    work.must(Action::ImportCitizens)?;
    let import = store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)?;
    must_be_undoable(work, &import)?;
    if !store::change_state(&mut work.tx, id, ImportState::Done, ImportState::Undoing, work.now).await? {
        return Err(Failure::Stale);
    }
    note(work, "import.undoing", id, json!({})).await?;
    work.signal(Signal::Imports);
    Ok(())
}

fn must_be_undoable(work: &Work, import: &Import) -> Result<(), Failure> {
    let is_young = import.finished_at.is_some_and(|at| work.now - at < TimeDelta::days(UNDO_DAYS));
    match (import.state, is_young) {
        (ImportState::Done, true) => Ok(()),
        _ => Err(Failure::refused("import-not-undoable")),
    }
}

/// Takes one row back, unless somebody changed the card.
pub(super) async fn undo_row(work: &mut Work, import: &Import, row: &store::Waiting) -> Result<(), Failure> {
    work.tx.savepoint().await?;
    let state = match take_back(work, row).await {
        Ok(state) => {
            work.tx.release_savepoint().await?;
            state
        }
        Err(Failure::Storage(error)) => return Err(error.into()),
        Err(_) => {
            work.tx.back_to_savepoint().await?;
            RowState::Kept
        }
    };
    Ok(store::set_state(&mut work.tx, import.id, row.number, state).await?)
}

async fn take_back(work: &mut Work, row: &store::Waiting) -> Result<RowState, Failure> {
    let (Some(person), Some(version)) = (row.person_id, row.version) else { return Ok(RowState::Kept) };
    let card = citizens::card(work, person).await?;
    if card.version != version {
        return Ok(RowState::Kept);
    }
    if row.state == RowState::Created {
        if store::is_in_use(&mut work.tx, person).await? {
            return Ok(RowState::Kept);
        }
        citizens::delete(work, person).await?;
        return Ok(RowState::Undone);
    }
    let filled = row.filled.as_ref().map(|filled| filled.0.clone()).unwrap_or_default();
    let mut form = citizens::form_of(&card);
    for (name, field) in fillable(&mut form) {
        if filled.iter().any(|it| it == name) {
            field.clear();
        }
    }
    if filled.iter().any(|it| it == GROUPS) {
        form.groups.clear();
    }
    citizens::change(work, person, version, &form, true).await?;
    Ok(RowState::Undone)
}
