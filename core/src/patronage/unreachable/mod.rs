//! Citizens whom no message reaches: they blocked every bot, or were never connected and their code has ended. For the
//! administrator's «Доставка».

mod store;

use std::{fmt, str::FromStr};

use chrono::DateTime;
use uuid::Uuid;

use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::Failure,
        ids::PersonId,
        page::{Cursor, Direction, NotACursor, Page},
    },
    people::{access::Action, name::FullName},
};

/// People on one page.
const PEOPLE_A_PAGE: usize = 25;

/// Why nothing reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Why {
    /// Every bot is blocked (PT-D17).
    #[default]
    Blocked,
    /// No messenger was ever connected, and the activation code has ended.
    NotConnected,
}

/// Somebody whom no message reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// Who.
    pub person: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// The telephone number.
    pub phone: Option<String>,
    /// The curator.
    pub curator: Option<FullName>,
    /// Since when.
    pub since: Timestamp,
}

/// A place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    since: Timestamp,
    person: PersonId,
}

/// Citizens whom no message reaches, the latest first.
pub async fn list(work: &mut Work, why: Why, cursor: Option<Cursor>) -> Result<Page<Unreachable>, Failure> {
    work.must(Action::HandleDelivery)?;
    let place = cursor.as_ref().and_then(Cursor::key::<Place>);
    let cursor = cursor.filter(|_| place.is_some());
    let is_back = cursor.as_ref().is_some_and(|cursor| cursor.direction() == Direction::Before);
    let now = work.now;
    let place = place.unwrap_or(Place { since: now, person: PersonId(Uuid::max()) });
    let found = store::list(&mut work.tx, why, place, is_back, (PEOPLE_A_PAGE + 1, now)).await?;
    Ok(Page::of(found, PEOPLE_A_PAGE, cursor.as_ref(), |it| Place { since: it.since, person: it.person }))
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}", self.since.timestamp_micros(), self.person)
    }
}

impl FromStr for Place {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (micros, person) = text.split_once('|').ok_or(NotACursor)?;
        let since = micros.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or(NotACursor)?;
        Ok(Self { since, person: person.parse().map_err(|_| NotACursor)? })
    }
}
