//! Time is a parameter: everything that needs "now" asks a [`Clock`], so tests can turn it.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

/// A moment in UTC with microseconds, which is what both databases keep.
pub type Timestamp = DateTime<Utc>;

/// A source of time.
pub trait Clock: Send + Sync + 'static {
    /// The present moment, cut to microseconds.
    fn now(&self) -> Timestamp;

    /// Resolves when [`Clock::now`] has reached `at`; earlier only when the clock is set back meanwhile: then `at` was reckoned by
    /// a time that is no more, and whoever sleeps has to look what it wants now. Otherwise a clock that was an hour ahead would
    /// keep everybody in bed for an hour.
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
        Box::pin(sleep_by(|| self.now(), at, LOOK))
    }
}

/// How often a sleeper looks whether the clock was set.
const LOOK: Duration = Duration::from_secs(1);
/// A clock that is merely adjusted may lag so much behind the timers.
const DRIFT: TimeDelta = TimeDelta::milliseconds(500);

/// Sleeps as [`Clock::sleep_until`] promises, by a clock that shows `now` and may be set at any time: looks at it every `look`. Timers
/// run on the monotonic clock, which nobody sets.
pub async fn sleep_by(now: impl Fn() -> Timestamp, at: Timestamp, look: Duration) {
    let (began, timer) = (now(), Instant::now());
    let mut seen = began;
    while let Ok(left) = (at - seen).to_std()
        && !left.is_zero()
    {
        tokio::time::sleep(left.min(look)).await;
        seen = now();
        let passed = TimeDelta::from_std(timer.elapsed()).unwrap_or(TimeDelta::MAX);
        if seen - began < passed - DRIFT {
            return;
        }
    }
}
