//! What an import tells.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    foundation::{
        clock::Timestamp,
        errors::Say,
        ids::{ImportId, PersonId},
    },
    people::access::Actor,
};

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ImportState {
    /// Its rows are being checked.
    Checking,
    /// The preview waits for a decision.
    Ready,
    /// Cards are being made and filled.
    Running,
    /// At its end.
    Done,
    /// Is being taken back.
    Undoing,
    /// Was taken back.
    Undone,
    /// Thrown away, or too old: its rows are gone.
    Forgotten,
}

/// What happens to rows whose citizen is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Existing {
    /// Nothing.
    #[default]
    Skip,
    /// Empty fields of the card are filled.
    Fill,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum RowState {
    /// Not looked at yet.
    Unchecked,
    /// Would make a card.
    New,
    /// Its citizen is there already.
    Known,
    /// Breaks rules.
    Faulty,
    /// Made a card.
    Created,
    /// Filled empty fields of a card.
    Filled,
    /// There was nothing to do.
    Skipped,
    /// What had been right in the preview was not any more.
    Refused,
    /// Taken back.
    Undone,
    /// Not taken back, because somebody changed the card.
    Kept,
}

/// A part of the rows, as the pages show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those that break rules.
    Faulty,
    /// Those whose citizens are there already.
    Known,
    /// New ones, then those that made cards.
    New,
    /// Those that stayed because somebody changed the card.
    Kept,
}

impl Part {
    /// The states that belong to it.
    pub(super) fn states(self) -> [RowState; 2] {
        match self {
            Self::Faulty => [RowState::Faulty, RowState::Refused],
            Self::Known => [RowState::Known, RowState::Filled],
            Self::New => [RowState::New, RowState::Created],
            Self::Kept => [RowState::Kept, RowState::Kept],
        }
    }
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Import {
    /// Which.
    pub id: ImportId,
    /// What the file was called.
    pub file_name: String,
    /// Columns that no field of the card takes, joined by commas.
    pub ignored: String,
    /// Where it stands.
    pub state: ImportState,
    /// What happens to citizens already there.
    pub existing: Existing,
    /// Who handed it in.
    pub account_id: crate::foundation::ids::AccountId,
    /// From which network address.
    pub address: String,
    /// The last row dealt with in this state.
    pub done_to: i64,
    /// When it was handed in.
    pub created_at: Timestamp,
    /// When its cards were made.
    pub finished_at: Option<Timestamp>,
}

impl Import {
    /// On whose behalf cards are made.
    pub(super) fn actor(&self) -> Actor {
        Actor::Administrator { account: self.account_id, address: self.address.clone() }
    }

    /// Whether the worker has it in hand.
    pub fn is_working(&self) -> bool {
        matches!(self.state, ImportState::Checking | ImportState::Running | ImportState::Undoing)
    }
}

/// How many rows stand where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(pub(super) BTreeMap<String, i64>);

impl Counts {
    /// Rows in this state.
    pub fn of(&self, state: RowState) -> i64 {
        self.0.get(name(state)).copied().unwrap_or_default()
    }

    /// All rows.
    pub fn total(&self) -> i64 {
        self.0.values().sum()
    }
}

/// The name of a state in the database.
pub(super) fn name(state: RowState) -> &'static str {
    match state {
        RowState::Unchecked => "unchecked",
        RowState::New => "new",
        RowState::Known => "known",
        RowState::Faulty => "faulty",
        RowState::Created => "created",
        RowState::Filled => "filled",
        RowState::Skipped => "skipped",
        RowState::Refused => "refused",
        RowState::Undone => "undone",
        RowState::Kept => "kept",
    }
}

/// What is wrong with a field of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The field of the card's form; empty for the whole row.
    pub field: String,
    /// What is wrong.
    pub say: Say,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// As the spreadsheet counts.
    pub number: i64,
    /// The name in the file, or the citizen's.
    pub name: String,
    /// Where it stands.
    pub state: RowState,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// The citizen found or made, unless deleted.
    pub person: Option<PersonId>,
}
