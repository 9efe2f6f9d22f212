//! Recurrence, local time, what is due, and the workers.

pub mod lease;
pub mod local_time;
pub mod periodic;
pub mod recurrence;
pub mod telegraph;
pub mod worker;
