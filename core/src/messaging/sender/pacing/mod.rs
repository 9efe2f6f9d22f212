//! How fast a messenger may be spoken to: evenly spread, so that an answer to a person never waits behind a burst, and so that no
//! second, wherever it begins, holds more than the limit.
//!
//! When a message arrives at the other side is not known: some time between leaving here and its answer. So what is in flight, and
//! whatever was answered less than a second ago, counts as sent in this very second. Late or early travel cannot break the limit.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};

use chrono::TimeDelta;

use crate::foundation::clock::Timestamp;

/// The spacing is this much wider than the limit, so that the count of the last second hardly ever has to hold one back.
const MARGIN: f64 = 1.01;
/// How far a sender that was late may catch up; timers are no finer than a few milliseconds.
const SLACK: TimeDelta = TimeDelta::milliseconds(40);
/// The clocks of two machines do not run equally fast.
const ROUNDING: TimeDelta = TimeDelta::milliseconds(2);

/// The pace of one bot or chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Between two messages.
    spacing: TimeDelta,
    /// At most so many…
    limit: usize,
    /// … in this time.
    span: TimeDelta,
}

impl Pace {
    /// At most `rate` messages in any second; 0 means no limit.
    pub fn per_second(rate: f64) -> Self {
        if rate <= 0.0 {
            return Self { spacing: TimeDelta::zero(), limit: usize::MAX, span: TimeDelta::zero() };
        }
        let span = seconds((1.0 / rate).max(1.0)) + ROUNDING;
        Self { spacing: seconds(MARGIN / rate), limit: whole(rate).max(1), span }
    }

    /// Whether there is a limit.
    pub fn is_limited(&self) -> bool {
        !self.spacing.is_zero()
    }

    /// The time in which an earlier message counts; zero without a limit.
    pub fn span(&self) -> TimeDelta {
        self.span
    }
}

/// What was sent by one bot.
#[derive(Debug, Clone)]
pub struct Meter {
    pace: Pace,
    /// When the next message is due if all keep the spacing.
    due: Timestamp,
    in_flight: usize,
    /// When those that came back were answered, as long as they count.
    answered: VecDeque<Timestamp>,
}

impl Meter {
    /// Nothing may be sent before `from`.
    pub fn starting(pace: Pace, from: Timestamp) -> Self {
        Self { pace, due: from + SLACK, in_flight: 0, answered: VecDeque::new() }
    }

    /// The earliest moment of the next message; `None` while only an answer can make room for it.
    pub fn next(&self) -> Option<Timestamp> {
        if !self.pace.is_limited() {
            return Some(Timestamp::UNIX_EPOCH);
        }
        let free = self.pace.limit.checked_sub(self.in_flight)?;
        // So many of the answered ones must have left the last second.
        let surplus = (self.answered.len() + 1).saturating_sub(free);
        let room = match surplus.checked_sub(1) {
            None => self.due - SLACK,
            Some(last) => *self.answered.get(last)? + self.pace.span,
        };
        Some(room.max(self.due - SLACK))
    }

    /// How many messages may leave from `now` until `until`, as far as is known now.
    pub fn room(&self, now: Timestamp, until: Timestamp) -> usize {
        if !self.pace.is_limited() {
            return usize::MAX;
        }
        let Some(next) = self.next().filter(|next| *next <= until) else { return 0 };
        let micros = |time: TimeDelta| time.num_microseconds().unwrap_or(i64::MAX).max(1);
        // Whoever was late does not catch up more than the slack.
        let from = self.due.max(next.max(now)) - SLACK;
        let more = usize::try_from((until - from).num_microseconds().unwrap_or(0) / micros(self.pace.spacing));
        let counted = self.in_flight + self.answered.iter().filter(|at| **at + self.pace.span > until).count();
        (1 + more.unwrap_or_default()).min(self.pace.limit.saturating_sub(counted))
    }

    /// Counts a message that leaves at `now`.
    pub fn launched(&mut self, now: Timestamp) {
        if !self.pace.is_limited() {
            return;
        }
        while self.answered.front().is_some_and(|at| *at + self.pace.span <= now) {
            self.answered.pop_front();
        }
        self.due = self.due.max(now) + self.pace.spacing;
        self.in_flight += 1;
    }

    /// Counts the answer to a message, which came at `now`.
    pub fn landed(&mut self, now: Timestamp) {
        if self.pace.is_limited() {
            self.in_flight = self.in_flight.saturating_sub(1);
            let last = self.answered.back().copied().unwrap_or(now);
            self.answered.push_back(last.max(now));
        }
    }

    /// The clock was set back: what was counted stays as long ago as it was.
    pub fn set_back(&mut self, by: TimeDelta) {
        self.due -= by;
        self.answered.iter_mut().for_each(|at| *at -= by);
    }
}

/// What was sent to each chat. One at a time is in flight, so only answers need counting.
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

    /// Counts the answer to a message to `chat`, which came at `now`.
    pub fn landed(&mut self, chat: &str, now: Timestamp) {
        if self.pace.is_limited() {
            self.free_at.insert(chat.to_owned(), now + self.pace.span);
        }
    }

    /// The clock was set back.
    pub fn set_back(&mut self, by: TimeDelta) {
        self.free_at.values_mut().for_each(|at| *at -= by);
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

fn whole(rate: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; rates are not negative")]
    let whole = rate.floor() as usize;
    whole
}
