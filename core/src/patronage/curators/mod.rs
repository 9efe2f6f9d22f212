//! «Соц. кураторы» (PT-047…PT-062): the administrator keeps them; deleted ones stay in history by their names.

mod directory;
mod form;
mod known;
mod store;

use serde_json::{Value, json};

pub use directory::Curators;
pub use form::CuratorForm;
pub use known::{Offered, choices};

use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        db::Tx,
        errors::{Complaints, Failure, Say, StorageError},
        ids::{DistrictId, PersonId, SubmissionId},
        page::{Cursor, PAGE_ROWS, Page},
    },
    patronage::{districts, reminders},
    people::{
        access::Action,
        accounts::of_curator as account,
        login::NewPassword,
        name::{FullName, search_key},
    },
};
use form::{Access, Draft};

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
    work.must(Action::ManageCurators)?;
    let found = store::page(&mut work.tx, cursor.as_ref(), PAGE_ROWS + 1).await?;
    let page = Page::of(found, PAGE_ROWS, cursor.as_ref(), |card| store::Place {
        name_key: search_key(&card.row.name.full()),
        id: card.row.id,
    });
    Ok(page.map(|card| card.row))
}

/// A curator's name, for the citizen; `None` when the curator was deleted.
pub async fn name_of(tx: &mut Tx, id: PersonId) -> Result<Option<FullName>, StorageError> {
    Ok(store::find(tx, id).await?.map(|card| card.row.name))
}

/// One card.
pub async fn get(work: &mut Work, id: PersonId) -> Result<CuratorCard, Failure> {
    work.must(Action::ManageCurators)?;
    store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)
}

/// Adds a curator (PT-055); the same submission twice adds one.
pub async fn create(work: &mut Work, form: &CuratorForm, submission: SubmissionId) -> Result<PersonId, Failure> {
    work.must(Action::ManageCurators)?;
    // The curator takes the form's number for an id: so the same form cannot make a second one.
    let id = PersonId(submission.0);
    if store::find(&mut work.tx, id).await?.is_some() {
        return Ok(id);
    }
    let mut complaints = Complaints::default();
    let district = district(work, form, None, &mut complaints).await?;
    let (draft, access) = form.parse(false, complaints)?;
    if !store::insert(&mut work.tx, id, &draft, district, work.now).await? {
        return Err(Failure::Stale);
    }
    if let Access { login: Some(login), password: Some(password) } = &access {
        account::open(work, id, login, password).await?;
    }
    note(work, "curator.created", id, audit::difference(&json!({}), &facts(&draft, district))).await?;
    Ok(id)
}

/// Changes a card (PT-059); a password that was typed too replaces the old one.
pub async fn change(work: &mut Work, id: PersonId, version: i64, form: &CuratorForm) -> Result<(), Failure> {
    work.must(Action::ManageCurators)?;
    let old = store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)?;
    let mut complaints = Complaints::default();
    let district = district(work, form, old.district_id, &mut complaints).await?;
    let (draft, access) = form.parse(old.row.login.is_some(), complaints)?;
    if !store::update(&mut work.tx, id, version, &draft, district).await? {
        return Err(Failure::Stale);
    }
    change_access(work, id, &access).await?;
    if district != old.district_id {
        // The curator's own reminders are read on the clocks of his district (PT-D29).
        let citizens = store::persons_of(&mut work.tx, id).await?;
        reminders::replan_own(work, &citizens).await?;
    }
    let changes = audit::difference(&facts_of(&old), &facts(&draft, district));
    note(work, "curator.changed", id, changes).await?;
    Ok(())
}

async fn change_access(work: &mut Work, id: PersonId, access: &Access) -> Result<(), Failure> {
    let Some(login) = &access.login else { return Ok(()) };
    match (account::find(work, id).await?, &access.password) {
        (Some((account, _)), password) => {
            account::rename_login(work, account, login).await?;
            if let Some(password) = password {
                account::set_password(work, account, password).await?;
            }
            Ok(())
        }
        (None, Some(password)) => account::open(work, id, login, password).await,
        (None, None) => Ok(()),
    }
}

