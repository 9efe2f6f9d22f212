//! Counters against guessing, kept in the database so that a restart forgets nothing (PT-019, PT-090).

mod store;

use chrono::TimeDelta;

use crate::{
    App, Work,
    foundation::{clock::Timestamp, errors::StorageError},
};

/// How many failures are borne, and what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Failures that bring the refusal.
    pub failures: i64,
    /// Within how much time they count together.
    pub window: TimeDelta,
    /// How long the first refusal lasts.
    pub refusal: TimeDelta,
    /// The longest refusal; each further one lasts twice the one before, up to this.
    pub longest: TimeDelta,
}

/// Sign-ins with one login (PT-019).
pub const LOGIN: Rule = Rule::steady(10, TimeDelta::minutes(15));
/// Sign-ins from one network address (PT-019).
pub const ADDRESS: Rule = Rule::steady(50, TimeDelta::minutes(15));
/// Activation codes from one messenger account (PT-090).
pub const ACTIVATION: Rule = Rule {
    failures: 5,
    window: TimeDelta::minutes(15),
    refusal: TimeDelta::minutes(30),
    longest: TimeDelta::hours(24),
};
/// Activation codes in the whole installation: no refusal, an alarm and slower answers (PT-D14).
pub const INSTALLATION: Rule = Rule::steady(200, TimeDelta::hours(1));

impl Rule {
    const fn steady(failures: i64, window: TimeDelta) -> Self {
        Self { failures, window, refusal: window, longest: window }
    }

    fn refusal_after(&self, strikes: i64) -> TimeDelta {
        let doublings = u32::try_from(strikes.clamp(0, 16)).unwrap_or_default();
        (self.refusal * 2_i32.pow(doublings)).min(self.longest)
    }
}

/// What is known of one subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counter {
    /// Failures in the window.
    pub failures: i64,
    /// When the window began.
    pub window_began: Timestamp,
    /// Until when everything is refused.
    pub refused_until: Option<Timestamp>,
    /// Refusals so far.
    pub strikes: i64,
}

/// Whether another try is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes.
    Open,
    /// Not for so many minutes (rounded up).
    Refused {
        /// Minutes to wait.
        minutes: i64,
    },
}

impl Counter {
    /// Whether another try is allowed at `now`.
    pub fn verdict(&self, now: Timestamp) -> Verdict {
        match self.refused_until {
            Some(until) if until > now => Verdict::Refused { minutes: ((until - now).num_seconds() + 59) / 60 },
            _ => Verdict::Open,
        }
    }

    /// The counter after one more failure; tells whether this one brought the refusal.
    #[must_use]
    pub fn after_failure(&self, rule: &Rule, now: Timestamp) -> (Self, bool) {
        let mut next = self.rested(rule, now);
        next.failures += 1;
        let is_last = next.failures >= rule.failures;
        if is_last {
            next.refused_until = Some(now + rule.refusal_after(next.strikes));
            next.strikes += 1;
        }
        (next, is_last)
    }

    /// What remains of it at `now`: old windows, ended refusals and, after a quiet day, strikes are forgotten.
    fn rested(&self, rule: &Rule, now: Timestamp) -> Self {
        let refusal_is_over = self.refused_until.is_some_and(|until| until <= now);
        let is_fresh = self.failures > 0 && now < self.window_began + rule.window && !refusal_is_over;
        let quiet_since = self.refused_until.unwrap_or(self.window_began);
        let strikes = if now >= quiet_since + FORGIVEN_AFTER { 0 } else { self.strikes };
        if is_fresh {
            Self { strikes, ..self.clone() }
        } else {
            Self { failures: 0, window_began: now, refused_until: None, strikes }
        }
    }
}

/// After so much quiet the next refusal is as short as the first.
const FORGIVEN_AFTER: TimeDelta = TimeDelta::hours(24);

/// Reads a counter.
pub async fn look(work: &mut Work, subject: &str) -> Result<Counter, StorageError> {
    Ok(store::find(&mut work.tx, subject).await?.unwrap_or_default())
}

/// Counts a failure; tells whether it was the one that brought the refusal.
pub async fn fail(work: &mut Work, subject: &str, rule: &Rule) -> Result<bool, StorageError> {
    store::lock(&mut work.tx, subject, work.now).await?;
    let counter = look(work, subject).await?;
    let (next, is_last) = counter.after_failure(rule, work.now);
    store::save(&mut work.tx, subject, &next).await?;
    Ok(is_last)
}

/// Counts a failure, unless everything is refused just now.
pub async fn fail_unless_refused(work: &mut Work, subject: &str, rule: &Rule) -> Result<Verdict, StorageError> {
    store::lock(&mut work.tx, subject, work.now).await?;
    let counter = look(work, subject).await?;
    let verdict = counter.verdict(work.now);
    if verdict == Verdict::Open {
        store::save(&mut work.tx, subject, &counter.after_failure(rule, work.now).0).await?;
    }
    Ok(verdict)
}

/// Takes one failure back that turned out to be none.
pub async fn pardon(work: &mut Work, subject: &str) -> Result<(), StorageError> {
    store::pardon(&mut work.tx, subject).await
}

/// Forgets everything about a subject.
pub async fn forget(work: &mut Work, subject: &str) -> Result<(), StorageError> {
    store::delete(&mut work.tx, subject).await
}

/// Periodic: drops counters that say nothing any more; tells how many.
pub async fn clean(app: &App) -> Result<u64, StorageError> {
    let mut tx = app.db.begin().await?;
    let dropped = store::delete_older(&mut tx, app.clock.now() - FORGIVEN_AFTER * 2).await?;
    tx.commit().await?;
    Ok(dropped)
}

#[cfg(test)]
mod tests;
