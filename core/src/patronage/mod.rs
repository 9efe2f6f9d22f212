//! «Дневник самоконтроля», «Патронаж»: citizens under care, their curators and reminders.

pub mod activation;
pub mod activity;
pub mod citizens;
pub mod consent;
pub mod contacts;
pub mod curators;
pub mod districts;
pub mod duties;
pub mod exports;
pub mod file_types;
pub mod files;
pub mod groups;
pub mod import;
pub mod journal;
mod marks;
mod named;
pub mod privacy;
mod redelivery;
pub mod reminders;
pub mod sample;
pub mod seed;
pub mod summary;
pub mod today;
pub mod unreachable;
