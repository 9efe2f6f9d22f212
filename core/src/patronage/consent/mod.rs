//! Consent to the processing of personal data: asked in the messenger before the account is connected, when the operator wants it
//! (`consent.required`). Without it nothing but the question is sent. Kept: the very text, when, in which messenger.
//!
//! Who was connected before it was asked for, or agreed to an earlier text, is asked when he next says something. Until he agrees
//! everything goes on: what was begun on a lawful basis is ended by a person, not by a missing press.

mod store;

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    App, Work,
    audit::{self, Entry},
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::{ConsentId, PersonId},
    },
    messaging::messenger::Messenger,
    patronage::citizens,
    people::access::Action,
};

/// A consent that was given.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Consent {
    /// When.
    pub given_at: Timestamp,
    /// Where.
    pub messenger: Messenger,
    /// Which text: the beginning of its hash.
    pub version: String,
}

/// Whether it is asked for.
pub fn is_required(app: &App) -> bool {
    app.config.consent.required
}

/// The text that is agreed to: the operator's, else the one of the language.
pub fn text(app: &App) -> String {
    match app.config.consent.text.trim() {
        "" => app.house_words().t("consent-text").to_string(),
        own => own.to_owned(),
    }
}

/// The version of a text: it changes with every letter.
pub fn version(text: &str) -> String {
    Sha256::digest(text).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the citizen is to be asked: consent is wanted, and the latest one given is not to the present text.
pub async fn is_owed(work: &mut Work, person: PersonId) -> Result<bool, StorageError> {
    if !is_required(&work.app) {
        return Ok(false);
    }
    let present = version(&text(&work.app));
    let latest = store::latest(&mut work.tx, person).await?;
    Ok(latest.is_none_or(|consent| consent.version != present))
}

/// Notes that the citizen agreed to the present text, unless that was noted last; part of a conversation, which knows who it is.
pub async fn record(work: &mut Work, person: PersonId, messenger: Messenger) -> Result<(), StorageError> {
    let text = text(&work.app);
    let version = version(&text);
    if store::latest(&mut work.tx, person).await?.is_some_and(|consent| consent.version == version) {
        return Ok(());
    }
    let id = ConsentId::draw(work.now, &*work.app.chance);
    store::keep_text(&mut work.tx, &version, &text, work.now).await?;
    store::insert(&mut work.tx, id, person, &version, messenger, work.now).await?;
    let changes = json!({ "messenger": messenger.name(), "version": version });
    let entry = Entry { action: "consent.given", subject: "citizen", subject_id: Some(person.0), changes };
    audit::note(work, entry).await
}

/// The citizen's latest consent, for the card.
pub async fn latest(work: &mut Work, person: PersonId) -> Result<Option<Consent>, Failure> {
    let sight = work.must(Action::ViewCitizens)?;
    citizens::in_sight(work, sight, person).await?;
    Ok(store::latest(&mut work.tx, person).await?)
}
