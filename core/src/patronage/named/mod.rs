//! What «Районы», «Типы сообщений (файлов)» and «Особые группы» have in common: names that are unique whatever their case.
//! An organisation types in dozens of them, so they are read whole. The rooms ask for the rights.

mod store;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, Say, StorageError},
        ids::{DistrictId, FileTypeId, GroupId},
        page::Choice,
    },
    people::{
        access::Action,
        name::{missing, optional_text, search_key},
    },
};

/// Longest name, characters.
const NAME_LIMIT: usize = 200;

/// One of the lists.
pub(super) struct List<T> {
    /// Makes the id of an entry.
    id: fn(Uuid) -> T,
    /// What an entry is called in the audit.
    subject: &'static str,
    created: &'static str,
    changed: &'static str,
    retired: &'static str,
    restored: &'static str,
    /// What to say about a name that another entry has.
    taken: &'static str,
    /// What to say about the name of an entry that the operator took out of use.
    hidden: &'static str,
    sql: store::Statements,
}

pub(super) const DISTRICTS: List<DistrictId> = List {
    id: DistrictId,
    subject: "district",
    created: "district.created",
    changed: "district.changed",
    retired: "district.retired",
    restored: "district.restored",
    taken: "districts-name-taken",
    hidden: "districts-name-hidden",
    sql: store::DISTRICTS,
};

pub(super) const GROUPS: List<GroupId> = List {
    id: GroupId,
    subject: "group",
    created: "group.created",
    changed: "group.changed",
    retired: "group.retired",
    restored: "group.restored",
    taken: "groups-name-taken",
    hidden: "groups-name-taken",
    sql: store::GROUPS,
};

pub(super) const FILE_TYPES: List<FileTypeId> = List {
    id: FileTypeId,
    subject: "file-type",
    created: "file-type.created",
    changed: "file-type.changed",
    retired: "file-type.deleted",
    restored: "file-type.restored",
    taken: "file-types-name-taken",
    // A deleted type frees its name.
    hidden: "file-types-name-taken",
    sql: store::FILE_TYPES,
};

/// What is in use, in the list's order.
pub(super) async fn choices<T>(work: &mut Work, list: &List<T>) -> Result<Vec<Choice<T>>, StorageError> {
    let rows = store::active(&mut work.tx, list.sql).await?;
    Ok(rows.into_iter().map(|(id, label)| Choice { id: (list.id)(id), label }).collect())
}

/// Whether `name` holds the part that was typed, whatever the case (PT-228).
pub(super) fn holds(name: &str, part: &str) -> bool {
    search_key(name).contains(&search_key(part))
}

/// The name of an entry in use; else [`Failure::NotFound`].
pub(super) async fn name_of<T>(work: &mut Work, list: &List<T>, id: Uuid) -> Result<String, Failure> {
    store::find(&mut work.tx, list.sql, id).await?.ok_or(Failure::NotFound)
}

/// Whether a card may be given this entry: it is there and in use.
pub(super) async fn is_choice<T>(work: &mut Work, list: &List<T>, id: Uuid) -> Result<bool, StorageError> {
    Ok(store::find(&mut work.tx, list.sql, id).await?.is_some())
}

/// The entry in use of this name; else [`Failure::NotFound`].
pub(super) async fn named<T>(work: &mut Work, list: &List<T>, name: &str) -> Result<Uuid, Failure> {
    store::named(&mut work.tx, list.sql, &search_key(name)).await?.ok_or(Failure::NotFound)
}

/// Adds an entry; an equal name is refused. The same id again, as after a double click, adds nothing more. Where the name was
/// taken out of use, the operator brings it back; others are told so.
pub(super) async fn add<T>(work: &mut Work, list: &List<T>, id: Uuid, name: &str) -> Result<T, Failure> {
    let name = read(name)?;
    let key = search_key(&name);
    if store::insert(&mut work.tx, list.sql, id, &name, &key, work.now).await? {
        note(work, list.subject, list.created, id, json!({ "name": name })).await?;
        return Ok((list.id)(id));
    }
    if is_choice(work, list, id).await? {
        return Ok((list.id)(id));
    }
    if store::named(&mut work.tx, list.sql, &key).await?.is_some() {
        return Err(refused(list.taken));
    }
    if work.must(Action::ManageGroups).is_err() {
        return Err(refused(list.hidden));
    }
    let restored = store::restore(&mut work.tx, list.sql, &key, &name).await?.ok_or(Failure::Stale)?;
    note(work, list.subject, list.restored, restored, json!({ "name": name })).await?;
    Ok((list.id)(restored))
}

/// Gives an entry another name; an equal name is refused.
pub(super) async fn rename<T>(work: &mut Work, list: &List<T>, id: Uuid, name: &str) -> Result<(), Failure> {
    let name = read(name)?;
    let old = name_of(work, list, id).await?;
    if old == name {
        return Ok(());
    }
    match store::rename(&mut work.tx, list.sql, id, &name, &search_key(&name)).await {
        Ok(true) => {}
        Ok(false) => return Err(Failure::NotFound),
        Err(StorageError::Conflict(_)) => return Err(refused(list.taken)),
        Err(other) => return Err(other.into()),
    }
    note(work, list.subject, list.changed, id, json!({ "name": { "old": old, "new": name } })).await?;
    Ok(())
}

/// Takes an entry out of use; what has it keeps it.
pub(super) async fn retire<T>(work: &mut Work, list: &List<T>, id: Uuid) -> Result<(), Failure> {
    let name = name_of(work, list, id).await?;
    if !store::retire(&mut work.tx, list.sql, id, work.now).await? {
        return Err(Failure::NotFound);
    }
    note(work, list.subject, list.retired, id, json!({ "name": name })).await?;
    Ok(())
}

fn read(name: &str) -> Result<String, Failure> {
    let name = optional_text(name, NAME_LIMIT).and_then(|name| name.ok_or_else(missing));
    name.map_err(|say| Failure::invalid("name", say))
}

fn refused(key: &'static str) -> Failure {
    Failure::invalid("name", Say::key(key))
}

async fn note(
    work: &mut Work,
    subject: &'static str,
    action: &'static str,
    id: Uuid,
    changes: Value,
) -> Result<(), StorageError> {
    audit::note(work, Entry { action, subject, subject_id: Some(id), changes }).await
}
