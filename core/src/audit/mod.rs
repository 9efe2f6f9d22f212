//! Who did what and when, with old and new values (PT-285). Never passwords, codes or tokens.

mod store;

use serde_json::Value;
use uuid::Uuid;

use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::AuditId,
        page::{Cursor, PAGE_ROWS, Page},
    },
    people::access::{Action, Author},
};

/// What is written down about one act.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What was done: `citizen.changed`.
    pub action: &'static str,
    /// To what kind of thing: `citizen`.
    pub subject: &'static str,
    /// To which one.
    pub subject_id: Option<Uuid>,
    /// Field by field, `{"phone": {"old": …, "new": …}}`, or other facts.
    pub changes: Value,
}

/// An entry that was written earlier.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: Author,
    /// From which network address.
    pub address: Option<String>,
    /// What was done.
    pub action: String,
    /// The values.
    pub changes: Value,
}

/// Writes down what this work does; it stays only if the work is committed.
pub async fn note(work: &mut Work, entry: Entry) -> Result<(), StorageError> {
    let id = AuditId::draw(work.now, &*work.app.chance);
    store::insert(&mut work.tx, id, work.now, &work.actor, &entry).await
}

/// What was done to one thing, latest first.
pub async fn of_subject(work: &mut Work, subject: Uuid, cursor: Option<Cursor>) -> Result<Page<Record>, Failure> {
    work.must(Action::ReadAudit)?;
    let found = store::of_subject(&mut work.tx, subject, cursor.as_ref(), PAGE_ROWS + 1).await?;
    Ok(Page::of(found, PAGE_ROWS, cursor.as_ref(), |record| record.id))
}

/// The difference of two sets of values as [`Entry::changes`]: only fields that differ, each with old and new value.
pub fn difference(old: &Value, new: &Value) -> Value {
    let (Some(old), Some(new)) = (old.as_object(), new.as_object()) else { return Value::Null };
    let fields = new.iter().filter_map(|(field, value)| {
        let before = old.get(field).unwrap_or(&Value::Null);
        (before != value).then(|| (field.clone(), serde_json::json!({ "old": before, "new": value })))
    });
    Value::Object(fields.collect())
}
