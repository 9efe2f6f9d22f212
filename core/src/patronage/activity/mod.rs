//! «Активность»: the curators' worklist. One cause gives one record, however often it is reported (machine 3.6).

mod store;

use crate::{
    Work, audit,
    foundation::{
        errors::Failure,
        ids::{ActivityId, ContactId, FileId, OccurrenceId, PersonId},
    },
    patronage::{contacts, reminders},
    people::access::Action,
};

/// Why a citizen needs the curator (section 2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    /// «файл».
    File,
    /// «связь с соц. куратором».
    ContactRequest,
    /// «напоминания для соц. куратора».
    CuratorReminder,
}

/// What happened, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A file was stored.
    File(FileId),
    /// The citizen asked for contact.
    ContactRequest(ContactId),
    /// A curator's own reminder came due.
    CuratorReminder(OccurrenceId),
}

impl Cause {
    /// The kind of the record.
    pub fn kind(self) -> Kind {
        match self {
            Self::File(_) => Kind::File,
            Self::ContactRequest(_) => Kind::ContactRequest,
            Self::CuratorReminder(_) => Kind::CuratorReminder,
        }
    }

    /// The unique key in the database.
    pub fn key(self) -> String {
        match self {
            Self::File(id) => format!("file:{id}"),
            Self::ContactRequest(id) => format!("contact_request:{id}"),
            Self::CuratorReminder(id) => format!("curator_reminder:{id}"),
        }
    }
}

/// Writes the record of `cause` with the citizen's curator and district of this moment; `None` when it is already there.
///
/// Part of other use cases: whoever calls has checked the right.
pub async fn record(work: &mut Work, person: PersonId, cause: Cause) -> Result<Option<ActivityId>, Failure> {
    let id = ActivityId::draw(work.now, &*work.app.chance);
    let is_new = store::insert(&mut work.tx, id, person, cause, work.now).await?;
    Ok(is_new.then_some(id))
}

/// Ticks a record as processed (machine 3.6): a contact request without a result becomes "no contact", the dot of a curator's
/// own reminder becomes green. Ticking a ticked record changes nothing.
pub async fn tick(work: &mut Work, id: ActivityId) -> Result<(), Failure> {
    let row = reachable(work, id).await?;
    if store::tick(&mut work.tx, id, work.now, work.actor.author()).await? {
        follow(work, &row, true).await?;
        note(work, id, "activity.tick").await?;
    }
    Ok(())
}

/// Takes the tick back: the request is open again unless a result stands there, the dot is yellow again.
pub async fn untick(work: &mut Work, id: ActivityId) -> Result<(), Failure> {
    let row = reachable(work, id).await?;
    if store::untick(&mut work.tx, id).await? {
        follow(work, &row, false).await?;
        note(work, id, "activity.untick").await?;
    }
    Ok(())
}

/// The record, if the actor may handle its citizen.
async fn reachable(work: &mut Work, id: ActivityId) -> Result<store::Row, Failure> {
    let sight = work.must(Action::HandleContacts)?;
    let row = store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)?;
    if sight.covers(row.person, row.curator) { Ok(row) } else { Err(Failure::NotFound) }
}

/// Carries the tick on to what the record is about.
async fn follow(work: &mut Work, row: &store::Row, ticked: bool) -> Result<(), Failure> {
    if let Some(contact) = row.contact {
        contacts::set_handled(work, contact, ticked).await?;
    }
    if let Some(occurrence) = row.occurrence {
        reminders::tick(work, occurrence, ticked).await?;
    }
    Ok(())
}

async fn note(work: &mut Work, id: ActivityId, action: &'static str) -> Result<(), Failure> {
    audit::note(
        work,
        audit::Entry { action, subject: "activity", subject_id: Some(id.0), changes: serde_json::json!({}) },
    )
    .await?;
    Ok(())
}

/// Keeps the record of a contact request in step with its result (PT-D49): called when a result was saved.
pub(crate) async fn contact_was_answered(work: &mut Work, contact: ContactId) -> Result<(), Failure> {
    store::tick_contact(&mut work.tx, contact, work.now, work.actor.author()).await?;
    Ok(())
}

/// Whether the record of a contact request is ticked.
pub(crate) async fn contact_is_ticked(work: &mut Work, contact: ContactId) -> Result<bool, Failure> {
    Ok(store::contact_is_ticked(&mut work.tx, contact).await?)
}
