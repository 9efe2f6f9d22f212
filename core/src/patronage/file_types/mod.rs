//! «Типы сообщений (файлов)» (PT-233…PT-241).

mod store;

use serde_json::json;

use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, Say},
        ids::FileTypeId,
        page::Choice,
    },
    people::{
        access::Action,
        name::{missing, optional_text, search_key},
    },
};

/// Longest name, characters.
const NAME_LIMIT: usize = 200;

/// Types to choose from, in alphabetical order (PT-D07); deleted ones are left out (PT-239).
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<FileTypeId>>, Failure> {
    work.must(Action::HandleFiles)?;
    Ok(store::active(&mut work.tx).await?)
}

/// Adds a type; an equal name is refused (PT-241).
pub async fn create(work: &mut Work, name: &str) -> Result<FileTypeId, Failure> {
    work.must(Action::ManageLists)?;
    let name = optional_text(name, NAME_LIMIT).and_then(|name| name.ok_or_else(missing));
    let name = name.map_err(|say| Failure::invalid("name", say))?;
    let id = FileTypeId::draw(work.now, &*work.app.chance);
    if !store::insert(&mut work.tx, id, &name, &search_key(&name), work.now).await? {
        return Err(Failure::invalid("name", Say::key("file-types-name-taken")));
    }
    let entry = Entry {
        action: "file-type.created",
        subject: "file-type",
        subject_id: Some(id.0),
        changes: json!({ "name": name }),
    };
    audit::note(work, entry).await?;
    Ok(id)
}
