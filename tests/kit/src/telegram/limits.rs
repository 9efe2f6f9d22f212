//! Telegram's limits: one message a second in a chat, thirty in all.

use std::collections::{HashMap, VecDeque};

use chrono::TimeDelta;
use opora_core::foundation::clock::Timestamp;

const PER_SECOND: usize = 30;

/// Clocks of two programs and the way between them differ a little.
const TOLERANCE: TimeDelta = TimeDelta::milliseconds(50);

/// Counts messages against the limits.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    are_enforced: bool,
    violations: usize,
    last_in_chat: HashMap<i64, Timestamp>,
    recent: VecDeque<Timestamp>,
}

impl Limits {
    pub(crate) fn enforce(&mut self) {
        self.are_enforced = true;
    }

    pub(crate) fn violations(&self) -> usize {
        self.violations
    }

    /// Whether a message to `chat` may pass now; a refused one does not count.
    pub(crate) fn allow(&mut self, chat: i64, now: Timestamp) -> bool {
        if !self.are_enforced {
            return true;
        }
        let second = TimeDelta::seconds(1) - TOLERANCE;
        while self.recent.front().is_some_and(|earlier| now - *earlier >= second) {
            self.recent.pop_front();
        }
        let chat_is_free = self.last_in_chat.get(&chat).is_none_or(|earlier| now - *earlier >= second);
        if self.recent.len() >= PER_SECOND || !chat_is_free {
            self.violations += 1;
            return false;
        }
        self.recent.push_back(now);
        self.last_in_chat.insert(chat, now);
        true
    }
}
