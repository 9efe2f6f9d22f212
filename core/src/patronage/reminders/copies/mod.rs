//! The messages that carry one reminder: one in each messenger of the citizen. An answer in one closes them all.

pub(super) mod store;

use super::{message::Wording, occurrence::Occurrence};
use crate::{
    Work,
    foundation::{clock::Timestamp, errors::StorageError, ids::OutboxId},
    messaging::{
        message::{Keyboard, Outgoing},
        messenger::Messenger,
        outbox::{self, Channel, Draft, Payload, Priority},
        press::Reaction,
    },
};
use chrono::TimeDelta;

/// After this an edit is of no use any more.
const EDIT_LIFE: TimeDelta = TimeDelta::hours(24);

/// A message of the outbox that carries a reminder.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Copy {
    /// Its row.
    pub id: OutboxId,
    /// In which messenger.
    pub messenger: Messenger,
    /// In which chat.
    pub chat: String,
    /// The messenger's id of the message, once confirmed.
    pub message: Option<String>,
    /// The text as it was sent.
    pub text: Option<String>,
}

/// The message under which somebody pressed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pressed<'a> {
    /// In which messenger.
    pub messenger: Messenger,
    /// In which chat.
    pub chat: &'a str,
    /// The messenger's id of the message, if it tells.
    pub message: Option<&'a str>,
}

/// Takes the buttons off every copy and adds «Отмечено: …» (PT-134). A copy that the messenger has not confirmed yet is
/// closed by [`super::outcome::delivered`] as soon as it is.
pub(super) async fn close(
    work: &mut Work,
    occurrence: &Occurrence,
    reaction: Reaction,
    pressed: Option<Pressed<'_>>,
) -> Result<(), StorageError> {
    let copies = store::of_occurrence(&mut work.tx, occurrence.id).await?;
    let app = work.app.clone();
    let wording = Wording::of(app.house_words());
    let plain = wording.text(&occurrence.line(), false);
    let edit = |messenger, chat: &str, message: &str, text: &str, cause| {
        let text = format!("{text}\n{}", wording.marked(reaction));
        draft(
            messenger,
            chat,
            Outgoing::Edit { message: message.to_owned(), text, keyboard: Keyboard::None },
            cause,
            work.now,
        )
    };
    let mut edits = Vec::new();
    let mut is_pressed_known = false;
    for copy in &copies {
        // The press may be faster than the record of the delivery; then it tells the message's id.
        let here = pressed.filter(|pressed| (pressed.messenger, pressed.chat) == (copy.messenger, copy.chat.as_str()));
        is_pressed_known |= here.is_some();
        let message = copy.message.as_deref().or(here.and_then(|pressed| pressed.message));
        let Some(message) = message else { continue };
        let text = copy.text.as_deref().unwrap_or(&plain);
        edits.push(edit(copy.messenger, &copy.chat, message, text, format!("answered:{}", copy.id)));
    }
    // The outbox forgets old messages, the chat does not.
    if let Some(Pressed { messenger, chat, message: Some(message) }) = pressed.filter(|_| !is_pressed_known) {
        let cause = format!("answered:{}:{}", messenger.name(), occurrence.id);
        edits.push(edit(messenger, chat, message, &plain, cause));
    }
    outbox::put_many(work, &edits).await.map(drop)
}

fn draft(messenger: Messenger, chat: &str, what: Outgoing, cause: String, now: Timestamp) -> Draft {
    Draft {
        channel: Channel::Messenger(messenger),
        recipient: chat.to_owned(),
        person: None,
        occurrence: None,
        cause: Some(cause),
        priority: Priority::Reply,
        payload: Payload::Message(what),
        due_at: now,
        expires_at: Some(now + EDIT_LIFE),
    }
}
