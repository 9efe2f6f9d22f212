//! What the sender has to do at which moment even if nobody calls.

use chrono::TimeDelta;

use crate::foundation::clock::Timestamp;

/// A clock that goes back further was not merely adjusted.
const SET_BACK: TimeDelta = TimeDelta::seconds(1);
/// How often the length of the queue is measured.
const MEASURE_EVERY: TimeDelta = TimeDelta::seconds(5);
/// After the ledger failed it is left alone so long.
const AFTER_A_FAILURE: TimeDelta = TimeDelta::seconds(1);

/// The moments a sender keeps to.
pub struct Agenda {
    /// The latest moment seen: the clock may be set back.
    pub seen: Timestamp,
    /// The database may hold rows to take.
    pub look: bool,
    /// There are new ones, perhaps answers to people.
    pub is_called: bool,
    /// What of the silence is still to be written down.
    pub silent_until: Option<Timestamp>,
    /// The clock was set back, and rows still keep to the old time.
    pub was_set_back: bool,
    /// Nothing is handed over before.
    quiet_until: Option<Timestamp>,
    /// Look again then.
    look_at: Option<Timestamp>,
    /// The ledger failed: not before.
    write_at: Option<Timestamp>,
    /// Look at the database then even if nobody calls.
    poll_at: Timestamp,
    poll_every: TimeDelta,
    measured_at: Option<Timestamp>,
}

impl Agenda {
    /// That of a sender which has done nothing yet and is silent until then.
    pub fn starting(now: Timestamp, quiet_until: Option<Timestamp>, poll_every: TimeDelta) -> Self {
        Self {
            seen: now,
            look: true,
            is_called: false,
            silent_until: None,
            was_set_back: false,
            quiet_until,
            look_at: None,
            write_at: None,
            poll_at: now,
            poll_every,
            measured_at: None,
        }
    }

    /// It is `now`: what was to wait until then waits no more. Tells how far the clock was set back, if it was.
    pub fn notice(&mut self, now: Timestamp) -> Option<TimeDelta> {
        let by = self.seen - now;
        let is_back = by > TimeDelta::zero();
        if is_back {
            self.set_back(by, now);
        }
        self.seen = now;
        for moment in [&mut self.quiet_until, &mut self.look_at, &mut self.write_at] {
            if moment.is_some_and(|at| at <= now) {
                *moment = None;
                self.look = true;
            }
        }
        if self.poll_at <= now {
            self.poll_at = now + self.poll_every;
            self.look = true;
        }
        is_back.then_some(by)
    }

    fn set_back(&mut self, by: TimeDelta, now: Timestamp) {
        for moment in [&mut self.quiet_until, &mut self.look_at, &mut self.write_at].into_iter().flatten() {
            *moment -= by;
        }
        self.poll_at -= by;
        self.measured_at = None;
        if by > SET_BACK {
            self.was_set_back = true;
            // A silence that was written down by the old time would last longer at the next start.
            self.silent_until = Some(self.quiet_until.unwrap_or(now));
        }
    }

    /// Hands nothing over before `until`.
    pub fn be_quiet_until(&mut self, until: Timestamp) {
        self.quiet_until = self.quiet_until.max(Some(until));
    }

    /// Until when nothing is handed over.
    pub fn quiet_until(&self) -> Option<Timestamp> {
        self.quiet_until
    }

    /// Somebody has put new rows in.
    pub fn call(&mut self) {
        (self.look, self.is_called) = (true, true);
    }

    /// What there is, is being looked at: again when a chat is free, or somebody calls.
    pub fn looks(&mut self, free_at: Option<Timestamp>) {
        (self.look, self.is_called) = (false, false);
        self.look_at = free_at;
        self.poll_at = self.seen + self.poll_every;
    }

    /// Looks again at `at`, if not earlier.
    pub fn look_again_at(&mut self, at: Option<Timestamp>) {
        self.look_at = [self.look_at, at].into_iter().flatten().min();
    }

    /// The ledger failed at `now`, so that these are still to be written down.
    pub fn ledger_failed(&mut self, now: Timestamp, silent_until: Option<Timestamp>, was_set_back: bool) {
        self.silent_until = self.silent_until.max(silent_until);
        self.was_set_back |= was_set_back;
        self.look = true;
        self.write_at = Some(now + AFTER_A_FAILURE);
    }

    /// Whether the ledger may be asked to write.
    pub fn may_write(&self) -> bool {
        self.write_at.is_none()
    }

    /// Whether the queue is to be measured, which is then done.
    pub fn is_time_to_measure(&mut self) -> bool {
        let is_time = self.measured_at.is_none_or(|at| self.seen - at >= MEASURE_EVERY);
        if is_time {
            self.measured_at = Some(self.seen);
        }
        is_time
    }

    /// When something is to be done; the sender itself would `launch` and `write` then.
    pub fn alarm(&self, launch: Option<Timestamp>, write: Option<Timestamp>) -> Timestamp {
        let write = write.map(|at| self.write_at.map_or(at, |not_before| at.max(not_before)));
        let measure = self.measured_at.map(|at| at + MEASURE_EVERY);
        [self.quiet_until, launch, write, self.write_at, self.look_at, measure]
            .into_iter()
            .flatten()
            .fold(self.poll_at, Timestamp::min)
    }
}
