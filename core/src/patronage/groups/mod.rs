//! «Особые группы» (PT-242…PT-247): set by the operator, chosen on cards.

mod store;

use serde_json::json;

use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, Say, StorageError},
        ids::GroupId,
        page::Choice,
    },
    people::{
        access::Action,
        name::{missing, optional_text, search_key},
    },
};

/// Longest name, characters.
const NAME_LIMIT: usize = 200;

/// Groups to choose from, by name; retired ones stay on the cards that have them (PT-D08).
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<GroupId>>, Failure> {
    work.must(Action::ViewCitizens)?;
    Ok(store::active(&mut work.tx).await?)
}

/// The operator adds a group; an equal name is refused (PT-245).
pub async fn create(work: &mut Work, name: &str) -> Result<GroupId, Failure> {
    work.must(Action::ManageGroups)?;
    let name = optional_text(name, NAME_LIMIT).and_then(|name| name.ok_or_else(missing));
    let name = name.map_err(|say| Failure::invalid("name", say))?;
    let id = GroupId::draw(work.now, &*work.app.chance);
    if !store::insert(&mut work.tx, id, &name, &search_key(&name), work.now).await? {
        return Err(Failure::invalid("name", Say::key("groups-name-taken")));
    }
    let entry =
        Entry { action: "group.created", subject: "group", subject_id: Some(id.0), changes: json!({ "name": name }) };
    audit::note(work, entry).await?;
    Ok(id)
}

/// Whether a card may be given this group: it is there and not retired.
pub(super) async fn is_choice(work: &mut Work, id: GroupId) -> Result<bool, StorageError> {
    store::is_active(&mut work.tx, id).await
}
