//! All that is known of one person, as it goes into the archive.

use serde::Serialize;
use serde_json::Value;

use super::store;
use crate::{
    Work, audit,
    foundation::{clock::Timestamp, errors::Failure, ids::PersonId},
    messaging::{letters::Recipient, outbox::Channel},
    patronage::privacy,
    people::accounts,
};

/// All that is known of one person.
#[derive(Serialize)]
pub(super) struct Everything {
    pub made_at: Timestamp,
    pub card: store::Card,
    pub groups: Vec<String>,
    pub links: Vec<store::Link>,
    pub consents: Vec<store::Consent>,
    pub series: Vec<store::Series>,
    pub reminders: Vec<store::Reminder>,
    pub files: Vec<store::File>,
    pub contacts: Vec<store::Contact>,
    pub activity: Vec<store::Activity>,
    pub messages: Vec<store::Message>,
    pub received: Vec<store::Received>,
    pub web_chat: Vec<store::Line>,
    pub journal: Vec<Noted>,
}

/// An entry of the audit.
#[derive(Serialize)]
pub(super) struct Noted {
    pub at: Timestamp,
    pub who: String,
    pub action: String,
    pub changes: Value,
}

impl Everything {
    /// Collects it.
    pub(super) async fn of(work: &mut Work, person: PersonId) -> Result<Self, Failure> {
        let card = store::card(&mut work.tx, person).await?.ok_or(Failure::NotFound)?;
        let traces = privacy::store::traces(&mut work.tx, person).await?;
        let (mut messages, mut received, mut web_chat) = (Vec::new(), Vec::new(), Vec::new());
        for trace in &traces {
            let channel = Channel::Messenger(trace.messenger);
            messages.extend(store::messages(&mut work.tx, channel, &trace.chat, Some(person)).await?);
            // What came after the account went to somebody else is his.
            let before = trace.others_since.unwrap_or(Timestamp::MAX_UTC).min(work.now + chrono::TimeDelta::days(1));
            received.extend(store::received(&mut work.tx, trace.messenger, &trace.chat, before).await?);
            if let Ok(chat) = trace.chat.parse() {
                web_chat.extend(store::lines(&mut work.tx, chat, before).await?);
            }
        }
        for recipient in [Recipient::CuratorOf(person), Recipient::AdministratorBesides(person)] {
            messages.extend(store::messages(&mut work.tx, Channel::Email, &recipient.to_string(), None).await?);
        }
        messages.sort_by_key(|message| message.created_at);
        Ok(Self {
            made_at: work.now,
            card,
            groups: store::groups(&mut work.tx, person).await?,
            links: store::links(&mut work.tx, person).await?,
            consents: store::consents(&mut work.tx, person).await?,
            series: store::series(&mut work.tx, person).await?,
            reminders: store::reminders(&mut work.tx, person).await?,
            files: store::files(&mut work.tx, person).await?,
            contacts: store::contacts(&mut work.tx, person).await?,
            activity: store::activity(&mut work.tx, person).await?,
            messages,
            received,
            web_chat,
            journal: journal(work, person).await?,
        })
    }
}

async fn journal(work: &mut Work, person: PersonId) -> Result<Vec<Noted>, Failure> {
    let mut subjects = privacy::store::subjects(&mut work.tx, person).await?;
    subjects.push(person.0);
    let mut noted = Vec::new();
    for subject in subjects {
        for record in audit::all_of(work, subject).await? {
            let who = accounts::name_of_author(&mut work.tx, record.author).await?.said(work.app.house_words());
            noted.push(Noted { at: record.at, who, action: record.action, changes: record.changes });
        }
    }
    noted.sort_by_key(|entry| entry.at);
    Ok(noted)
}
