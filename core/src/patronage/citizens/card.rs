//! The card and who may see it.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{Activity, store};
use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::{Failure, StorageError},
        ids::{DistrictId, GroupId, PersonId},
        page::Choice,
    },
    people::{
        access::{Action, Author, Sight},
        name::FullName,
    },
};

/// The card.
#[derive(Debug, Clone, PartialEq)]
pub struct CitizenCard {
    /// The citizen.
    pub id: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// «Дата рождения».
    pub birth_date: Option<NaiveDate>,
    /// «ИНН».
    pub inn: Option<String>,
    /// As stored (E.164).
    pub phone: String,
    /// Mail address.
    pub email: Option<String>,
    /// «Соц. куратор».
    pub curator: Option<(PersonId, FullName)>,
    /// «Район».
    pub district: Option<(DistrictId, String)>,
    /// «Описание ситуации».
    pub situation: Option<String>,
    /// «Дневник».
    pub diary: Option<String>,
    /// «Статус активности».
    pub activity: Activity,
    /// «Особые группы».
    pub groups: Vec<Choice<GroupId>>,
    /// The citizen's own zone, if given.
    pub time_zone: Option<Tz>,
    /// The zone in force: the citizen's, else the district's, else the installation's.
    pub zone: Tz,
    /// Who made the card.
    pub created_by: Author,
    /// When.
    pub created_at: Timestamp,
    /// Guards against two people saving (PT-081).
    pub version: i64,
}

/// What the other rooms need of a citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitizenBrief {
    /// The citizen.
    pub person: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// As stored (E.164).
    pub phone: String,
    /// The curator now.
    pub curator: Option<PersonId>,
    /// The district now.
    pub district: Option<DistrictId>,
    /// The zone in force.
    pub tz: Tz,
}

/// One card; foreign ones answer [`Failure::NotFound`] (PT-281).
pub async fn card(work: &mut Work, id: PersonId) -> Result<CitizenCard, Failure> {
    let sight = work.must(Action::ViewCitizens)?;
    seen(work, sight, id).await
}

/// The card of a citizen in sight.
pub(super) async fn seen(work: &mut Work, sight: Sight, id: PersonId) -> Result<CitizenCard, Failure> {
    let card = store::card(&mut work.tx, work.app.config.time_zone, id, work.now).await?.ok_or(Failure::NotFound)?;
    let curator = card.curator.as_ref().map(|(id, _)| *id);
    if sight.covers(id, curator) { Ok(card) } else { Err(Failure::NotFound) }
}

/// Finds a citizen whom `sight` covers, else [`Failure::NotFound`].
pub async fn in_sight(work: &mut Work, sight: Sight, person: PersonId) -> Result<CitizenBrief, Failure> {
    let house = work.app.config.time_zone;
    let brief = of_person(&mut work.tx, house, person).await?.ok_or(Failure::NotFound)?;
    if sight.covers(person, brief.curator) { Ok(brief) } else { Err(Failure::NotFound) }
}

/// What the other rooms need of a citizen; `None` when there is none or it is deleted. `house` is the installation's zone.
pub async fn of_person(tx: &mut Tx, house: Tz, person: PersonId) -> Result<Option<CitizenBrief>, StorageError> {
    store::brief(tx, house, person).await
}

/// The zone in which a citizen's reminders are read (PT-D29). `house` is the installation's zone.
pub async fn zone_of(tx: &mut Tx, house: Tz, person: PersonId) -> Result<Tz, StorageError> {
    Ok(store::zone(tx, person).await?.unwrap_or(house))
}
