//! Signing in to the panel (PT-015…PT-020): the password, and the code of the second factor where there is one.

mod pending;
mod store;

use serde_json::json;

pub use pending::clean;

use super::{
    access::Actor,
    accounts::{self, Credential},
    login, places, second_factor, sessions,
    throttle::{self, Verdict},
};
use crate::{
    App, Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, Say, StorageError},
        ids::AccountId,
        secrets::Secret,
    },
};

/// Logins longer than any real one are cut, so that counters stay small.
const LOGIN_LIMIT: usize = 64;

/// What was typed into the sign-in window, and where.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Login as typed.
    pub login: String,
    /// Password as typed.
    pub password: Secret,
    /// The network address.
    pub address: String,
    /// What the browser says about itself.
    pub device: String,
}

/// A sign-in that succeeded.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The value of the session's cookie.
    pub cookie: Secret,
    /// Whether a new password must be chosen first (PT-024).
    pub must_change_password: bool,
}

/// How far the right password leads.
#[derive(Debug, Clone)]
pub enum Entrance {
    /// Into the panel.
    SignedIn(SignedIn),
    /// To the page that asks for the code; the value of its cookie.
    CodeNeeded(Secret),
}

/// The code typed into the second page, and where.
#[derive(Debug, Clone)]
pub struct CodeAttempt {
    /// The cookie that [`sign_in`] gave.
    pub cookie: String,
    /// A code of the app or a recovery code, as typed.
    pub code: String,
    /// The network address.
    pub address: String,
    /// What the browser says about itself.
    pub device: String,
}

/// Signs in. Refusals: `sign-in-unknown` (PT-017), `sign-in-wrong` (PT-018), `sign-in-too-many` (PT-019).
///
/// The attempt is counted as a failure before the password is looked at and pardoned when it was right, so that many
/// attempts at the same moment are no way around the limit; an unknown login takes as long as a wrong password (PT-D03).
pub async fn sign_in(app: &App, attempt: Attempt) -> Result<Entrance, Failure> {
    let key: String = login::key(&attempt.login).chars().take(LOGIN_LIMIT).collect();
    let subjects = Subjects::of(&key, &attempt.address);
    let mut work = app.begin(stranger(&attempt.address)).await?;
    admit(&mut work, &subjects).await?;
    let credential = accounts::credential(&mut work, &key).await?;
    work.commit().await?;
    let stored = credential.as_ref().map(|credential| credential.password_hash.clone());
    let is_right = app.hasher.verify(&attempt.password, stored).await;
    match credential {
        Some(credential) if is_right => enter(app, &attempt, &credential, &subjects).await,
        known => Err(refuse(app, &attempt, known.is_some(), &key).await?),
    }
}

/// Signs in with the code that was asked for after the password. A pending sign-in that is unknown or too old is not found;
/// refusals: `sign-in-wrong-code`, `sign-in-too-many` (PT-019), with the counters of the password.
pub async fn give_code(app: &App, attempt: CodeAttempt) -> Result<SignedIn, Failure> {
    let mut work = app.begin(stranger(&attempt.address)).await?;
    let (id, account) = pending::find(&mut work, &attempt.cookie).await?.ok_or(Failure::NotFound)?;
    let login = accounts::login_of(&mut work, account).await?.ok_or(Failure::NotFound)?;
    let subjects = Subjects::of(&login::key(&login), &attempt.address);
    admit(&mut work, &subjects).await?;
    let credential = accounts::credential_of(&mut work, account).await?.ok_or(Failure::NotFound)?;
    work.commit().await?;

    let mut work = app.begin(credential.actor(&attempt.address)).await?;
    let proof = second_factor::accept(&mut work, account, &attempt.code).await?;
    if proof.is_none() {
        note(&mut work, "account.second-factor-refused", Some(account), None).await?;
        work.commit().await?;
        return Err(Failure::refused("sign-in-wrong-code"));
    }
    if !store::delete(&mut work.tx, id).await? {
        return Err(Failure::NotFound);
    }
    let place = Place { address: &attempt.address, device: &attempt.device };
    let signed_in = begin_session(&mut work, &credential, place, &subjects).await?;
    work.commit().await?;
    Ok(signed_in)
}

