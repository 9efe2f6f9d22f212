//! Signed-in browsers (PT-023): the cookie holds an id and a secret, the database only the secret's hash.

mod store;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::access::{Action, Actor};
use crate::{
    App, Work,
    foundation::{
        chance::secret_text,
        clock::Timestamp,
        errors::{Failure, Say, StorageError},
        ids::{AccountId, PersonId, SessionId},
        secrets::Secret,
    },
    settings::Demand,
};

/// A session ends after so much idleness.
pub const IDLE_LIMIT: TimeDelta = TimeDelta::hours(8);
/// No session lasts longer.
pub const LIFE_LIMIT: TimeDelta = TimeDelta::hours(24);
/// `seen_at` is written at most so often.
const SEEN_STEP: TimeDelta = TimeDelta::minutes(1);
const DEVICE_LIMIT: usize = 300;

/// A signed-in browser, checked.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// On whose behalf it works, with the address of this request.
    pub actor: Actor,
    /// The anti-forgery token that every changing form must repeat.
    pub csrf: Secret,
    /// The language chosen by its account.
    pub locale: Option<String>,
    /// Only the form for a new password is open (PT-024).
    pub must_change_password: bool,
    /// Only the way to a second factor is open: the installation demands one, and the account has none.
    pub must_enrol: bool,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// A message that waits for the next page.
    pub flash: Option<Flash>,
}

/// One line of the list of one's own sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// What the browser said about itself at sign-in.
    pub device: String,
    /// The network address at sign-in.
    pub address: String,
    /// When it was signed in.
    pub created_at: Timestamp,
    /// When it was used last, within a minute.
    pub seen_at: Timestamp,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// How a message at the top of the next page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Done.
    Success,
    /// Done, but look.
    Warning,
    /// Not done.
    Error,
}

/// A message for the next page, shown once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Flash {
    /// How it looks.
    pub tone: Tone,
    /// What it says.
    pub say: Say,
}

impl Flash {
    /// A message that something is done.
    pub fn success(say: Say) -> Self {
        Self { tone: Tone::Success, say }
    }
}

/// A session's row with what is needed of its account.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub id: SessionId,
    pub secret_hash: Vec<u8>,
    pub csrf: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub account: AccountId,
    pub curator: Option<PersonId>,
    pub locale: Option<String>,
    pub must_change_password: bool,
    pub has_second_factor: bool,
    pub demand: Demand,
    pub flash: Option<Flash>,
}

/// Begins a session for an account that has just proved itself; returns the cookie's value.
pub(super) async fn begin(
    work: &mut Work,
    account: AccountId,
    address: &str,
    device: &str,
) -> Result<Secret, StorageError> {
    let chance = std::sync::Arc::clone(&work.app.chance);
    let id = SessionId::draw(work.now, &*chance);
    let (secret, csrf) = (secret_text(&*chance), secret_text(&*chance));
    let device: String = device.chars().take(DEVICE_LIMIT).collect();
    let new = store::New { id, account, secret_hash: hash(&secret), csrf, address: address.to_owned(), device };
    store::insert(&mut work.tx, &new, work.now).await?;
    Ok(Secret::new(format!("{id}.{secret}")))
}

/// The session of a cookie, unless it is unknown, over or its account is closed.
pub async fn resume(app: &App, cookie: &str, address: &str) -> Result<Option<Session>, StorageError> {
    let Some((id, secret)) = read_cookie(cookie) else { return Ok(None) };
    let now = app.clock.now();
    let Some(stored) = store::find(&mut app.db.glance().await?, id).await? else { return Ok(None) };
    let is_right: bool = hash(secret).ct_eq(&stored.secret_hash).into();
    if !is_right || now >= stored.seen_at + IDLE_LIMIT || now >= stored.created_at + LIFE_LIMIT {
        return Ok(None);
    }
    if now >= stored.seen_at + SEEN_STEP {
        let mut tx = app.db.begin().await?;
        store::seen(&mut tx, id, now).await?;
        tx.commit().await?;
    }
    Ok(Some(session(stored, address)))
}

fn read_cookie(cookie: &str) -> Option<(SessionId, &str)> {
    let (id, secret) = cookie.split_once('.')?;
    Some((id.parse().ok()?, secret))
}

fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

fn session(stored: Stored, address: &str) -> Session {
    let (account, address) = (stored.account, address.to_owned());
    let actor = match stored.curator {
        Some(curator) => Actor::Curator { account, curator, address },
        None => Actor::Administrator { account, address },
    };
    Session {
        id: stored.id,
        actor,
        csrf: Secret::new(stored.csrf),
        locale: stored.locale,
        must_change_password: stored.must_change_password,
        must_enrol: !stored.has_second_factor && stored.demand.concerns(stored.curator.is_none()),
        created_at: stored.created_at,
        flash: stored.flash,
    }
}

/// Ends the session (PT-022).
pub async fn sign_out(app: &App, session: &Session) -> Result<(), StorageError> {
    let mut tx = app.db.begin().await?;
    store::delete(&mut tx, session.id).await?;
    tx.commit().await
}

/// One's own sessions, the latest first; `this` is the one that asks.
pub async fn list_own(work: &mut Work, this: SessionId) -> Result<Vec<SessionRow>, Failure> {
    let account = own_account(work)?;
    let idle_since = work.now - IDLE_LIMIT;
    let born_since = work.now - LIFE_LIMIT;
    Ok(store::of_account(&mut work.tx, account, this, idle_since, born_since).await?)
}

/// Ends one of one's own sessions.
pub async fn end(work: &mut Work, session: SessionId) -> Result<(), Failure> {
    let account = own_account(work)?;
    match store::delete_own(&mut work.tx, account, session).await? {
        0 => Err(Failure::NotFound),
        _ => Ok(()),
    }
}

/// Ends all one's own sessions but `this`.
pub async fn end_others(work: &mut Work, this: SessionId) -> Result<(), Failure> {
    let account = own_account(work)?;
    Ok(store::delete_of_account(&mut work.tx, account, Some(this)).await?)
}

fn own_account(work: &Work) -> Result<AccountId, Failure> {
    work.must(Action::ManageOwnAccount)?;
    work.actor.account().ok_or(Failure::Forbidden)
}

/// Ends all sessions of an account, but perhaps one.
pub(crate) async fn end_all(work: &mut Work, account: AccountId, but: Option<SessionId>) -> Result<(), StorageError> {
    store::delete_of_account(&mut work.tx, account, but).await
}

/// Leaves a message for the session's next page.
pub async fn put_flash(app: &App, session: SessionId, flash: Flash) -> Result<(), StorageError> {
    let mut tx = app.db.begin().await?;
    store::put_flash(&mut tx, session, &flash).await?;
    tx.commit().await
}

/// Takes the message that waited for the session's next page when this request came.
pub async fn take_flash(app: &App, session: &Session) -> Result<Option<Flash>, StorageError> {
    if session.flash.is_some() {
        let mut tx = app.db.begin().await?;
        store::clear_flash(&mut tx, session.id).await?;
        tx.commit().await?;
    }
    Ok(session.flash.clone())
}

/// Periodic: drops sessions that are over; tells how many.
pub async fn clean(app: &App) -> Result<u64, StorageError> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let dropped = store::delete_over(&mut tx, now - IDLE_LIMIT).await?;
    tx.commit().await?;
    Ok(dropped)
}
