//! SQL of the archive: everything about one person, without codes and secrets.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::StorageError,
        ids::{PersonId, WebChatId},
    },
    messaging::{messenger::Messenger, outbox::Channel},
    on_backend,
    patronage::reminders::{Kind, OccurrenceState},
};

/// The card.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Card {
    pub surname: String,
    pub name: Option<String>,
    pub patronymic: Option<String>,
    pub birth_date: Option<NaiveDate>,
    pub inn: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub curator_surname: Option<String>,
    pub curator_name: Option<String>,
    pub curator_patronymic: Option<String>,
    pub district: Option<String>,
    pub situation: Option<String>,
    pub diary: Option<String>,
    pub time_zone: Option<String>,
    pub inactive: bool,
    pub inactive_until: Option<NaiveDate>,
    pub created_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

impl Card {
    /// «Петрова Мария Ивановна».
    pub(super) fn full_name(&self) -> String {
        joined([Some(&self.surname), self.name.as_ref(), self.patronymic.as_ref()])
    }

    /// The curator, if there is one.
    pub(super) fn curator(&self) -> String {
        joined([self.curator_surname.as_ref(), self.curator_name.as_ref(), self.curator_patronymic.as_ref()])
    }
}

fn joined(parts: [Option<&String>; 3]) -> String {
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// A messenger that was or is connected.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Link {
    pub messenger: Messenger,
    pub account: String,
    pub state: String,
    pub linked_at: Timestamp,
    pub changed_at: Timestamp,
}

/// A consent that was given.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Consent {
    pub given_at: Timestamp,
    pub messenger: String,
    pub version: String,
    pub text: String,
}

/// A planned series.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Series {
    pub created_at: Timestamp,
    pub kind: Kind,
    pub text: String,
    pub repetition: String,
    pub every: i64,
    pub start_date: NaiveDate,
    pub local_time: chrono::NaiveTime,
    pub times: Option<i64>,
    pub end_date: Option<NaiveDate>,
}

/// A reminder that came due.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Reminder {
    pub local_date: NaiveDate,
    pub local_time: chrono::NaiveTime,
    pub kind: Kind,
    pub text: String,
    pub state: OccurrenceState,
    pub delivered_at: Option<Timestamp>,
    pub reacted_at: Option<Timestamp>,
}

/// A file; its content lies in the archive under `place`.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct File {
    pub name: String,
    pub media_type: String,
    pub size: Option<i64>,
    pub caption: Option<String>,
    pub received_at: Timestamp,
    #[serde(skip)]
    pub storage_key: Option<String>,
    #[sqlx(skip)]
    pub place: String,
}

/// A line of «История взаимодействия».
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Contact {
    pub created_at: Timestamp,
    pub initiator: String,
    pub comment: Option<String>,
    pub result: String,
    pub handled_at: Option<Timestamp>,
}

/// A record of «Активность».
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Activity {
    pub created_at: Timestamp,
    pub kind: String,
    pub processed_at: Option<Timestamp>,
}

/// A message or letter that was written to or about the person.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Message {
    pub created_at: Timestamp,
    pub channel: String,
    pub state: String,
    #[sqlx(json)]
    pub payload: Value,
}

/// Something that arrived from the person.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Received {
    pub received_at: Timestamp,
    pub messenger: String,
    #[sqlx(json)]
    pub payload: Value,
}

/// A line of the web chat.
#[derive(Serialize, sqlx::FromRow)]
pub(super) struct Line {
    pub created_at: Timestamp,
    pub author: String,
    pub text: String,
}

/// The card, deleted or not; nothing when it was erased.
pub(super) async fn card(tx: &mut Tx, person: PersonId) -> Result<Option<Card>, StorageError> {
    const SQL: &str =
        "SELECT p.surname, p.name, p.patronymic, c.birth_date, c.inn, p.phone, p.email, q.surname AS curator_surname,
            q.name AS curator_name, q.patronymic AS curator_patronymic, d.name AS district, c.situation, c.diary,
            p.time_zone, c.inactive, c.inactive_until, c.created_at, c.deleted_at
        FROM citizens c JOIN persons p ON p.id = c.person_id LEFT JOIN persons q ON q.id = c.curator_id
            LEFT JOIN districts d ON d.id = c.district_id
        WHERE c.person_id = $1 AND c.erased_at IS NULL";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_optional(c).await?))
}

/// A function that reads all rows of one person.
macro_rules! rows_of_person {
    ($($(#[$doc:meta])* $name:ident -> $row:ty = $sql:literal;)+) => {$(
        $(#[$doc])*
        pub(super) async fn $name(tx: &mut Tx, person: PersonId) -> Result<Vec<$row>, StorageError> {
            const SQL: &str = $sql;
            Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_all(c).await?))
        }
    )+};
}

