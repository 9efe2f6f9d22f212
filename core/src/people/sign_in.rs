//! Signing in to the panel (PT-015…PT-020).

use serde_json::json;

use super::{
    access::Actor,
    accounts::{self, Credential},
    login, sessions,
    throttle::{self, Verdict},
};
use crate::{
    App, Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, Say, StorageError},
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

/// Signs in. Refusals: `sign-in-unknown` (PT-017), `sign-in-wrong` (PT-018), `sign-in-too-many` (PT-019).
///
/// The attempt is counted as a failure before the password is looked at and pardoned when it was right, so that many
/// attempts at the same moment are no way around the limit; an unknown login takes as long as a wrong password (PT-D03).
pub async fn sign_in(app: &App, attempt: Attempt) -> Result<SignedIn, Failure> {
    let key: String = login::key(&attempt.login).chars().take(LOGIN_LIMIT).collect();
    let subjects = Subjects { login: format!("login:{key}"), address: format!("address:{}", attempt.address) };
    let credential = admit(app, &attempt, &key, &subjects).await?;
    let stored = credential.as_ref().map(|credential| credential.password_hash.clone());
    let is_right = app.hasher.verify(&attempt.password, stored).await;
    match credential {
        Some(credential) if is_right => enter(app, &attempt, &credential, &subjects).await,
        known => Err(refuse(app, &attempt, known.is_some(), &key).await?),
    }
}

struct Subjects {
    login: String,
    address: String,
}

fn stranger(attempt: &Attempt) -> Actor {
    Actor::Stranger { address: attempt.address.clone() }
}

/// Counts the attempt, unless there were too many, and finds the account.
async fn admit(app: &App, attempt: &Attempt, key: &str, subjects: &Subjects) -> Result<Option<Credential>, Failure> {
    let mut work = app.begin(stranger(attempt)).await?;
    for (subject, rule) in [(&subjects.address, &throttle::ADDRESS), (&subjects.login, &throttle::LOGIN)] {
        if let Verdict::Refused { minutes } = throttle::fail_unless_refused(&mut work, subject, rule).await? {
            return Err(Failure::Refused(Say::key("sign-in-too-many").number("minutes", minutes)));
        }
    }
    let credential = accounts::credential(&mut work, key).await?;
    work.commit().await?;
    Ok(credential)
}

async fn enter(
    app: &App,
    attempt: &Attempt,
    credential: &Credential,
    subjects: &Subjects,
) -> Result<SignedIn, Failure> {
    let mut work = app.begin(credential.actor(&attempt.address)).await?;
    if !accounts::still_has(&mut work, credential).await? {
        return Err(Failure::refused("sign-in-wrong"));
    }
    throttle::forget(&mut work, &subjects.login).await?;
    throttle::pardon(&mut work, &subjects.address).await?;
    let cookie = sessions::begin(&mut work, credential.account, &attempt.address, &attempt.device).await?;
    note(&mut work, "account.signed-in", Some(credential), None).await?;
    work.commit().await?;
    Ok(SignedIn { cookie, must_change_password: credential.must_change_password })
}

async fn refuse(app: &App, attempt: &Attempt, is_known: bool, key: &str) -> Result<Failure, StorageError> {
    let mut work = app.begin(stranger(attempt)).await?;
    // An unknown login may be a password typed into the wrong field: it is not written down.
    note(&mut work, "account.sign-in-refused", None, is_known.then_some(key)).await?;
    work.commit().await?;
    let tells = !app.config.patronage.uniform_sign_in_error;
    Ok(Failure::refused(if is_known || !tells { "sign-in-wrong" } else { "sign-in-unknown" }))
}

async fn note(
    work: &mut Work,
    action: &'static str,
    credential: Option<&Credential>,
    login: Option<&str>,
) -> Result<(), StorageError> {
    let subject_id = credential.map(|credential| credential.account.0);
    let changes = login.map_or_else(|| json!({}), |login| json!({ "login": login }));
    audit::note(work, Entry { action, subject: "account", subject_id, changes }).await
}
