//! Nightly cleanup of what was sent and received long ago.

use async_trait::async_trait;
use chrono::TimeDelta;

use super::{forget, inbox, outbox, sender::incidents};
use crate::{App, foundation::errors::Failure, people::access::Actor, schedule::periodic::Job};

/// How long sent messages are kept: long enough to answer a question about last quarter.
const OUTBOX_LIFE: TimeDelta = TimeDelta::days(90);
/// How long it is known what went unusually with a reminder.
const INCIDENT_LIFE: TimeDelta = TimeDelta::days(400);
/// How long updates are kept: messengers repeat them for a day at most.
const INBOX_LIFE: TimeDelta = TimeDelta::days(14);
/// Rows in one transaction, so that nobody waits for the cleanup.
const BATCH: i64 = 1000;

/// The job.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cleanup;

#[async_trait]
impl Job for Cleanup {
    fn name(&self) -> &'static str {
        "messaging cleanup"
    }

    fn cron(&self) -> &'static str {
        "0 40 1 * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        loop {
            let mut work = app.begin(Actor::System).await?;
            let mut deleted = outbox::store::clean(&mut work.tx, work.now - OUTBOX_LIFE, BATCH).await?;
            deleted += incidents::clean(&mut work.tx, work.now - INCIDENT_LIFE, BATCH).await?;
            let before = work.now - INBOX_LIFE;
            deleted += inbox::clean(&mut work, before, BATCH).await?;
            deleted += forget::clean_web_chats(&mut work, BATCH).await?;
            work.commit().await?;
            if deleted == 0 {
                return Ok(());
            }
        }
    }
}
