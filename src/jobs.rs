//! Periodic jobs of the rooms that stand below the scheduler.

use std::sync::Arc;

use async_trait::async_trait;
use opora_core::{
    App,
    foundation::errors::Failure,
    messaging::{cleanup::Cleanup, delivery::standstill::Watch, downtime::SignOfLife},
    patronage::{
        duties::{SendDigest, WakeUpInactive, WriteActivity},
        exports::ForgetExports,
        import::ForgetImports,
        privacy::EraseOverdue,
        summary::Tally,
    },
    people::{places, sessions, sign_in, throttle},
    schedule::periodic::Job,
};

/// All jobs of the installation.
pub fn all() -> Vec<Arc<dyn Job>> {
    vec![
        Arc::new(SignOfLife::default()),
        Arc::new(Watch),
        Arc::new(Tally),
        Arc::new(WakeUpInactive),
        Arc::new(WriteActivity),
        Arc::new(SendDigest),
        Arc::new(Cleanup),
        Arc::new(ForgetVisitors),
        Arc::new(EraseOverdue),
        Arc::new(ForgetExports),
        Arc::new(ForgetImports),
    ]
}

/// Deletes sessions that are over, counters of failed sign-ins that count no more, and places long not seen.
struct ForgetVisitors;

#[async_trait]
impl Job for ForgetVisitors {
    fn name(&self) -> &'static str {
        "old sessions"
    }

    fn cron(&self) -> &'static str {
        "0 20 1 * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        sessions::clean(app).await?;
        sign_in::clean(app).await?;
        throttle::clean(app).await?;
        places::clean(app).await?;
        Ok(())
    }
}
