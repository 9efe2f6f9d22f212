//! What everything else stands on: time, chance, ids, errors, configuration, secrets, the database and the unit of work.
//! Knows nothing of people, reminders or messengers.

pub mod bell;
pub mod chance;
pub mod changes;
pub mod clock;
pub mod config;
pub mod db;
pub mod errors;
pub mod ids;
pub mod kept;
pub mod page;
pub mod presence;
pub mod rows;
pub mod secrets;
pub mod writing;
