//! A clock that stands still until the test turns it.

use std::{future::Future, pin::Pin, sync::Arc};

use chrono::TimeDelta;
use opora_core::foundation::clock::{Clock, Timestamp, to_micros};
use tokio::sync::watch;

/// A clock that stands still until the test turns it; then it wakes whoever slept until that moment.
#[derive(Debug)]
pub struct FakeClock {
    now: watch::Sender<Timestamp>,
    sleepers: watch::Sender<Vec<Timestamp>>,
}

/// Reads `2026-03-10T06:00:00Z`.
pub(crate) fn moment(text: &str) -> Timestamp {
    let read = text.parse::<Timestamp>();
    to_micros(read.unwrap_or_else(|error| panic!("{text:?} is not a moment like 2026-03-10T06:00:00Z: {error}")))
}

impl FakeClock {
    /// A clock that shows `text`, such as `2026-03-10T06:00:00Z`.
    pub fn at(text: &str) -> Arc<Self> {
        Arc::new(Self { now: watch::Sender::new(moment(text)), sleepers: watch::Sender::new(Vec::new()) })
    }

    /// Turns the clock to `text`; backwards too, as an operator may: then everybody who sleeps wakes.
    pub fn turn_to(&self, text: &str) {
        self.now.send_replace(moment(text));
    }

    /// Turns the clock to this moment.
    pub fn set(&self, now: Timestamp) {
        self.now.send_replace(to_micros(now));
    }

    /// Turns the clock on.
    pub fn advance(&self, by: TimeDelta) {
        self.now.send_modify(|now| *now += by);
    }

    /// Turns the clock on by so many seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance(TimeDelta::seconds(seconds));
    }

    /// Turns the clock on to the next moment at which somebody wakes.
    pub fn goes_on(&self) {
        let now = *self.now.borrow();
        if let Some(alarm) = self.alarms().into_iter().find(|alarm| *alarm > now) {
            self.set(alarm);
        }
    }

    /// Waits (in real time) until somebody sleeps until exactly `at`: a worker that went to bed with the right alarm.
    pub async fn someone_sleeps_until(&self, at: Timestamp) {
        let mut sleepers = self.sleepers.subscribe();
        sleepers.wait_for(|moments| moments.contains(&at)).await.expect("the sender lives in self");
    }

    /// Waits (in real time) until somebody sleeps until `at` or an earlier moment.
    pub async fn someone_sleeps_at_most_until(&self, at: Timestamp) {
        let mut sleepers = self.sleepers.subscribe();
        sleepers.wait_for(|moments| moments.iter().any(|it| *it <= at)).await.expect("the sender lives in self");
    }

    /// The moments until which somebody sleeps now, earliest first.
    pub fn alarms(&self) -> Vec<Timestamp> {
        let mut alarms = self.sleepers.borrow().clone();
        alarms.sort_unstable();
        alarms
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    fn sleep_until(&self, at: Timestamp) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            let mut now = self.now.subscribe();
            let mut seen = *now.borrow_and_update();
            if seen >= at {
                return;
            }
            let _alarm = Alarm::set(self, at);
            let is_time = |now: &Timestamp| {
                let was_set_back = *now < seen;
                seen = *now;
                was_set_back || *now >= at
            };
            now.wait_for(is_time).await.expect("the sender lives in self");
        })
    }
}

/// Notes a sleeper, also when it is dropped before it woke.
struct Alarm<'a> {
    clock: &'a FakeClock,
    at: Timestamp,
}

impl<'a> Alarm<'a> {
    fn set(clock: &'a FakeClock, at: Timestamp) -> Self {
        clock.sleepers.send_modify(|moments| moments.push(at));
        Self { clock, at }
    }
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        self.clock.sleepers.send_modify(|moments| {
            if let Some(index) = moments.iter().position(|moment| *moment == self.at) {
                moments.swap_remove(index);
            }
        });
    }
}
