//! «История взаимодействия»: requests for contact from the citizen and the curator's own contacts (machine 3.4).

mod letter;
mod store;

use chrono::TimeDelta;

use crate::{
    Work, audit,
    foundation::{
        clock::Timestamp,
        errors::{Failure, Say},
        ids::{ContactId, PersonId},
        page::{Cursor, Page},
    },
    patronage::{activity, citizens},
    people::{access::Action, accounts::AuthorName},
};

/// Characters of a result (section 2.11) and of a citizen's comment.
pub const TEXT_LIMIT: usize = 10_000;

/// So long an open request answers for further presses (PT-129, PT-D21).
const REPEAT_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// Who began a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Initiator {
    /// «Запросить связь».
    Citizen,
    /// «Добавить».
    Curator,
}

/// Where a contact stands (machine 3.4); it follows from the result and the tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for the curator.
    Open,
    /// The result says what was talked about.
    Contacted,
    /// Ticked without a result.
    NoContact,
}

/// «Отредактировано: …» (PT-101).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Who.
    pub by: AuthorName,
    /// When.
    pub at: Timestamp,
}

/// A row of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRow {
    /// Which.
    pub id: ContactId,
    /// Who began.
    pub initiator: Initiator,
    /// When it was created.
    pub created_at: Timestamp,
    /// What the citizen wrote with the request.
    pub comment: Option<String>,
    /// What came out of it; empty means no contact (PT-102).
    pub result: String,
    /// The last edit; `None` for a record never edited.
    pub edited: Option<Stamp>,
    /// When it became processed (PT-D49).
    pub handled_at: Option<Timestamp>,
    /// Guards against concurrent edits.
    pub version: i64,
}

impl ContactRow {
    /// Where it stands.
    pub fn state(&self) -> State {
        match (self.result.is_empty(), self.handled_at) {
            (false, _) => State::Contacted,
            (true, Some(_)) => State::NoContact,
            (true, None) => State::Open,
        }
    }
}

/// What became of a press of «Запросить связь».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// A new request went to the curator.
    Sent,
    /// A request of the last ten minutes is still open; nothing new was made.
    AlreadyOpen,
    /// The same, and the comment was added to it, so that nothing written is lost.
    Added,
}

/// «Запросить связь», with what the citizen wrote, if anything (PT-128, PT-129, PT-139). Of two presses at the same moment one
/// makes the request.
pub async fn request(work: &mut Work, person: PersonId, comment: Option<&str>) -> Result<Requested, Failure> {
    let sight = work.must(Action::RequestContact)?;
    let citizen = citizens::in_sight(work, sight, person).await?;
    store::lock_citizen(&mut work.tx, person).await?;
    let comment = comment.map(clipped).filter(|text| !text.is_empty());
    if let Some(open) = store::open_since(&mut work.tx, person, work.now - REPEAT_WINDOW).await? {
        let Some(comment) = comment else { return Ok(Requested::AlreadyOpen) };
        let joined = open.comment.map_or_else(|| comment.clone(), |before| clipped(&format!("{before}\n{comment}")));
        store::set_comment(&mut work.tx, open.id, &joined).await?;
        return Ok(Requested::Added);
    }
    let id = ContactId::draw(work.now, &*work.app.chance);
    store::insert_request(&mut work.tx, id, person, comment.as_deref(), work.now).await?;
    activity::record(work, person, activity::Cause::ContactRequest(id)).await?;
    letter::of_request(work, &citizen, id, comment.as_deref()).await?;
    Ok(Requested::Sent)
}

/// The citizen's history, newest first.
pub async fn list(work: &mut Work, person: PersonId, at: Option<Cursor>) -> Result<Page<ContactRow>, Failure> {
    let sight = work.must(Action::HandleContacts)?;
    citizens::in_sight(work, sight, person).await?;
    Ok(store::list(&mut work.tx, person, at).await?)
}

/// One record of the history and whose it is.
pub async fn get(work: &mut Work, id: ContactId) -> Result<(PersonId, ContactRow), Failure> {
    let sight = work.must(Action::HandleContacts)?;
    let (person, row) = store::find(&mut work.tx, id).await?.ok_or(Failure::NotFound)?;
    citizens::in_sight(work, sight, person).await?;
    Ok((person, row))
}

/// Writes what came out of a contact (PT-100). A result ticks the record of «Активность»; a cleared one leaves the tick as it is
/// (PT-D49).
pub async fn save_result(work: &mut Work, id: ContactId, version: i64, result: &str) -> Result<PersonId, Failure> {
    let (person, before) = get(work, id).await?;
    let result = checked(result)?;
    if result.is_empty() && before.initiator == Initiator::Curator {
        return Err(Failure::invalid("result", Say::key("contacts-result-missing")));
    }
    if before.version != version {
        return Err(Failure::Stale);
    }
    if result == before.result {
        return Ok(person);
    }
    let handled_at = if !result.is_empty() {
        activity::contact_was_answered(work, id).await?;
        before.handled_at.or(Some(work.now))
    } else if activity::contact_is_ticked(work, id).await? {
        before.handled_at
    } else {
        None
    };
    let edit = store::Edit { result: &result, handled_at, by: work.actor.author(), at: work.now };
    if !store::save_result(&mut work.tx, id, version, edit).await? {
        return Err(Failure::Stale);
    }
    note(work, id, "contact.save", serde_json::json!({ "result": { "old": before.result, "new": result } })).await?;
    Ok(person)
}

/// «Добавить»: a contact the curator began himself (PT-103). No letter, no record in «Активность».
pub async fn add(work: &mut Work, person: PersonId, result: &str) -> Result<ContactId, Failure> {
    let sight = work.must(Action::HandleContacts)?;
    citizens::in_sight(work, sight, person).await?;
    let result = checked(result)?;
    if result.is_empty() {
        return Err(Failure::invalid("result", Say::key("contacts-result-missing")));
    }
    let id = ContactId::draw(work.now, &*work.app.chance);
    let edit = store::Edit { result: &result, handled_at: Some(work.now), by: work.actor.author(), at: work.now };
    store::insert_own(&mut work.tx, id, person, edit).await?;
    note(work, id, "contact.add", serde_json::json!({ "result": { "old": null, "new": result } })).await?;
    Ok(id)
}

/// Follows the tick of «Активность»: an open request becomes "no contact" and back (machine 3.4). The result stays.
pub(crate) async fn set_handled(work: &mut Work, id: ContactId, handled: bool) -> Result<(), Failure> {
    let at = handled.then_some(work.now);
    Ok(store::set_handled(&mut work.tx, id, at).await?)
}

fn checked(result: &str) -> Result<String, Failure> {
    let result = result.replace("\r\n", "\n").trim().to_owned();
    if result.chars().count() > TEXT_LIMIT {
        return Err(Failure::invalid("result", Say::key("contacts-result-too-long").number("limit", TEXT_LIMIT)));
    }
    Ok(result)
}

fn clipped(text: &str) -> String {
    text.trim().chars().take(TEXT_LIMIT).collect()
}

async fn note(work: &mut Work, id: ContactId, action: &'static str, changes: serde_json::Value) -> Result<(), Failure> {
    audit::note(work, audit::Entry { action, subject: "contact", subject_id: Some(id.0), changes }).await?;
    Ok(())
}
