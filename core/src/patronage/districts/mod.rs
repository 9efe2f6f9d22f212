//! «Районы» (PT-227…PT-232): places with, perhaps, their own time zone.

mod store;

use serde_json::json;

use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, Say, StorageError},
        ids::DistrictId,
        page::Choice,
    },
    people::{
        access::Action,
        name::{missing, optional_text, search_key},
    },
};

/// Longest name, characters.
const NAME_LIMIT: usize = 200;

/// Districts to choose from, in the order of creation (PT-D07); retired ones are left out (PT-D09).
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<DistrictId>>, Failure> {
    work.must(Action::ViewCitizens)?;
    Ok(store::active(&mut work.tx).await?)
}

/// Adds a district; an equal name is refused (PT-231).
pub async fn create(work: &mut Work, name: &str) -> Result<DistrictId, Failure> {
    work.must(Action::ManageLists)?;
    let name = optional_text(name, NAME_LIMIT).and_then(|name| name.ok_or_else(missing));
    let name = name.map_err(|say| Failure::invalid("name", say))?;
    let id = DistrictId::draw(work.now, &*work.app.chance);
    if !store::insert(&mut work.tx, id, &name, &search_key(&name), work.now).await? {
        return Err(Failure::invalid("name", Say::key("districts-name-taken")));
    }
    let entry = Entry {
        action: "district.created",
        subject: "district",
        subject_id: Some(id.0),
        changes: json!({ "name": name }),
    };
    audit::note(work, entry).await?;
    Ok(id)
}

/// Whether a card may be given this district: it is there and not retired.
pub(super) async fn is_choice(work: &mut Work, id: DistrictId) -> Result<bool, StorageError> {
    store::is_active(&mut work.tx, id).await
}
