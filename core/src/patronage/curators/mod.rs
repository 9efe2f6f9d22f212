//! «Соц. кураторы» (PT-047…PT-062).

use serde::Deserialize;

use crate::{
    Work,
    foundation::{
        errors::Failure,
        ids::{DistrictId, PersonId, SubmissionId},
        page::{Choice, Cursor, Page},
    },
    people::name::FullName,
};

/// The form of the card, ten fields in the order of PT-050, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the fields are called as on the form")]
pub struct CuratorForm {
    pub surname: String,
    pub name: String,
    pub patronymic: String,
    pub email: String,
    pub phone: String,
    pub telegram_name: String,
    pub district: String,
    pub login: String,
    pub password: String,
    pub password_repeat: String,
}

/// One line of the list (PT-048).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CuratorRow {
    /// The curator.
    pub id: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// «Район».
    pub district: Option<String>,
    /// As stored (E.164).
    pub phone: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Login; `None` without access.
    pub login: Option<String>,
}

/// The card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CuratorCard {
    /// The line of the list.
    pub row: CuratorRow,
    /// «Telegram username» without `@`.
    pub telegram_name: Option<String>,
    /// The district's id.
    pub district_id: Option<DistrictId>,
    /// Guards against two people saving.
    pub version: i64,
}

/// The list, by surname.
pub async fn list(work: &mut Work, cursor: Option<Cursor>) -> Result<Page<CuratorRow>, Failure> {
    todo!("{} {cursor:?}", work.now)
}

/// One card.
pub async fn get(work: &mut Work, id: PersonId) -> Result<CuratorCard, Failure> {
    todo!("{} {id}", work.now)
}

/// Adds a curator; the same submission twice adds one.
pub async fn create(work: &mut Work, form: &CuratorForm, submission: SubmissionId) -> Result<PersonId, Failure> {
    todo!("{} {form:?} {submission}", work.now)
}

/// Changes a card, except its password (PT-059).
pub async fn change(work: &mut Work, id: PersonId, version: i64, form: &CuratorForm) -> Result<(), Failure> {
    todo!("{} {id} {version} {form:?}", work.now)
}

/// Gives a curator a new password; his sessions end (PT-058).
pub async fn set_password(work: &mut Work, id: PersonId, new: &str, repeat: &str) -> Result<(), Failure> {
    todo!("{} {id} {new} {repeat}", work.now)
}

/// Deletes a curator without citizens (PT-060, PT-061).
pub async fn delete(work: &mut Work, id: PersonId) -> Result<(), Failure> {
    todo!("{} {id}", work.now)
}

/// Active curators to choose from, by name.
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<PersonId>>, Failure> {
    todo!("{}", work.now)
}
