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

/// Writes down what this work does to many things, each with its own entry.
pub async fn note_many(work: &mut Work, entries: &[Entry]) -> Result<(), StorageError> {
    let ids: Vec<AuditId> = entries.iter().map(|_| AuditId::draw(work.now, &*work.app.chance)).collect();
    store::insert_many(&mut work.tx, &ids, work.now, &work.actor, entries).await
}

/// Which entries «Журнал» shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// About this thing only.
    pub subject: Option<Uuid>,
    /// Of this author only.
    pub author: Option<Author>,
    /// Of this act only: `citizen.changed`.
    pub action: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// An entry as «Журнал» shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The entry.
    pub record: Record,
    /// What kind of thing it is about.
    pub subject: String,
    /// Which one.
    pub subject_id: Option<Uuid>,
    /// The person's name, if it is about a person.
    pub name: Option<String>,
}

/// «Журнал»: entries that meet the filter, latest first (PT-285).
pub async fn list(work: &mut Work, filter: &Filter, cursor: Option<Cursor>) -> Result<Page<Listed>, Failure> {
    work.must(Action::ReadAudit)?;
    let found = store::list(&mut work.tx, filter, cursor.as_ref(), PAGE_ROWS + 1).await?;
    Ok(Page::of(found, PAGE_ROWS, cursor.as_ref(), |listed| listed.record.id))
}

/// All entries that meet the filter as CSV, latest first, portion by portion (PT-285).
pub async fn write_csv(work: &mut Work, filter: &Filter, into: impl std::io::Write) -> Result<u64, Failure> {
    work.must(Action::ReadAudit)?;
    let mut csv = csv::Writer::from_writer(into);
    let refused = |error: csv::Error| {
        tracing::error!(%error, "the journal could not be written");
        Failure::refused("journal-not-written")
    };
    csv.write_record(["at", "author", "address", "action", "subject", "subject_id", "changes"]).map_err(refused)?;
    let (mut written, mut cursor) = (0, None);
    loop {
        let page = list(work, filter, cursor).await?;
        for Listed { record, subject, subject_id, .. } in &page.items {
            let id = subject_id.map(crate::foundation::ids::short).unwrap_or_default();
            let (at, author) = (record.at.to_rfc3339(), record.author.to_string());
            let address = record.address.as_deref().unwrap_or_default();
            let changes = record.changes.to_string();
            csv.write_record([at.as_str(), &author, address, &record.action, subject, &id, &changes])
                .map_err(refused)?;
            written += 1;
        }
        match page.after {
            Some(after) => cursor = Some(after),
            None => break,
        }
    }
    csv.flush().map_err(|error| refused(error.into()))?;
    Ok(written)
}

/// Notes that somebody looks at `subject`, once an hour: who opened whose card. `work` only looks; the note is a short transaction of
/// its own, made before anything is shown, so that no look is lost, and none at all within the hour.
pub async fn note_look(work: &mut Work, subject: &'static str, id: Uuid) -> Result<(), StorageError> {
    let action = "citizen.opened";
    let Some(account) = work.actor.account() else { return Ok(()) };
    if store::is_noted(&mut work.tx, id, account, action, work.now - LOOK).await? {
        return Ok(());
    }
    let mut own = work.app.begin(work.actor.clone()).await?;
    note(&mut own, Entry { action, subject, subject_id: Some(id), changes: serde_json::json!({}) }).await?;
    own.commit().await
}

/// Looks of one account at one card within this time are one visit.
const LOOK: chrono::TimeDelta = chrono::TimeDelta::hours(1);

/// What was done to one thing, latest first.
pub async fn of_subject(work: &mut Work, subject: Uuid, cursor: Option<Cursor>) -> Result<Page<Record>, Failure> {
    work.must(Action::ReadAudit)?;
    let found = store::of_subject(&mut work.tx, subject, cursor.as_ref(), PAGE_ROWS + 1).await?;
    Ok(Page::of(found, PAGE_ROWS, cursor.as_ref(), |record| record.id))
}

/// What stands in place of a value that was erased with its person.
pub const ERASED: &str = "[erased]";

/// Takes the values out of all entries about `subject`, and the network address where it is one of `addresses`; who did what and
/// when stays (PT-D12). Tells how many entries that were.
pub async fn redact(work: &mut Work, subject: Uuid, addresses: &[String]) -> Result<usize, StorageError> {
    let entries = store::values_of(&mut work.tx, subject).await?;
    for entry in &entries {
        let mut changes = entry.changes.0.clone();
        blot(&mut changes);
        let address = entry.address.as_ref().filter(|address| !addresses.contains(address));
        store::replace_values(&mut work.tx, entry.id, &changes, address).await?;
    }
    Ok(entries.len())
}

/// Replaces every value by the mark; names of fields and "nothing" stay.
fn blot(value: &mut Value) {
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.values_mut().for_each(blot),
        Value::Array(items) if items.iter().any(|item| !item.is_null()) => *value = ERASED.into(),
        Value::Array(_) => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => *value = ERASED.into(),
    }
}

/// Everything ever noted about one thing, latest first. Part of other use cases: whoever calls has checked the right.
pub(crate) async fn all_of(work: &mut Work, subject: Uuid) -> Result<Vec<Record>, StorageError> {
    store::of_subject(&mut work.tx, subject, None, usize::MAX).await
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
