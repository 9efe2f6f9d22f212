//! Two-factor sign-in: a code of an authenticator app besides the password, and recovery codes for who lost the device.
//!
//! The secret is sealed with the key file like the mail password (PT-D55); a code is taken once, a recovery code too.

mod codes;
mod store;
mod totp;

use serde_json::json;

use super::{
    access::{Action, Actor},
    accounts,
    notices::{self, News},
    sessions::{self, Session},
    throttle::{self, Verdict},
};
use crate::{
    App, Work,
    audit::{self, Entry},
    foundation::{
        clock::Timestamp,
        errors::{Failure, Say, StorageError},
        ids::{AccountId, SessionId},
        secrets::Secret,
    },
};

/// How one's own second factor stands.
#[derive(Debug, Clone)]
pub enum State {
    /// There is none.
    Off,
    /// The secret waits for the first code.
    Enrolling(Enrolment),
    /// It is asked for at sign-in.
    On {
        /// Since when.
        since: Timestamp,
        /// How many recovery codes can still be used.
        codes_left: i64,
    },
}

/// What an authenticator app needs to know.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The secret as it is typed.
    pub secret: Secret,
    /// The same for a QR code.
    pub address: Secret,
}

/// How somebody proved to have the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// By the app's code.
    App,
    /// By a recovery code, which is used up now.
    Recovery,
}

/// How one's own second factor stands.
pub async fn state(work: &mut Work) -> Result<State, Failure> {
    let account = own(work)?;
    let Some(factor) = store::find(&mut work.tx, account).await? else { return Ok(State::Off) };
    if let Some(since) = factor.confirmed_at {
        let codes_left = store::codes_left(&mut work.tx, account).await?;
        return Ok(State::On { since, codes_left });
    }
    let Some(secret) = unsealed(&work.app, account, &factor.secret) else { return Ok(State::Off) };
    let login = accounts::login_of(work, account).await?.unwrap_or_default();
    let issuer = work.app.house_words().t("product-short-name").to_string();
    let address = totp::address(&secret, &issuer, &login);
    Ok(State::Enrolling(Enrolment { secret, address }))
}

/// Draws a secret for the app; it counts when its first code was typed back.
pub async fn begin(work: &mut Work) -> Result<(), Failure> {
    let account = own(work)?;
    let app = work.app.clone();
    let sealed = app.sealer.seal(&purpose(account), &totp::draw(&*app.chance), &*app.chance);
    let is_begun = store::begin(&mut work.tx, account, &sealed, work.now).await?;
    if is_begun { Ok(()) } else { Err(Failure::refused("second-factor-is-on")) }
}

/// The first code was typed back: from now on it is asked for. Returns the recovery codes, which are never shown again; the
/// other sessions of the account end.
pub async fn confirm(work: &mut Work, this: SessionId, code: &str) -> Result<Vec<Secret>, Failure> {
    let account = own(work)?;
    let factor = store::find(&mut work.tx, account).await?.ok_or(Failure::NotFound)?;
    let secret = unsealed(&work.app, account, &factor.secret).ok_or(Failure::NotFound)?;
    let step = totp::step_of(&secret, &typed(code), work.now).ok_or_else(wrong_code)?;
    if !store::confirm(&mut work.tx, account, step, work.now).await? {
        return Err(Failure::refused("second-factor-is-on"));
    }
    sessions::end_all(work, account, Some(this)).await?;
    note(work, "account.second-factor-on", account).await?;
    notices::tell(work, account, &News::SecondFactorOn).await?;
    draw_codes(work, account).await
}

async fn draw_codes(work: &mut Work, account: AccountId) -> Result<Vec<Secret>, Failure> {
    let codes = codes::draw(&*work.app.chance);
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| codes::hash(account, code.reveal())).collect();
    store::replace_codes(&mut work.tx, account, &hashes).await?;
    Ok(codes)
}

/// New recovery codes in the place of the old ones; asks for the password, with the counters of [`throttle`].
pub async fn renew_codes(app: &App, session: &Session, password: &Secret) -> Result<Vec<Secret>, Failure> {
    let mut proving = Proving::begin(app, session).await?;
    proving.password(password).await?;
    let (mut work, account) = proving.opened().await?;
    if store::find(&mut work.tx, account).await?.is_none_or(|factor| factor.confirmed_at.is_none()) {
        return Err(Failure::NotFound);
    }
    let codes = draw_codes(&mut work, account).await?;
    note(&mut work, "account.recovery-codes-renewed", account).await?;
    notices::tell(&mut work, account, &News::RecoveryCodesRenewed).await?;
    work.commit().await?;
    Ok(codes)
}

