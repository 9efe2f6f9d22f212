//! The module patronage: its rooms repeat the names of `opora_core::patronage`.

pub mod card;
pub mod citizens;
pub mod curators;
pub mod reminders;
