//! «Статус активности» (machine 3.5).

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use serde_json::json;

use super::store;
use crate::{
    App, Work,
    audit::{self, Entry},
    foundation::{clock::Timestamp, errors::StorageError, ids::PersonId},
    people::access::Actor,
};

/// Citizens woken in one transaction.
const BATCH: i64 = 500;

/// Whether a citizen works actively.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Yes.
    Active,
    /// «Неактивный», without an end.
    Inactive,
    /// «неактивен до ДД.ММ.ГГГГ», the day included.
    InactiveUntil(NaiveDate),
}

impl Activity {
    /// What the stored marks mean on the local day `today`: a period that is over counts no more, even before the periodic
    /// job has taken the marks away.
    pub(super) fn on(today: NaiveDate, inactive: bool, until: Option<NaiveDate>) -> Self {
        match (inactive, until) {
            (false, _) => Self::Active,
            (true, None) => Self::Inactive,
            (true, Some(until)) if until < today => Self::Active,
            (true, Some(until)) => Self::InactiveUntil(until),
        }
    }

    /// The same for a citizen whose own or district's zone is stored as text; `house` is the installation's zone.
    pub(in crate::patronage) fn of(
        person: PersonId,
        zone: Option<&str>,
        house: Tz,
        now: Timestamp,
        (inactive, until): (bool, Option<NaiveDate>),
    ) -> Result<Self, StorageError> {
        let zone = store::parse_zone("persons", person, zone)?.unwrap_or(house);
        Ok(Self::on(today(now, zone), inactive, until))
    }

    /// Whether the mark «Неактивный» is set.
    pub fn is_inactive(self) -> bool {
        self != Self::Active
    }

    /// The last day of the period, if it has one.
    pub fn until(self) -> Option<NaiveDate> {
        match self {
            Self::InactiveUntil(date) => Some(date),
            Self::Active | Self::Inactive => None,
        }
    }
}

/// The local day at `now` in `zone`.
pub(super) fn today(now: Timestamp, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// Somebody whose period may be over.
pub(super) struct Sleeper {
    pub person: PersonId,
    pub until: NaiveDate,
    pub zone: Tz,
}

/// Periodic: ends «неактивен до» of everybody for whom the day after has begun (PT-074); tells how many.
pub async fn wake_up_inactive(app: &App) -> Result<u64, StorageError> {
    // Nowhere is it a later day than at UTC+14.
    let latest = (app.clock.now() + TimeDelta::hours(14)).date_naive();
    let mut woken = 0;
    let mut after = None;
    loop {
        let mut work = app.begin(Actor::System).await?;
        let sleepers = store::sleepers(&mut work.tx, app.config.time_zone, latest, after, BATCH).await?;
        for sleeper in &sleepers {
            if sleeper.until < today(work.now, sleeper.zone) {
                woken += wake(&mut work, sleeper).await?;
            }
        }
        work.commit().await?;
        match sleepers.last() {
            Some(last) => after = Some((last.until, last.person)),
            None => return Ok(woken),
        }
    }
}

async fn wake(work: &mut Work, sleeper: &Sleeper) -> Result<u64, StorageError> {
    let rows = store::wake(&mut work.tx, sleeper.person, sleeper.until).await?;
    if rows == 1 {
        let changes = json!({ "inactive_until": { "old": sleeper.until, "new": null } });
        let subject_id = Some(sleeper.person.0);
        let entry = Entry { action: "citizen.became-active", subject: "citizen", subject_id, changes };
        audit::note(work, entry).await?;
    }
    Ok(rows)
}
