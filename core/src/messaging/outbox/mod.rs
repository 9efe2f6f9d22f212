//! The only way out (design D4): whatever shall be said is a row, written in the transaction that has the reason for it.
//!
//! States: queued → delivered | unknown | failed | expired | skipped; failed and expired ones have a [`Fault`]. A sender lists rows
//! as under way before it hands them over ([`flights`]) and records the result afterwards; what was neither confirmed nor refused is
//! repeated once, marked «Повтор:» (PT-D42).

mod draft;
mod fault;
pub(crate) mod flights;
pub(crate) mod store;

pub use draft::{Channel, Draft, Letter, Payload, Priority};
pub use fault::Fault;

use serde::Serializer;

use super::{message::Outgoing, messenger::Messenger};
use crate::{
    App, Signal, Work,
    foundation::{
        errors::StorageError,
        ids::{OutboxId, PersonId},
    },
};

/// Puts one message into the outbox. `false`: one with the same cause is there already, so nothing was added.
pub async fn put(work: &mut Work, draft: Draft) -> Result<bool, StorageError> {
    Ok(put_many(work, &[draft]).await? == 1)
}

/// Puts many messages into the outbox at once and tells how many are new: one cause gives one message, whoever puts it how
/// often.
pub async fn put_many(work: &mut Work, drafts: &[Draft]) -> Result<u64, StorageError> {
    if drafts.is_empty() {
        return Ok(0);
    }
    let added = store::insert(&mut work.tx, drafts, work.now, &*work.app.chance).await?;
    work.signal(Signal::Outbox);
    Ok(added)
}

/// Takes back what waits for this recipient and has not begun to leave: its reason is gone.
pub async fn withdraw(work: &mut Work, channel: Channel, recipient: &str) -> Result<u64, StorageError> {
    store::withdraw(&mut work.tx, channel, recipient, work.now).await
}

/// How many messages of the channel have not come to an end yet, due or not.
pub async fn unfinished(app: &App, channel: Channel) -> Result<i64, StorageError> {
    store::unfinished(&mut app.db.glance().await?, channel).await
}

/// Says something to somebody who has just written: an answer, sent before reminders.
pub async fn say(
    work: &mut Work,
    messenger: Messenger,
    chat: &str,
    person: Option<PersonId>,
    what: Outgoing,
) -> Result<(), StorageError> {
    let draft = Draft {
        channel: Channel::Messenger(messenger),
        recipient: chat.to_owned(),
        person,
        occurrence: None,
        cause: None,
        priority: Priority::Reply,
        expires_at: what.expiry(work.now),
        payload: Payload::Message(what),
        due_at: work.now,
    };
    put(work, draft).await.map(drop)
}

fn as_hex<S: Serializer>(id: &OutboxId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&id.0.simple())
}
