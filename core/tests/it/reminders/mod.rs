//! The room of reminders: planning, coming due, answering, changing.

mod answers;
mod calendar;
mod changing;
mod due;
pub(crate) mod kit;
mod lately;
mod load;
mod machine;
mod meetings;
mod planning;
mod time_zones;
