//! The module patronage: its rooms repeat the names of `opora_core::patronage`.

pub mod activity;
pub mod card;
pub mod citizens;
pub mod curators;
pub mod deviations;
pub mod districts;
pub mod exports;
pub mod file_types;
pub mod files;
pub mod groups;
pub mod history;
pub mod import;
pub mod journal;
pub mod meetings;
pub mod privacy;
pub mod reminders;
pub mod summary;
pub mod today;
mod zones;

use serde::Deserialize;

/// The search of a list of names, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct NameSearch {
    /// A part of the name.
    name: String,
    /// The entry just saved, to be marked (PT-D07).
    new: String,
}

impl NameSearch {
    /// Whether it narrows anything.
    fn is_any(&self) -> bool {
        !self.name.trim().is_empty()
    }
}
