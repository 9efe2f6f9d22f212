//! Activation codes and bot links (PT-082…PT-091, machines 3.1 and 3.2).

mod attempt;
mod codes;
mod links;
mod store;
mod types;

pub use attempt::{activate, answers_are_delayed, would_activate};
pub(super) use codes::{end, issue_first};
pub use codes::{extend, issue_missing, renew, state_of};
pub use links::{link_of, live_links, mark_blocked, mark_unblocked};
pub use types::{Activated, Activation, Link, LinkRow, LinkState};