rows_of_person! {
    /// Messengers, ended ones too.
    links -> Link = "SELECT messenger, account, state, linked_at, changed_at FROM links
        WHERE person_id = $1 ORDER BY linked_at";
    /// Consents.
    consents -> Consent = "SELECT c.given_at, c.messenger, c.version, t.text FROM consents c
        JOIN consent_texts t ON t.version = c.version WHERE c.person_id = $1 ORDER BY c.id";
    /// Planned series.
    series -> Series = "SELECT created_at, kind, text, repetition, every, start_date, local_time, times, end_date
        FROM series WHERE person_id = $1 ORDER BY start_date";
    /// Reminders that came due.
    reminders -> Reminder = "SELECT local_date, local_time, kind, text, state, delivered_at, reacted_at
        FROM occurrences WHERE person_id = $1 ORDER BY local_date, local_time";
    /// Contacts.
    contacts -> Contact = "SELECT created_at, initiator, comment, result, handled_at FROM contacts
        WHERE person_id = $1 ORDER BY id";
    /// Records.
    activity -> Activity = "SELECT created_at, kind, processed_at FROM activity WHERE person_id = $1 ORDER BY id";
}

/// Names of the special groups.
pub(super) async fn groups(tx: &mut Tx, person: PersonId) -> Result<Vec<String>, StorageError> {
    const SQL: &str = "SELECT g.name FROM citizen_groups m JOIN special_groups g ON g.id = m.group_id
        WHERE m.person_id = $1 ORDER BY g.name_key";
    Ok(on_backend!(tx, |c| sqlx::query_scalar(SQL).bind(person).fetch_all(c).await?))
}

/// The files, each with its place in the archive.
pub(super) async fn files(tx: &mut Tx, person: PersonId) -> Result<Vec<File>, StorageError> {
    const SQL: &str = "SELECT name, media_type, size, caption, received_at, storage_key FROM files
        WHERE person_id = $1 AND state = 'stored' ORDER BY id";
    let mut files: Vec<File> = on_backend!(tx, |c| sqlx::query_as(SQL).bind(person).fetch_all(c).await?);
    for (number, file) in files.iter_mut().enumerate() {
        // Two files may have one name; a name must not lead out of its folder.
        let name = file.name.replace(['/', '\\'], "_");
        file.place = format!("files/{:03}-{name}", number + 1);
    }
    Ok(files)
}

/// What was said in a chat to the person, or all letters to a recipient.
pub(super) async fn messages(
    tx: &mut Tx,
    channel: Channel,
    recipient: &str,
    person: Option<PersonId>,
) -> Result<Vec<Message>, StorageError> {
    const SQL: &str = "SELECT created_at, channel, state, payload FROM (
        SELECT m.id, m.created_at, m.channel, m.state, m.payload FROM outbox m WHERE m.channel = $1 AND m.recipient = $2
            AND m.occurrence_id IS NULL AND (CAST($1 AS TEXT) = 'email' OR m.person_id = $3)
        UNION ALL SELECT m.id, m.created_at, m.channel, m.state, m.payload
            FROM occurrences o JOIN outbox m ON m.occurrence_id = o.id
            WHERE o.person_id = $3 AND m.channel = $1 AND m.recipient = $2) AS said ORDER BY id";
    on_backend!(tx, |c| {
        Ok(sqlx::query_as(SQL).bind(channel.name()).bind(recipient).bind(person).fetch_all(c).await?)
    })
}

/// What arrived from a chat before `before`.
pub(super) async fn received(
    tx: &mut Tx,
    messenger: Messenger,
    chat: &str,
    before: Timestamp,
) -> Result<Vec<Received>, StorageError> {
    const SQL: &str = "SELECT received_at, messenger, payload FROM inbox
        WHERE messenger = $1 AND chat = $2 AND received_at < $3 ORDER BY seq";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(messenger).bind(chat).bind(before).fetch_all(c).await?))
}

/// The lines of a web chat written before `before`.
pub(super) async fn lines(tx: &mut Tx, chat: WebChatId, before: Timestamp) -> Result<Vec<Line>, StorageError> {
    const SQL: &str = "SELECT created_at, author, text FROM web_messages
        WHERE chat_id = $1 AND created_at < $2 ORDER BY seq";
    Ok(on_backend!(tx, |c| sqlx::query_as(SQL).bind(chat).bind(before).fetch_all(c).await?))
}