/// Whether a code is still awaited from who has this cookie.
pub async fn awaits_code(app: &App, cookie: &str) -> Result<bool, StorageError> {
    let mut work = app.look(Actor::System).await?;
    Ok(pending::find(&mut work, cookie).await?.is_some())
}

/// Ends what was begun with a password that is no longer the account's.
pub(super) async fn forget_pending(work: &mut Work, account: AccountId) -> Result<(), StorageError> {
    store::delete_of_account(&mut work.tx, account).await
}

struct Subjects {
    login: String,
    address: String,
}

impl Subjects {
    fn of(key: &str, address: &str) -> Self {
        Self { login: format!("login:{key}"), address: format!("address:{address}") }
    }
}

#[derive(Clone, Copy)]
struct Place<'a> {
    address: &'a str,
    device: &'a str,
}

fn stranger(address: &str) -> Actor {
    Actor::Stranger { address: address.to_owned() }
}

/// Counts the attempt, unless there were too many.
async fn admit(work: &mut Work, subjects: &Subjects) -> Result<(), Failure> {
    for (subject, rule) in [(&subjects.address, &throttle::ADDRESS), (&subjects.login, &throttle::LOGIN)] {
        if let Verdict::Refused { minutes } = throttle::fail_unless_refused(work, subject, rule).await? {
            return Err(Failure::Refused(Say::key("sign-in-too-many").number("minutes", minutes)));
        }
    }
    Ok(())
}

/// After the right password.
async fn enter(
    app: &App,
    attempt: &Attempt,
    credential: &Credential,
    subjects: &Subjects,
) -> Result<Entrance, Failure> {
    let mut work = app.begin(credential.actor(&attempt.address)).await?;
    if !accounts::still_has(&mut work, credential).await? {
        return Err(Failure::refused("sign-in-wrong"));
    }
    let entrance = if second_factor::is_on(&mut work, credential.account).await? {
        // Only taken back, not forgotten: the counters must go on counting wrong codes.
        throttle::pardon(&mut work, &subjects.login).await?;
        throttle::pardon(&mut work, &subjects.address).await?;
        Entrance::CodeNeeded(pending::begin(&mut work, credential.account).await?)
    } else {
        let place = Place { address: &attempt.address, device: &attempt.device };
        Entrance::SignedIn(begin_session(&mut work, credential, place, subjects).await?)
    };
    work.commit().await?;
    Ok(entrance)
}

async fn begin_session(
    work: &mut Work,
    credential: &Credential,
    place: Place<'_>,
    subjects: &Subjects,
) -> Result<SignedIn, StorageError> {
    throttle::forget(work, &subjects.login).await?;
    throttle::pardon(work, &subjects.address).await?;
    let cookie = sessions::begin(work, credential.account, place.address, place.device).await?;
    places::greet(work, credential.account, place.address, place.device).await?;
    note(work, "account.signed-in", Some(credential.account), None).await?;
    Ok(SignedIn { cookie, must_change_password: credential.must_change_password })
}

async fn refuse(app: &App, attempt: &Attempt, is_known: bool, key: &str) -> Result<Failure, StorageError> {
    let mut work = app.begin(stranger(&attempt.address)).await?;
    // An unknown login may be a password typed into the wrong field: it is not written down.
    note(&mut work, "account.sign-in-refused", None, is_known.then_some(key)).await?;
    work.commit().await?;
    let tells = !app.config.patronage.uniform_sign_in_error;
    Ok(Failure::refused(if is_known || !tells { "sign-in-wrong" } else { "sign-in-unknown" }))
}

async fn note(
    work: &mut Work,
    action: &'static str,
    account: Option<AccountId>,
    login: Option<&str>,
) -> Result<(), StorageError> {
    let subject_id = account.map(|account| account.0);
    let changes = login.map_or_else(|| json!({}), |login| json!({ "login": login }));
    audit::note(work, Entry { action, subject: "account", subject_id, changes }).await
}
