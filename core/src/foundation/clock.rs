//! Time is a parameter: everything that needs "now" asks a [`Clock`], so tests can turn it.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// A moment in UTC with microseconds, which is what both databases keep.
pub type Timestamp = DateTime<Utc>;

/// A source of time.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, cut to microseconds.
    fn now(&self) -> Timestamp;

    /// Resolves when [`Clock::now`] has reached `at`, never earlier.
    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Shared handle to a clock.
pub type SharedClock = Arc<dyn Clock>;

/// Cuts a moment to microseconds, so that a value comes back from either database as it was.
pub fn to_micros(moment: Timestamp) -> Timestamp {
    moment.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(moment)
}

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the system's time")]
    fn now(&self) -> Timestamp {
        to_micros(Utc::now())
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            // Timers run on the monotonic clock; the wall clock may be set meanwhile, so look again before saying "now".
            while let Ok(left) = (at - self.now()).to_std() {
                if left.is_zero() {
                    return;
                }
                tokio::time::sleep(left.min(Duration::from_mins(1))).await;
            }
        })
    }
}
