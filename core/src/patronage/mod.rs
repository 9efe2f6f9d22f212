//! «Дневник самоконтроля», «Патронаж»: citizens under care, their curators and reminders.

pub mod activation;
pub mod citizens;
pub mod curators;
pub mod districts;
pub mod file_types;
pub mod groups;
pub mod reminders;
