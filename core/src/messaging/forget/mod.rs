//! What messengers and mail know of a person who must be forgotten (PT-D12): messages, letters, updates, conversations.

mod store;

use chrono::TimeDelta;

use crate::{
    Work,
    foundation::{
        clock::Timestamp,
        errors::StorageError,
        ids::{PersonId, WebChatId},
    },
    messaging::{
        letters::Recipient,
        messenger::Messenger,
        outbox::{Channel, Letter, Payload},
    },
    people::throttle,
};

/// An account in a messenger that was the person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The messenger.
    pub messenger: Messenger,
    /// The account there.
    pub account: String,
    /// Its chat.
    pub chat: String,
    /// Since when it is somebody else's, if it is: what came later stays.
    pub others_since: Option<Timestamp>,
}

impl Trace {
    /// As the audit writes the address of a messenger's account.
    pub fn address(&self) -> String {
        format!("{}:{}", self.messenger.name(), self.chat)
    }
}

/// Removes what was said to and by the person, and letters about him; `names` are taken out of letters about several people.
pub async fn forget(work: &mut Work, person: PersonId, traces: &[Trace], names: &[String]) -> Result<(), StorageError> {
    for trace in traces {
        forget_account(work, person, trace).await?;
    }
    for recipient in [Recipient::CuratorOf(person), Recipient::AdministratorBesides(person)] {
        store::delete_letters(&mut work.tx, &recipient.to_string()).await?;
    }
    blot_letters(work, names).await
}

async fn forget_account(work: &mut Work, person: PersonId, trace: &Trace) -> Result<(), StorageError> {
    let Trace { messenger, account, chat, others_since } = trace;
    // Nothing was written later than now; a free account has no later owner.
    let before = others_since.unwrap_or(Timestamp::MAX_UTC).min(work.now + TimeDelta::days(1));
    store::delete_messages(&mut work.tx, Channel::Messenger(*messenger), chat, person, before).await?;
    store::empty_updates(&mut work.tx, *messenger, chat, before, work.now).await?;
    if *messenger == Messenger::Web
        && let Ok(chat) = chat.parse::<WebChatId>()
    {
        store::delete_lines(&mut work.tx, chat, before).await?;
        if others_since.is_none() {
            store::delete_web_chat(&mut work.tx, chat).await?;
        }
    }
    if others_since.is_none() {
        super::conversations::save(work, *messenger, account, None).await?;
        throttle::forget(work, &format!("activation:{}:{account}", messenger.name())).await?;
    }
    Ok(())
}

/// Letters to a curator or the administrator may name several people: only the name is taken out.
async fn blot_letters(work: &mut Work, names: &[String]) -> Result<(), StorageError> {
    for name in names.iter().filter(|name| !name.trim().is_empty()) {
        for (id, payload) in store::letters_with(&mut work.tx, name).await? {
            let Payload::Letter(Letter { subject, text }) = payload else { continue };
            let letter = Letter { subject: subject.replace(name, MARK), text: text.replace(name, MARK) };
            store::rewrite(&mut work.tx, id, &Payload::Letter(letter)).await?;
        }
    }
    Ok(())
}

/// What stands in a letter in place of a name.
const MARK: &str = "…";

/// What somebody typed into the web chat is shown to him for a day and not kept (PT-139); what he passed on stands in the history.
const TEXT_LIFE: TimeDelta = TimeDelta::days(1);
/// A web chat that never led to a connection is cleared away.
const UNUSED_LIFE: TimeDelta = TimeDelta::days(30);

/// Periodic: deletes at most `limit` typed lines and looks at as many unused web chats; tells how much was deleted.
pub(super) async fn clean_web_chats(work: &mut Work, limit: i64) -> Result<u64, StorageError> {
    let mut deleted = store::delete_typed(&mut work.tx, work.now - TEXT_LIFE, limit).await?;
    for chat in store::unseen(&mut work.tx, work.now - UNUSED_LIFE, limit).await? {
        // Of a connected account something is remembered, its menu at least.
        if super::conversations::load(work, Messenger::Web, &chat.to_string()).await?.is_none() {
            store::delete_lines(&mut work.tx, chat, work.now).await?;
            store::delete_web_chat(&mut work.tx, chat).await?;
            deleted += 1;
        }
    }
    Ok(deleted)
}
