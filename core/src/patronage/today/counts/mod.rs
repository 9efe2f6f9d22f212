//! How much of everything waits: for the menu, so one cheap statement.

mod store;

use super::Frame;
use crate::{Work, foundation::errors::Failure};

/// Nobody needs to know more exactly than this.
pub const AT_MOST: i64 = 100;

/// How much waits; each number is [`AT_MOST`] at most, except those of a single curator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Requests for contact that nobody has answered.
    pub contacts: i64,
    /// Those of them that are overdue (PT-211).
    pub overdue: i64,
    /// Own reminders of curators that fired and are not ticked.
    pub own_reminders: i64,
    /// Records of automatic rules.
    pub rules: i64,
    /// Files that nobody has processed.
    pub files: i64,
    /// Citizens with deviations of the last 72 hours.
    pub deviations: i64,
    /// Meetings of this day.
    pub meetings: i64,
}

impl Counts {
    /// What waits for a tick and is not a file: the number at «Сегодня».
    pub fn waiting(&self) -> i64 {
        self.contacts + self.own_reminders + self.rules
    }

    /// Unprocessed records of «Активность».
    pub fn activity(&self) -> i64 {
        self.waiting() + self.files
    }
}

/// How much waits for the reader.
pub async fn counts(work: &mut Work) -> Result<Counts, Failure> {
    let frame = Frame::of(work)?;
    within(work, &frame).await
}

pub(super) async fn within(work: &mut Work, frame: &Frame) -> Result<Counts, Failure> {
    let mut counts = store::counts(&mut work.tx, frame).await?;
    if !work.app.config.sections.deviations {
        counts.deviations = 0;
    }
    Ok(counts)
}
