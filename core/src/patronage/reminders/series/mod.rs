//! A series and its cursor: which occurrence comes next and when it must be handed over.

pub(super) mod store;

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::{exclusions::Exclusions, kind::Kind, upcoming::Line};
use crate::{
    foundation::{
        clock::Timestamp,
        ids::{PersonId, SeriesId},
    },
    schedule::{local_time::moment_of, recurrence::Recurrence},
};

/// «Напоминание (задание)»: a rule with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// Whose.
    pub person: PersonId,
    /// What changes of the rule look like.
    pub plan: Plan,
    /// The next occurrence to come due.
    pub cursor: Option<Cursor>,
    /// Guards against changes of somebody else (PT-081).
    pub version: i64,
    /// When the rest of it was deleted.
    pub ended_at: Option<Timestamp>,
}

/// What a form says: everything that a curator decides about a series except its exclusions.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// «Тип задания».
    pub kind: Kind,
    /// «Описание задания».
    pub text: String,
    /// The dates.
    pub rule: Recurrence,
    /// «Время напоминания», on the wall clock.
    pub time: NaiveTime,
    /// «Напомнить заранее», minutes; 0 for all kinds but meetings.
    pub advance: u16,
}

/// The next occurrence of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Its number.
    pub ordinal: u32,
    /// Its local date.
    pub date: NaiveDate,
    /// When it must be handed over: its moment minus the advance notice.
    pub due_at: Timestamp,
}

/// The zones in which a citizen's series are read (PT-D29).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zones {
    /// Of what the citizen gets.
    pub citizen: Tz,
    /// Of the curator's own reminders.
    pub curator: Tz,
}

impl Zones {
    /// The zone in which a series of this kind is read.
    pub fn of(self, kind: Kind) -> Tz {
        if kind.is_for_citizen() { self.citizen } else { self.curator }
    }
}

impl Plan {
    /// The moment of the event on `date`.
    pub fn moment(&self, date: NaiveDate, zone: Tz) -> Timestamp {
        moment_of(date, self.time, zone)
    }

    /// When the occurrence of `date` must be handed over.
    pub fn due_at(&self, date: NaiveDate, zone: Tz) -> Timestamp {
        self.moment(date, zone) - TimeDelta::minutes(i64::from(self.advance))
    }

    /// The first occurrence from `start` on that is neither excluded nor `taken` (sent, detached or deleted before).
    pub fn cursor_from(
        &self,
        start: Option<(u32, NaiveDate)>,
        exclusions: &Exclusions,
        taken: &BTreeSet<u32>,
        zone: Tz,
    ) -> Option<Cursor> {
        let mut next = start;
        while let Some((ordinal, date)) = next {
            if let Some(last) = exclusions.suspended_until(date) {
                next = last.succ_opt().and_then(|day| self.rule.first_on_or_after(day));
            } else if taken.contains(&ordinal) {
                next = self.rule.after(ordinal);
            } else {
                return Some(Cursor { ordinal, date, due_at: self.due_at(date, zone) });
            }
        }
        None
    }

    /// How the occurrence of `date` reads.
    pub fn line(&self, date: NaiveDate) -> Line {
        Line { date, time: self.time, kind: self.kind, text: self.text.clone() }
    }
}
