//! «Перевод пользователей» (PT-266…PT-270): all ticked citizens get another curator, or none of them does.

mod store;

use serde_json::json;

use super::selection;
use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, Say, StorageError},
        ids::{PersonId, SessionId},
    },
    messaging::{
        message::{Keyboard, Outgoing},
        outbox::{self, Channel, Draft, Payload, Priority},
    },
    patronage::{curators, reminders},
    people::access::Action,
};

/// Hands the ticked citizens over to the curator `to` and takes the ticks away; returns how many got another curator.
///
/// `expected` is the number that the form showed. When it is another one by now (somebody was deleted in between), nobody is
/// moved and the answer is `citizens-transfer-changed` (PT-270). The old curator loses access with the commit; what is planned
/// goes on, and unsent letters find the new curator by themselves (PT-269, PT-D11).
pub async fn transfer(work: &mut Work, session: SessionId, to: &str, expected: i64) -> Result<usize, Failure> {
    work.must(Action::TransferCitizens)?;
    let chosen = selection::store::count(&mut work.tx, session).await?;
    if chosen == 0 {
        return Err(Failure::refused("citizens-none-chosen"));
    }
    if to.is_empty() {
        return Err(Failure::invalid("to", Say::key("people-required")));
    }
    let no_such = || Failure::invalid("to", Say::key("people-no-such-choice"));
    let to: PersonId = to.parse().map_err(|_| no_such())?;
    // He is held, so that he cannot be deleted at the same moment (PT-D10).
    if !curators::hold(work, to).await? {
        return Err(no_such());
    }
    let held = store::hold_chosen(&mut work.tx, session).await?;
    if held != expected {
        return Err(Failure::Refused(Say::key("citizens-transfer-changed").number("number", held)));
    }
    let moved = store::of_others(&mut work.tx, session, to).await?;
    store::assign_chosen(&mut work.tx, session, to).await?;
    selection::store::clear(&mut work.tx, session).await?;
    note(work, &moved, to).await?;
    let persons: Vec<PersonId> = moved.iter().map(|(person, _)| *person).collect();
    reminders::replan_own(work, &persons).await?;
    if work.app.config.patronage.notify_on_transfer {
        tell(work, &persons, to).await?;
    }
    Ok(moved.len())
}

async fn note(work: &mut Work, moved: &[(PersonId, Option<PersonId>)], to: PersonId) -> Result<(), StorageError> {
    let entry = |(person, from): &(PersonId, Option<PersonId>)| Entry {
        action: "citizen.transferred",
        subject: "citizen",
        subject_id: Some(person.0),
        changes: json!({ "curator": { "old": from, "new": to } }),
    };
    let entries: Vec<Entry> = moved.iter().map(entry).collect();
    audit::note_many(work, &entries).await
}

/// Tells the citizens who looks after them now, in every messenger they use.
async fn tell(work: &mut Work, persons: &[PersonId], to: PersonId) -> Result<(), StorageError> {
    let Some(name) = curators::name_of(&mut work.tx, to).await? else { return Ok(()) };
    let text = work.app.house_words().t("citizens-transfer-notice").s("name", name.full()).to_string();
    let (now, at) = (work.now, work.now.timestamp_micros());
    let drafts: Vec<Draft> = store::chats(&mut work.tx, persons)
        .await?
        .into_iter()
        .map(|(person, messenger, chat)| Draft {
            channel: Channel::Messenger(messenger),
            recipient: chat,
            person: Some(person),
            occurrence: None,
            cause: Some(format!("transfer:{person}:{at}:{}", messenger.name())),
            priority: Priority::Rest,
            payload: Payload::Message(Outgoing::Say { text: text.clone(), keyboard: Keyboard::None }),
            due_at: now,
            expires_at: None,
        })
        .collect();
    for some in drafts.chunks(1000) {
        outbox::put_many(work, some).await?;
    }
    Ok(())
}
