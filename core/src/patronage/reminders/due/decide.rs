//! What happens to a reminder that came due: one decision, no I/O.

use chrono::TimeDelta;

use crate::{
    foundation::clock::Timestamp,
    patronage::reminders::{kind::Kind, state::Reason},
};

/// Within the minute it was meant for a reminder is not late, also when the grace is 0.
const ON_TIME: TimeDelta = TimeDelta::minutes(1);

/// What is known at the due moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    /// What it is about.
    pub kind: Kind,
    /// When it was to be handed over.
    pub due_at: Timestamp,
    /// The moment of the event itself.
    pub moment: Timestamp,
    /// Whether the installation uses messengers at all.
    pub bot_is_on: bool,
    /// How the citizen can be reached.
    pub reach: Reachable,
}

/// How a citizen can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reachable {
    /// By at least one messenger.
    Yes,
    /// Every one is blocked.
    Blocked,
    /// None is connected.
    NotLinked,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Send it, not after `until`.
    Send {
        /// Say for when it was meant (PT-D40).
        is_late: bool,
        /// The end of the grace, or a meeting's beginning if that is later.
        until: Timestamp,
    },
    /// A curator's own reminder: fires however late.
    Fire,
    /// It cannot be sent.
    GiveUp(Reason),
}

/// Decides.
pub(super) fn decide(facts: &Facts, now: Timestamp, grace: TimeDelta) -> Verdict {
    if !facts.kind.is_for_citizen() {
        return Verdict::Fire;
    }
    if !facts.bot_is_on {
        return Verdict::GiveUp(Reason::NoChannel);
    }
    let until = facts.due_at + grace.max(ON_TIME);
    // A meeting is worth announcing until it begins.
    let until = if facts.kind == Kind::Meeting { until.max(facts.moment) } else { until };
    // Our own failure is named before anything that may be put down to the citizen.
    if now > until {
        return Verdict::GiveUp(Reason::TooLate);
    }
    match facts.reach {
        Reachable::NotLinked => Verdict::GiveUp(Reason::NotLinked),
        Reachable::Blocked => Verdict::GiveUp(Reason::BotBlocked),
        Reachable::Yes => Verdict::Send { is_late: facts.moment + ON_TIME <= now, until },
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    const NINE: i64 = 1_773_126_000;

    fn minute(after_nine: i64) -> Timestamp {
        DateTime::from_timestamp(NINE + after_nine * 60, 0).unwrap()
    }

    fn reminder() -> Facts {
        Facts { kind: Kind::Information, due_at: minute(0), moment: minute(0), bot_is_on: true, reach: Reachable::Yes }
    }

    fn meeting_at(minutes: i64, advance: i64) -> Facts {
        Facts { kind: Kind::Meeting, due_at: minute(minutes - advance), moment: minute(minutes), ..reminder() }
    }

    fn after(facts: &Facts, minutes: i64, grace: i64) -> Verdict {
        decide(facts, minute(minutes), TimeDelta::minutes(grace))
    }

    /// PT-D40
    #[test]
    fn a_reminder_is_sent_within_the_grace_and_never_after_it() {
        let send = |is_late| Verdict::Send { is_late, until: minute(120) };
        assert_eq!(after(&reminder(), 0, 120), send(false));
        assert_eq!(after(&reminder(), 1, 120), send(true));
        assert_eq!(after(&reminder(), 120, 120), send(true));
        assert_eq!(after(&reminder(), 121, 120), Verdict::GiveUp(Reason::TooLate));
    }

    /// PT-D40
    #[test]
    fn with_grace_zero_a_reminder_still_goes_in_its_own_minute() {
        assert_eq!(after(&reminder(), 0, 0), Verdict::Send { is_late: false, until: minute(1) });
        assert_eq!(after(&reminder(), 2, 0), Verdict::GiveUp(Reason::TooLate));
    }

    /// PT-D35, PT-D40
    #[test]
    fn a_meeting_is_announced_until_it_begins_however_late() {
        let meeting = meeting_at(600, 600);
        assert_eq!(after(&meeting, 599, 120), Verdict::Send { is_late: false, until: minute(600) });
        assert_eq!(after(&meeting, 601, 120), Verdict::GiveUp(Reason::TooLate));
        assert_eq!(after(&meeting_at(0, 0), 30, 120), Verdict::Send { is_late: true, until: minute(120) });
    }

    #[test]
    fn our_own_failure_is_named_before_the_citizens_missing_link() {
        let facts = Facts { reach: Reachable::NotLinked, ..reminder() };
        assert_eq!(after(&facts, 0, 120), Verdict::GiveUp(Reason::NotLinked));
        assert_eq!(after(&facts, 300, 120), Verdict::GiveUp(Reason::TooLate));
        let facts = Facts { reach: Reachable::Blocked, ..reminder() };
        assert_eq!(after(&facts, 0, 120), Verdict::GiveUp(Reason::BotBlocked));
    }

    /// PT-D18, PT-D40
    #[test]
    fn curators_own_reminders_always_fire() {
        let own = Facts { kind: Kind::CuratorReminder, bot_is_on: false, reach: Reachable::NotLinked, ..reminder() };
        assert_eq!(after(&own, 100_000, 0), Verdict::Fire);
        let facts = Facts { bot_is_on: false, ..reminder() };
        assert_eq!(after(&facts, 0, 120), Verdict::GiveUp(Reason::NoChannel));
    }
}
