//! Ids: `UUIDv7` made of the [`Clock`](super::clock::Clock) and [`Chance`], wrapped so that one kind cannot stand for another.
//!
//! They sort by the moment of creation and are written short (22 characters, URL-safe) in addresses and buttons.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{chance::Chance, clock::Timestamp};

/// Draws a fresh `UUIDv7` for the moment `now`.
pub fn draw(now: Timestamp, chance: &dyn Chance) -> Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &super::chance::bytes::<10>(chance)).into_uuid()
}

/// Where the ids of the moment `at` begin: those drawn earlier are smaller, those drawn in its millisecond or later are not.
pub fn first_of(at: Timestamp) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

/// The short text of an id: 22 URL-safe characters.
pub fn short(id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(id.as_bytes())
}

/// Reads an id from its short or its canonical text.
pub fn parse(text: &str) -> Option<Uuid> {
    // The canonical text is valid base64 too, but of too many bytes.
    let short = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| Uuid::from_slice(&bytes).ok());
    short.or_else(|| Uuid::try_parse(text).ok())
}

/// Text that is not an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Draws a fresh id for the moment `now`.
            pub fn draw(now: Timestamp, chance: &dyn Chance) -> Self {
                Self(draw(now, chance))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&short(self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse(text).map(Self).ok_or(NotAnId)
            }
        }
    )+};
}

id! {
    /// A human being: citizen, curator or both.
    PersonId,
    /// A sign-in of the panel.
    AccountId,
    /// A signed-in browser.
    SessionId,
    /// «Район».
    DistrictId,
    /// «Особая группа».
    GroupId,
    /// «Тип сообщений (файлов)».
    FileTypeId,
    /// An activation code's record.
    CodeId,
    /// A person's account in a messenger.
    LinkId,
    /// A message or letter on its way out.
    OutboxId,
    /// A browser that talks to the bot through the web chat.
    WebChatId,
    /// A line of a web chat.
    WebMessageId,
    /// «Напоминание (задание)»: a rule with its text.
    SeriesId,
    /// One reminder of a series.
    OccurrenceId,
    /// A file sent by a citizen.
    FileId,
    /// «История взаимодействия»: a request for contact or an own contact of the curator.
    ContactId,
    /// A record of «Активность».
    ActivityId,
    /// An entry of the audit.
    AuditId,
    /// A file for Excel that was asked for.
    ExportId,
    /// A consent that was given.
    ConsentId,
    /// A table of citizens that was handed in.
    ImportId,
    /// One filled-in form, so that a double click saves it once.
    SubmissionId,
}