/// No second factor any more; asks for the password and for a code, with the counters of [`throttle`].
pub async fn switch_off(app: &App, session: &Session, password: &Secret, code: &str) -> Result<(), Failure> {
    let mut proving = Proving::begin(app, session).await?;
    proving.password(password).await?;
    let (mut work, account) = proving.opened().await?;
    if accept(&mut work, account, code).await?.is_none() {
        drop(work);
        proving.refused().await?;
        return Err(wrong_code());
    }
    store::delete(&mut work.tx, account).await?;
    note(&mut work, "account.second-factor-off", account).await?;
    notices::tell(&mut work, account, &News::SecondFactorOff).await?;
    work.commit().await?;
    Ok(())
}

/// Somebody signed in proves once more who he is. Each try is counted as a failure first and pardoned when it was right.
struct Proving<'a> {
    app: &'a App,
    actor: Actor,
    account: AccountId,
    subject: String,
}

impl<'a> Proving<'a> {
    async fn begin(app: &'a App, session: &Session) -> Result<Self, Failure> {
        let actor = session.actor.clone();
        let mut work = app.begin(actor.clone()).await?;
        let account = own(&work)?;
        let subject = format!("second-factor:{account}");
        if let Verdict::Refused { minutes } =
            throttle::fail_unless_refused(&mut work, &subject, &throttle::LOGIN).await?
        {
            return Err(Failure::Refused(Say::key("sign-in-too-many").number("minutes", minutes)));
        }
        work.commit().await?;
        Ok(Self { app, actor, account, subject })
    }

    async fn password(&mut self, password: &Secret) -> Result<(), Failure> {
        let mut work = self.app.look(self.actor.clone()).await?;
        let stored = accounts::password_hash(&mut work, self.account).await?;
        drop(work);
        if self.app.hasher.verify(password, stored).await {
            return Ok(());
        }
        Err(Failure::invalid("password", Say::key("people-wrong-password")))
    }

    /// What was proved so far was right; what follows may still be refused.
    async fn opened(&self) -> Result<(Work, AccountId), Failure> {
        let mut work = self.app.begin(self.actor.clone()).await?;
        throttle::pardon(&mut work, &self.subject).await?;
        Ok((work, self.account))
    }

    async fn refused(&self) -> Result<(), StorageError> {
        let mut work = self.app.begin(self.actor.clone()).await?;
        note(&mut work, "account.second-factor-refused", self.account).await?;
        work.commit().await
    }
}

fn wrong_code() -> Failure {
    Failure::invalid("code", Say::key("second-factor-wrong-code"))
}

/// Whether the account asks for a second factor at sign-in.
pub(super) async fn is_on(work: &mut Work, account: AccountId) -> Result<bool, StorageError> {
    Ok(store::find(&mut work.tx, account).await?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Takes a code of the app or a recovery code, once; `None` when it is neither. Both ways are always looked at.
pub(super) async fn accept(work: &mut Work, account: AccountId, code: &str) -> Result<Option<Proof>, StorageError> {
    let Some(factor) = store::find(&mut work.tx, account).await?.filter(|factor| factor.confirmed_at.is_some()) else {
        return Ok(None);
    };
    let step =
        unsealed(&work.app, account, &factor.secret).and_then(|secret| totp::step_of(&secret, &typed(code), work.now));
    let by_app = store::take_step(&mut work.tx, account, step.unwrap_or_default()).await?;
    let by_recovery = store::take_code(&mut work.tx, account, &codes::hash(account, code), work.now).await?;
    if by_recovery {
        note(work, "account.recovery-code-used", account).await?;
        return Ok(Some(Proof::Recovery));
    }
    Ok(by_app.then_some(Proof::App))
}

/// Takes the second factor of somebody else's account away: its sessions end. `false` when there was none.
pub(super) async fn reset(work: &mut Work, account: AccountId) -> Result<bool, StorageError> {
    if !store::delete(&mut work.tx, account).await? {
        return Ok(false);
    }
    sessions::end_all(work, account, None).await?;
    note(work, "account.second-factor-reset", account).await?;
    notices::tell(work, account, &News::SecondFactorOff).await?;
    Ok(true)
}

fn own(work: &Work) -> Result<AccountId, Failure> {
    work.must(Action::ManageOwnAccount)?;
    work.actor.account().ok_or(Failure::Forbidden)
}

fn purpose(account: AccountId) -> String {
    format!("second_factors.secret:{account}")
}

/// The secret; `None` when another key file sealed it.
fn unsealed(app: &App, account: AccountId, sealed: &[u8]) -> Option<Secret> {
    let opened = app.sealer.unseal(&purpose(account), sealed);
    opened.inspect_err(|error| tracing::error!(%error, "the secret of a second factor")).ok()
}

/// Apps show «123 456».
fn typed(code: &str) -> String {
    code.split_whitespace().collect()
}

async fn note(work: &mut Work, action: &'static str, account: AccountId) -> Result<(), StorageError> {
    audit::note(work, Entry { action, subject: "account", subject_id: Some(account.0), changes: json!({}) }).await
}