/// The district of the form, unless the section is off: then the card keeps what it has (PT-054).
async fn district(
    work: &mut Work,
    form: &CuratorForm,
    kept: Option<DistrictId>,
    complaints: &mut Complaints,
) -> Result<Option<DistrictId>, StorageError> {
    if !work.app.config.sections.districts {
        return Ok(kept);
    }
    if form.district.is_empty() {
        return Ok(None);
    }
    let chosen = form.district.parse().ok();
    if let Some(chosen) = chosen
        && (Some(chosen) == kept || districts::is_choice(work, chosen).await?)
    {
        return Ok(Some(chosen));
    }
    complaints.add("district", Say::key("people-no-such-choice"));
    Ok(None)
}

/// Gives a curator a new password; his sessions end (PT-058).
pub async fn set_password(work: &mut Work, id: PersonId, new: &str, repeat: &str) -> Result<(), Failure> {
    work.must(Action::ManageCurators)?;
    store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)?;
    let password = NewPassword::parse(new, repeat).map_err(|say| Failure::invalid("new", say))?;
    let (account, _) = account::find(work, id).await?.ok_or_else(|| Failure::refused("curators-without-login"))?;
    account::set_password(work, account, &password).await
}

/// Whether a curator signs in with a second factor.
pub async fn has_second_factor(work: &mut Work, id: PersonId) -> Result<bool, Failure> {
    work.must(Action::ManageCurators)?;
    let Some((account, _)) = account::find(work, id).await? else { return Ok(false) };
    Ok(account::has_second_factor(work, account).await?)
}

/// A curator lost the device: the second factor is taken away and the sessions end.
pub async fn reset_second_factor(work: &mut Work, id: PersonId) -> Result<(), Failure> {
    work.must(Action::ManageCurators)?;
    store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)?;
    let (account, _) = account::find(work, id).await?.ok_or_else(|| Failure::refused("curators-without-login"))?;
    let is_reset = account::reset_second_factor(work, account).await?;
    if is_reset { Ok(()) } else { Err(Failure::refused("second-factor-none")) }
}

/// Deletes a curator; with citizens it is refused: `curators-has-citizens` with their `number` (PT-060, PT-061).
pub async fn delete(work: &mut Work, id: PersonId) -> Result<(), Failure> {
    work.must(Action::ManageCurators)?;
    // The curator's row is held first: a card saved at the same moment is either counted here or finds no curator (PT-D10).
    if !hold(work, id).await? {
        return Err(Failure::NotFound);
    }
    let citizens = store::citizens_of(&mut work.tx, id).await?;
    if citizens > 0 {
        return Err(Failure::Refused(Say::key("curators-has-citizens").number("number", citizens)));
    }
    store::delete(&mut work.tx, id, work.now).await?;
    if let Some((account, _)) = account::find(work, id).await? {
        account::close(work, account).await?;
    }
    note(work, "curator.deleted", id, json!({})).await?;
    Ok(())
}

/// How many active curators get no letters because they have no address (PT-D04).
pub async fn without_email(work: &mut Work) -> Result<i64, Failure> {
    work.must(Action::ChangeSettings)?;
    Ok(store::count_without_email(&mut work.tx).await?)
}

/// Holds an active curator against deletion until the work ends; `false` when there is none.
pub(super) async fn hold(work: &mut Work, id: PersonId) -> Result<bool, StorageError> {
    store::hold(&mut work.tx, id).await
}

/// The district of a curator, for new cards (PT-079).
pub(super) async fn district_of(work: &mut Work, id: PersonId) -> Result<Option<DistrictId>, StorageError> {
    Ok(store::find(&mut work.tx, id).await?.and_then(|card| card.district_id))
}

async fn note(work: &mut Work, action: &'static str, id: PersonId, changes: Value) -> Result<(), StorageError> {
    audit::note(work, Entry { action, subject: "curator", subject_id: Some(id.0), changes }).await
}

fn facts(draft: &Draft, district: Option<DistrictId>) -> Value {
    json!({
        "name": draft.name.full(),
        "email": draft.email.as_ref().map(super::super::people::contact::Email::as_str),
        "phone": draft.phone.as_ref().map(super::super::people::contact::Phone::as_str),
        "telegram_name": draft.telegram_name.as_ref().map(super::super::people::telegram_name::TelegramName::as_str),
        "district": district,
    })
}

fn facts_of(card: &CuratorCard) -> Value {
    json!({
        "name": card.row.name.full(),
        "email": card.row.email,
        "phone": card.row.phone,
        "telegram_name": card.telegram_name,
        "district": card.district_id,
    })
}
