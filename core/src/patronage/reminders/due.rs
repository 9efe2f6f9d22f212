//! What comes due: one transaction claims a batch of series, writes their occurrences and messages and moves the cursors on.

use crate::{
    foundation::{clock::Timestamp, errors::Failure},
    work::App,
};

/// What one claim did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Claimed {
    /// Handed to the outbox.
    pub sent: usize,
    /// Curators' own reminders that fired.
    pub fired: usize,
    /// Not sent because the grace had passed (PT-D40).
    pub too_late: usize,
    /// Not sent for another reason: no link, blocked, no messenger in use.
    pub undelivered: usize,
    /// Whether more is due already.
    pub more: bool,
}

/// Claims at most `limit` due series, in order of due time.
pub async fn claim(app: &App, limit: u32) -> Result<Claimed, Failure> {
    let _ = (app, limit);
    todo!()
}

/// The next moment at which something comes due; it may have passed.
pub async fn next_moment(app: &App) -> Result<Option<Timestamp>, Failure> {
    let _ = app;
    todo!()
}

/// Writes each curator one letter about the reminders that were not sent because we were down (PT-D40). Returns the number
/// of letters.
pub async fn summarise_missed(app: &App) -> Result<usize, Failure> {
    let _ = app;
    todo!()
}
