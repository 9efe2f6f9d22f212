//! «Районы» (PT-227…PT-232): places with, perhaps, their own time zone.

mod store;

use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::json;

pub use store::District;

use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, Say, StorageError},
        ids::{DistrictId, SubmissionId},
        page::Choice,
    },
    patronage::{
        named::{self, DISTRICTS},
        reminders,
    },
    people::access::Action,
};

/// The form of a district, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct DistrictForm {
    /// «Наименование района».
    pub name: String,
    /// Name of its own time zone; empty is the installation's.
    pub time_zone: String,
}

/// Districts to choose from, in the order of creation (PT-D07); retired ones are left out (PT-D09).
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<DistrictId>>, Failure> {
    work.must(Action::ViewCitizens)?;
    Ok(named::choices(work, &DISTRICTS).await?)
}

/// The list in the order of creation, narrowed to names that hold `part` (PT-227, PT-228).
pub async fn list(work: &mut Work, part: &str) -> Result<Vec<District>, Failure> {
    work.must(Action::ManageLists)?;
    let mut districts = store::list(&mut work.tx).await?;
    districts.retain(|district| named::holds(&district.name, part));
    Ok(districts)
}

/// One district.
pub async fn get(work: &mut Work, id: DistrictId) -> Result<District, Failure> {
    work.must(Action::ManageLists)?;
    store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)
}

/// Adds a district without a time zone of its own; an equal name is refused (PT-231).
pub async fn create(work: &mut Work, name: &str) -> Result<DistrictId, Failure> {
    let submission = SubmissionId::draw(work.now, &*work.app.chance);
    add(work, &DistrictForm { name: name.to_owned(), time_zone: String::new() }, submission).await
}

/// Adds the district of a form (PT-229); the same submission twice adds one.
pub async fn add(work: &mut Work, form: &DistrictForm, submission: SubmissionId) -> Result<DistrictId, Failure> {
    work.must(Action::ManageLists)?;
    let zone = zone(form)?;
    // The district takes the form's number for an id: so the same form cannot make a second one.
    let id = named::add(work, &DISTRICTS, submission.0, &form.name).await?;
    set_zone(work, id, zone).await?;
    Ok(id)
}

/// «Изменить» (PT-230). Another time zone moves the reminders of those who have none of their own.
pub async fn change(work: &mut Work, id: DistrictId, form: &DistrictForm) -> Result<(), Failure> {
    work.must(Action::ManageLists)?;
    let zone = zone(form)?;
    named::rename(work, &DISTRICTS, id.0, &form.name).await?;
    set_zone(work, id, zone).await
}

/// The operator takes the district called `name` out of the choices; cards that have it keep it (PT-D09).
pub async fn retire(work: &mut Work, name: &str) -> Result<(), Failure> {
    work.must(Action::ManageGroups)?;
    let id = named::named(work, &DISTRICTS, name).await?;
    named::retire(work, &DISTRICTS, id).await
}

/// Whether a card may be given this district: it is there and not retired.
pub(super) async fn is_choice(work: &mut Work, id: DistrictId) -> Result<bool, StorageError> {
    named::is_choice(work, &DISTRICTS, id.0).await
}

fn zone(form: &DistrictForm) -> Result<Option<Tz>, Failure> {
    let wrong = |_| Failure::invalid("time_zone", Say::key("citizens-wrong-zone"));
    if form.time_zone.is_empty() { Ok(None) } else { form.time_zone.parse().map(Some).map_err(wrong) }
}

async fn set_zone(work: &mut Work, id: DistrictId, zone: Option<Tz>) -> Result<(), Failure> {
    let old = store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)?.time_zone;
    let new = zone.map(Tz::name);
    if old.as_deref() == new {
        return Ok(());
    }
    store::set_zone(&mut work.tx, id, new).await?;
    let changes = json!({ "time_zone": { "old": old, "new": new } });
    let entry = Entry { action: "district.changed", subject: "district", subject_id: Some(id.0), changes };
    audit::note(work, entry).await?;
    reminders::replan_district(work, id).await
}
