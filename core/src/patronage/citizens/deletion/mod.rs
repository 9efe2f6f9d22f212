//! Deleting citizens, and taking it back (PT-263, PT-D12). The deletion is soft: the rows stay for [`UNDO_DAYS`] days, out of
//! everybody's sight; then they are erased for good.

mod store;

use chrono::TimeDelta;
use serde_json::json;

use super::{card::seen, selection};
use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::PersonId,
        page::{Cursor, PAGE_ROWS, Page},
    },
    messaging::{
        letters::Recipient,
        outbox::{self, Channel},
    },
    patronage::{activation, reminders},
    people::{access::Action, name::FullName},
};

/// So many days a deletion can be taken back.
pub const UNDO_DAYS: i64 = 30;

/// A deleted citizen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedRow {
    /// The citizen.
    pub id: PersonId,
    /// «ФИО».
    pub name: FullName,
    /// As stored (E.164).
    pub phone: String,
    /// The curator at that time.
    pub curator: Option<FullName>,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// Days left to take it back; 0 on the last one.
    pub days_left: i64,
}

/// Deletes a card. What is planned ends, links end, the code is revoked, and what waits to be sent is withdrawn; files and
/// history are hidden at once. A message already handed over cannot be recalled: a press on it is answered like a stranger's.
pub async fn delete(work: &mut Work, id: PersonId) -> Result<(), Failure> {
    let sight = work.must(Action::DeleteCitizens)?;
    let card = seen(work, sight, id).await?;
    if !store::delete(&mut work.tx, id, work.now).await? {
        return Err(Failure::NotFound);
    }
    for link in activation::live_links(&mut work.tx, id).await? {
        outbox::withdraw(work, Channel::Messenger(link.messenger), &link.chat).await?;
    }
    activation::end(work, id).await?;
    for letter in [Recipient::CuratorOf(id), Recipient::AdministratorBesides(id)] {
        outbox::withdraw(work, Channel::Email, &letter.to_string()).await?;
    }
    reminders::stop_person(work, id).await?;
    store::stop_fetching(&mut work.tx, id).await?;
    selection::store::forget(&mut work.tx, id).await?;
    note(work, "citizen.deleted", id, &card.name.full()).await?;
    Ok(())
}

/// Deleted citizens who can be taken back, the latest first.
pub async fn deleted(work: &mut Work, cursor: Option<Cursor>) -> Result<Page<DeletedRow>, Failure> {
    work.must(Action::DeleteCitizens)?;
    let (now, since) = (work.now, undo_since(work.now));
    let found = store::page(&mut work.tx, since, cursor.as_ref(), PAGE_ROWS + 1).await?;
    let page = Page::of(found, PAGE_ROWS, cursor.as_ref(), store::Line::place);
    Ok(page.map(|line| line.into_row(now)))
}

/// «Восстановить»: the card comes back with its history, files and what was planned from now on. Its messenger does not: a new
/// code is issued. A curator who was deleted meanwhile is not put back.
pub async fn restore(work: &mut Work, id: PersonId) -> Result<(), Failure> {
    work.must(Action::DeleteCitizens)?;
    let since = undo_since(work.now);
    let deleted_at = store::restorable(&mut work.tx, id, since).await?.ok_or(Failure::NotFound)?;
    if !store::restore(&mut work.tx, id, deleted_at).await? {
        return Err(Failure::NotFound);
    }
    reminders::resume_person(work, id, deleted_at).await?;
    activation::issue_first(work, id).await?;
    let name = super::of_person(&mut work.tx, work.app.config.time_zone, id).await?.map(|brief| brief.name.full());
    note(work, "citizen.restored", id, &name.unwrap_or_default()).await?;
    Ok(())
}

/// Who was deleted at this moment or earlier cannot be taken back any more, and is to be erased.
pub fn undo_since(now: Timestamp) -> Timestamp {
    now - TimeDelta::days(UNDO_DAYS)
}

async fn note(work: &mut Work, action: &'static str, id: PersonId, name: &str) -> Result<(), StorageError> {
    let changes = json!({ "name": name });
    audit::note(work, Entry { action, subject: "citizen", subject_id: Some(id.0), changes }).await
}
