//! The module patronage: its rooms repeat the names of `opora_core::patronage`.

pub mod card;
pub mod citizens;
pub mod curators;
pub mod deviations;
pub mod exports;
pub mod files;
pub mod history;
pub mod privacy;
pub mod reminders;
pub mod today;
