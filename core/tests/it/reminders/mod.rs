//! The room of reminders: planning, coming due, answering, changing.

mod answers;
mod calendar;
mod changing;
mod due;
pub(crate) mod kit;
mod machine;
mod planning;
mod time_zones;
