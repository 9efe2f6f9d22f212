//! «Пользователи»: citizens' cards, their list and search (PT-063…PT-081, PT-256…PT-262).

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;

use crate::{
    App, Work,
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::{Failure, StorageError},
        ids::{DistrictId, GroupId, PersonId, SubmissionId},
        page::{Choice, Cursor, Page},
    },
    people::{access::Author, name::FullName},
};

/// The form of the card, as typed; empty ids mean "none".
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are called as on the form")]
pub struct CitizenForm {
    pub surname: String,
    pub name: String,
    pub patronymic: String,
    pub birth_date: String,
    pub inn: String,
    pub phone: String,
    pub email: String,
    pub curator: String,
    pub district: String,
    pub situation: String,
    pub diary: String,
    pub time_zone: String,
    pub inactive: bool,
    pub inactive_until: String,
    pub groups: Vec<GroupId>,
}

/// What the list is narrowed to; empty texts and `None` narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CitizenFilter {
    /// Parts of the name in any order (PT-257).
    pub name: String,
    /// Parts of «Описание ситуации» (PT-258).
    pub situation: String,
    /// «Район» (PT-259).
    pub district: Option<DistrictId>,
    /// «Соц. куратор» (PT-260).
    pub curator: Option<PersonId>,
    /// «Особая группа» (PT-247).
    pub group: Option<GroupId>,
}

/// «Статус активности» (machine 3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    /// Works actively.
    Active,
    /// «Неактивный», without an end.
    Inactive,
    /// «неактивен до ДД.ММ.ГГГГ», the day included.
    InactiveUntil(NaiveDate),
}

/// The bot as the list shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotState {
    /// Not connected yet.
    NotLinked,
    /// Messages can be sent.
    Linked,
    /// Stopped by the citizen.
    Blocked,
}

/// One line of the list (PT-256).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitizenRow {
    /// The citizen.
    pub id: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// As stored (E.164).
    pub phone: String,
    /// «Район».
    pub district: Option<String>,
    /// «Соц. куратор».
    pub curator: Option<FullName>,
    /// The bot's state.
    pub bot: BotState,
    /// «Статус активности».
    pub activity: Activity,
}

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

/// A card that was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registered {
    /// The citizen.
    pub person: PersonId,
    /// `false` when the same submission had made the card before.
    pub is_new: bool,
}

/// The list in the order of creation (PT-075).
pub async fn list(
    work: &mut Work,
    filter: &CitizenFilter,
    cursor: Option<Cursor>,
) -> Result<Page<CitizenRow>, Failure> {
    todo!("{} {filter:?} {cursor:?}", work.now)
}

/// One card; foreign ones answer [`Failure::NotFound`] (PT-281).
pub async fn card(work: &mut Work, id: PersonId) -> Result<CitizenCard, Failure> {
    todo!("{} {id}", work.now)
}

/// A new card. A similar one is refused with `citizens-similar` until it is `confirmed` (PT-080).
pub async fn register(
    work: &mut Work,
    form: &CitizenForm,
    submission: SubmissionId,
    confirmed: bool,
) -> Result<Registered, Failure> {
    todo!("{} {form:?} {submission} {confirmed}", work.now)
}

/// Changes a card; an outdated `version` answers [`Failure::Stale`] (PT-081).
pub async fn change(
    work: &mut Work,
    id: PersonId,
    version: i64,
    form: &CitizenForm,
    confirmed: bool,
) -> Result<(), Failure> {
    todo!("{} {id} {version} {form:?} {confirmed}", work.now)
}

/// The page of the whole list that holds this citizen; `None` is the first page (PT-D07).
pub async fn cursor_to(work: &mut Work, id: PersonId) -> Result<Option<Cursor>, Failure> {
    todo!("{} {id}", work.now)
}

/// What the other rooms need of a citizen; `None` when there is none or it is deleted. `house` is the installation's zone.
pub async fn of_person(tx: &mut Tx, house: Tz, person: PersonId) -> Result<Option<CitizenBrief>, StorageError> {
    todo!("{tx:?} {house} {person}")
}

/// The zone in which a citizen's reminders are read (PT-D29). `house` is the installation's zone.
pub async fn zone_of(tx: &mut Tx, house: Tz, person: PersonId) -> Result<Tz, StorageError> {
    todo!("{tx:?} {house} {person}")
}

/// Finds a citizen whom `sight` covers, else [`Failure::NotFound`].
pub async fn in_sight(
    work: &mut Work,
    sight: crate::people::access::Sight,
    person: PersonId,
) -> Result<CitizenBrief, Failure> {
    todo!("{} {sight:?} {person}", work.now)
}

/// Periodic: ends «неактивен до» of everybody for whom the day after has begun (PT-074); tells how many.
pub async fn wake_up_inactive(app: &App) -> Result<u64, StorageError> {
    todo!("{}", app.clock.now())
}
