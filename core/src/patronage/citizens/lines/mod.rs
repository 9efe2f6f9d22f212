//! What sections that speak of many citizens say of each: «Отклонения», meetings.

mod store;

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::Activity;
use crate::{
    Work,
    foundation::{
        errors::StorageError,
        ids::{DistrictId, PersonId},
    },
    people::name::FullName,
};

/// People looked up by one statement.
const PEOPLE: usize = 500;

/// A citizen in a line of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitizenLine {
    /// The citizen.
    pub person: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// As stored (E.164).
    pub phone: String,
    /// The curator now.
    pub curator: Option<(PersonId, FullName)>,
    /// The district now.
    pub district: Option<DistrictId>,
    /// «Статус активности».
    pub activity: Activity,
    /// The zone in force.
    pub tz: Tz,
}

/// The lines of these people; deleted cards are left out. The caller has seen to it that they are in sight.
pub(in crate::patronage) async fn lines_of(
    work: &mut Work,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, CitizenLine>, StorageError> {
    let (house, now) = (work.app.config.time_zone, work.now);
    let mut lines = BTreeMap::new();
    for some in people.chunks(PEOPLE) {
        for row in store::list(&mut work.tx, some).await? {
            let line = row.into_line(house, now)?;
            lines.insert(line.person, line);
        }
    }
    Ok(lines)
}
