//! Names for «Журнал»: its entries hold ids, readers know people and places by their names (PT-285). Looked up for a whole page at
//! once. Of somebody erased there is no name any more, and nothing else either.

mod store;

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;
use uuid::Uuid;

use crate::{
    Work,
    audit::Listed,
    foundation::{errors::Failure, ids::PersonId},
    people::access::{Action, Author},
};

/// What the ids of some entries stand for.
#[derive(Debug, Default)]
pub struct Names {
    named: HashMap<Uuid, String>,
    owners: HashMap<Uuid, PersonId>,
}

impl Names {
    /// The name of a person, district, special group or type of files; empty of somebody erased.
    pub fn of(&self, id: Uuid) -> Option<&str> {
        self.named.get(&id).map(String::as_str)
    }

    /// Whose reminder, contact, file, record or account it is.
    pub fn owner(&self, subject: Uuid) -> Option<PersonId> {
        self.owners.get(&subject).copied()
    }
}

/// The names that these entries speak of.
pub async fn names(work: &mut Work, entries: &[Listed]) -> Result<Names, Failure> {
    work.must(Action::ReadAudit)?;
    let subjects: BTreeSet<Uuid> = entries.iter().filter_map(|it| it.subject_id).collect();
    let owners = store::owners(&mut work.tx, &subjects).await?;
    let mut ids: BTreeSet<Uuid> = owners.iter().map(|(_, person)| person.0).chain(subjects).collect();
    for entry in entries {
        if let Author::Curator(person) | Author::Citizen(person) = entry.record.author {
            ids.insert(person.0);
        }
        collect(&entry.record.changes, &mut ids);
    }
    let people = store::people(&mut work.tx, &ids).await?;
    let mut named: HashMap<Uuid, String> = people.into_iter().map(|(id, name)| (id, name.full())).collect();
    named.extend(store::lists(&mut work.tx, &ids).await?);
    Ok(Names { named, owners: owners.into_iter().collect() })
}

/// All ids in the values of an entry.
fn collect(value: &Value, ids: &mut BTreeSet<Uuid>) {
    match value {
        Value::String(text) => ids.extend(Uuid::try_parse(text)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, ids)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
