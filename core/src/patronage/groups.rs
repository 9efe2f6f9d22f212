//! «Особые группы» (PT-242…PT-247): set by the operator, chosen on cards.

use crate::{
    Work,
    foundation::{
        errors::{Failure, StorageError},
        ids::GroupId,
        page::Choice,
    },
    patronage::named::{self, GROUPS},
    people::access::Action,
};

/// Groups to choose from, by name; retired ones stay on the cards that have them (PT-D08).
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<GroupId>>, Failure> {
    work.must(Action::ViewCitizens)?;
    Ok(named::choices(work, &GROUPS).await?)
}

/// The list for reading, narrowed to names that hold `part` (PT-242, PT-243).
pub async fn list(work: &mut Work, part: &str) -> Result<Vec<Choice<GroupId>>, Failure> {
    let mut groups = choices(work).await?;
    groups.retain(|group| named::holds(&group.label, part));
    Ok(groups)
}

/// The operator adds a group, or brings a retired one back; an equal name is refused (PT-245).
pub async fn create(work: &mut Work, name: &str) -> Result<GroupId, Failure> {
    work.must(Action::ManageGroups)?;
    let id = GroupId::draw(work.now, &*work.app.chance);
    named::add(work, &GROUPS, id.0, name).await
}

/// The operator gives the group called `old` another name (PT-245).
pub async fn rename(work: &mut Work, old: &str, new: &str) -> Result<(), Failure> {
    work.must(Action::ManageGroups)?;
    let id = named::named(work, &GROUPS, old).await?;
    named::rename(work, &GROUPS, id, new).await
}

/// The operator takes the group called `name` out of the choices; cards that have it keep it (PT-245, PT-D08).
pub async fn retire(work: &mut Work, name: &str) -> Result<(), Failure> {
    work.must(Action::ManageGroups)?;
    let id = named::named(work, &GROUPS, name).await?;
    named::retire(work, &GROUPS, id).await
}

/// Whether a card may be given this group: it is there and not retired.
pub(super) async fn is_choice(work: &mut Work, id: GroupId) -> Result<bool, StorageError> {
    named::is_choice(work, &GROUPS, id.0).await
}
