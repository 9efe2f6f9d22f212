//! How fast a messenger may be spoken to: evenly spread, so that no second, wherever it begins, holds more than the limit.

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::foundation::clock::Timestamp;

/// Messages travel unevenly fast, so the other side may see them nearer together than they left: keep this much below the limit.
const MARGIN: f64 = 1.05;
/// How far a sender that was late may catch up; timers are no finer than a few milliseconds.
const SLACK_SECONDS: f64 = 0.04;

/// The pace of one bot or chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    spacing: TimeDelta,
    slack: TimeDelta,
}

impl Pace {
    /// At most `rate` messages in any second; 0 means no limit.
    pub fn per_second(rate: f64) -> Self {
        if rate <= 0.0 {
            return Self { spacing: TimeDelta::zero(), slack: TimeDelta::zero() };
        }
        let spacing = MARGIN / rate;
        Self { spacing: seconds(spacing), slack: seconds((SLACK_SECONDS - spacing).max(0.0)) }
    }

    /// Whether there is a limit.
    pub fn is_limited(&self) -> bool {
        !self.spacing.is_zero()
    }

    /// The time between two messages; zero without a limit.
    pub fn spacing(&self) -> TimeDelta {
        self.spacing
    }
}

/// What was sent by one bot.
#[derive(Debug, Clone, Copy)]
pub struct Meter {
    pace: Pace,
    /// When the next message is due if all keep the spacing.
    due: Timestamp,
}

impl Meter {
    /// Nothing may be sent before `from`.
    pub fn starting(pace: Pace, from: Timestamp) -> Self {
        Self { pace, due: from + pace.slack }
    }

    /// The earliest moment of the next message.
    pub fn next(&self) -> Timestamp {
        self.due - self.pace.slack
    }

    /// Counts a message sent at `now`.
    pub fn count(&mut self, now: Timestamp) {
        self.due = self.due.max(now) + self.pace.spacing;
    }
}

/// What was sent to each chat.
#[derive(Debug, Clone)]
pub struct ChatMeters {
    pace: Pace,
    free_at: HashMap<String, Timestamp>,
}

impl ChatMeters {
    /// No chat has been written to.
    pub fn new(pace: Pace) -> Self {
        Self { pace, free_at: HashMap::new() }
    }

    /// Counts a message sent to `chat` at `now`.
    pub fn count(&mut self, chat: &str, now: Timestamp) {
        if self.pace.is_limited() {
            self.free_at.insert(chat.to_owned(), now + self.pace.spacing);
        }
    }

    /// The chats that must still rest, and when the first of them may be written to again.
    pub fn resting(&mut self, now: Timestamp) -> (Vec<&str>, Option<Timestamp>) {
        self.free_at.retain(|_, free_at| *free_at > now);
        (self.free_at.keys().map(String::as_str).collect(), self.free_at.values().min().copied())
    }
}

fn seconds(seconds: f64) -> TimeDelta {
    // A pace is at most a few days and never negative, so the saturating conversion is exact enough.
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    let micros = (seconds * 1e6).ceil() as i64;
    TimeDelta::microseconds(micros)
}
