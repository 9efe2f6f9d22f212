//! «Активность»: the curators' worklist. One cause gives one record, however often it is reported (machine 3.6). Three kinds
//! follow from what citizens do; the other three Opora makes by itself, from what they leave undone ([`automatic`]).

mod automatic;
mod digest;
mod list;
mod store;

pub use automatic::{Written, follow_missed, run as run_automatic};
pub use digest::send as send_digest;
pub use list::{
    About, ActivityFilter, COUNTED_AT_MOST, Counted, Listed, Period, Record, Seen, Tick, kinds, list, waiting,
};

use std::str::FromStr;

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
#[sqlx(type_name = "text")]
pub enum Kind {
    /// «файл».
    #[sqlx(rename = "file")]
    File,
    /// «связь с соц. куратором».
    #[sqlx(rename = "contact_request")]
    ContactRequest,
    /// «пропуск (5 дней)» (PT-D44).
    #[sqlx(rename = "missed_5_days")]
    Missed,
    /// «неактивный (10 дней)» (PT-D45).
    #[sqlx(rename = "inactive_10_days")]
    Inactive,
    /// «без назначений (2 дня)» (PT-D46).
    #[sqlx(rename = "no_assignments_2_days")]
    NoAssignments,
    /// «напоминания для соц. куратора».
    #[sqlx(rename = "curator_reminder")]
    CuratorReminder,
}

impl Kind {
    /// All kinds, in the order of the filter.
    pub const ALL: [Self; 6] =
        [Self::File, Self::ContactRequest, Self::Missed, Self::Inactive, Self::NoAssignments, Self::CuratorReminder];

    /// The name in forms and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::ContactRequest => "contact_request",
            Self::Missed => "missed_5_days",
            Self::Inactive => "inactive_10_days",
            Self::NoAssignments => "no_assignments_2_days",
            Self::CuratorReminder => "curator_reminder",
        }
    }

    /// Key of the label.
    pub fn label_key(self) -> &'static str {
        match self {
            Self::File => "activity-kind-file",
            Self::ContactRequest => "activity-kind-contact",
            Self::Missed => "activity-kind-missed",
            Self::Inactive => "activity-kind-inactive",
            Self::NoAssignments => "activity-kind-no-assignments",
            Self::CuratorReminder => "activity-kind-curator-reminder",
        }
    }
}

/// Text that names no kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of record")]
pub struct NotAKind;

impl FromStr for Kind {
    type Err = NotAKind;

    fn from_str(text: &str) -> Result<Self, NotAKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(NotAKind)
    }
}

/// What a citizen did, or what came due for a curator.
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
    let sight = work.must(Action::HandleActivity)?;
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
