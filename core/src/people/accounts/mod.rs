//! Sign-ins of the panel: the administrator's one credential (PT-D02) and the curators' logins and passwords.

mod store;

use serde_json::json;

use super::{
    access::{Action, Actor, Author},
    login::{Login, NewPassword},
    name::FullName,
    notices::{self, News},
    second_factor, sessions, sign_in,
};
use crate::{
    App, Work,
    audit::{self, Entry},
    foundation::{
        chance,
        db::Tx,
        errors::{Complaints, Failure, Say, StorageError},
        ids::{AccountId, PersonId, SessionId},
        secrets::Secret,
    },
    words::Dictionary,
};

pub(super) use store::Role;

/// Letters and digits of one-time passwords: none that look alike.
const ONE_TIME_SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
const ONE_TIME_LENGTH: usize = 16;

/// What the first start tells the operator.
#[derive(Debug, Clone)]
pub struct FirstCredentials {
    /// The administrator's login.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// Whether the first sign-in must change it (PT-024).
    pub is_one_time: bool,
}

/// The form «Сменить пароль» for one's own password.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct PasswordChange {
    /// The old password; field `old`.
    pub old: String,
    /// The new one; field `new`.
    pub new: String,
    /// The new one again; field `repeat`.
    pub repeat: String,
}

/// What proves who somebody is.
#[derive(Debug, Clone)]
pub(super) struct Credential {
    pub account: AccountId,
    pub curator: Option<PersonId>,
    pub password_hash: String,
    pub must_change_password: bool,
}

impl Credential {
    pub(super) fn actor(&self, address: &str) -> Actor {
        let (account, address) = (self.account, address.to_owned());
        match self.curator {
            Some(curator) => Actor::Curator { account, curator, address },
            None => Actor::Administrator { account, address },
        }
    }
}

/// The credential of the open account with this login key.
pub(super) async fn credential(work: &mut Work, key: &str) -> Result<Option<Credential>, StorageError> {
    store::credential(&mut work.tx, key).await
}

/// The credential of an open account.
pub(super) async fn credential_of(work: &mut Work, account: AccountId) -> Result<Option<Credential>, StorageError> {
    store::of_account(&mut work.tx, account).await
}

/// The password hash of an open account.
pub(super) async fn password_hash(work: &mut Work, account: AccountId) -> Result<Option<String>, StorageError> {
    Ok(store::of_account(&mut work.tx, account).await?.map(|stored| stored.password_hash))
}

/// The login of an open account.
pub(super) async fn login_of(work: &mut Work, account: AccountId) -> Result<Option<String>, StorageError> {
    store::login_of(&mut work.tx, account).await
}

/// Whether the account is still open with the very password that was checked.
pub(super) async fn still_has(work: &mut Work, credential: &Credential) -> Result<bool, StorageError> {
    let stored = store::of_account(&mut work.tx, credential.account).await?;
    Ok(stored.is_some_and(|stored| stored.password_hash == credential.password_hash))
}

/// First start: makes the administrator with the configured credentials, or with a one-time password (PT-024).
/// `None` when there is one already.
pub async fn ensure_administrator(app: &App) -> Result<Option<FirstCredentials>, Failure> {
    let mut work = app.begin(Actor::Operator).await?;
    if store::administrator(&mut work.tx).await?.is_some() {
        return Ok(None);
    }
    let configured = app.config.admin.password.clone();
    let is_one_time = configured.reveal().is_empty();
    let password = if is_one_time { one_time_password(app) } else { configured };
    let mut complaints = Complaints::default();
    let login = complaints.check("admin.login", Login::parse(&app.config.admin.login));
    complaints.check("admin.password", NewPassword::parse(password.reveal(), password.reveal()));
    let Some(login) = login.filter(|_| complaints.is_empty()) else { return Err(Failure::Invalid(complaints)) };
    let hash = app.hasher.hash(&password, &*app.chance).await;
    create(&mut work, Role::Administrator, None, &login, &hash, is_one_time).await?;
    work.commit().await?;
    Ok(Some(FirstCredentials { login: login.as_str().to_owned(), password, is_one_time }))
}

fn one_time_password(app: &App) -> Secret {
    let sign = |_| {
        let index = chance::below(&*app.chance, ONE_TIME_SIGNS.len() as u64);
        usize::try_from(index).ok().and_then(|index| ONE_TIME_SIGNS.get(index)).map_or('x', |byte| char::from(*byte))
    };
    Secret::new((0..ONE_TIME_LENGTH).map(sign).collect::<String>())
}

/// Opens an account; a login in use is a complaint about the field `login`.
pub(crate) async fn open_for_curator(
    work: &mut Work,
    curator: PersonId,
    login: &Login,
    password: &NewPassword,
) -> Result<(), Failure> {
    let app = work.app.clone();
    let hash = app.hasher.hash(password.secret(), &*app.chance).await;
    create(work, Role::Curator, Some(curator), login, &hash, false).await
}

async fn create(
    work: &mut Work,
    role: Role,
    person: Option<PersonId>,
    login: &Login,
    hash: &str,
    is_temporary: bool,
) -> Result<(), Failure> {
    let account = AccountId::draw(work.now, &*work.app.chance);
    let new = store::New { account, role, person, login, hash, is_temporary };
    if !store::insert(&mut work.tx, &new, work.now).await? {
        return Err(login_is_taken());
    }
    let changes = json!({ "login": login.as_str() });
    note(work, "account.opened", account, changes).await?;
    Ok(())
}

fn login_is_taken() -> Failure {
    Failure::invalid("login", Say::key("people-login-taken"))
}

async fn note(
    work: &mut Work,
    action: &'static str,
    account: AccountId,
    changes: serde_json::Value,
) -> Result<(), StorageError> {
    audit::note(work, Entry { action, subject: "account", subject_id: Some(account.0), changes }).await
}

/// Gives an account another login.
async fn rename(work: &mut Work, account: AccountId, login: &Login) -> Result<(), Failure> {
    let old = store::login_of(&mut work.tx, account).await?.ok_or(Failure::NotFound)?;
    if old == login.as_str() {
        return Ok(());
    }
    // The check finds what people do; the unique index catches two at the same moment.
    if store::key_is_taken(&mut work.tx, &login.key(), account).await? {
        return Err(login_is_taken());
    }
    match store::set_login(&mut work.tx, account, login).await {
        Err(StorageError::Conflict(_)) => Err(login_is_taken()),
        done => Ok(done?),
    }?;
    note(work, "account.login-changed", account, json!({ "login": { "old": old, "new": login.as_str() } })).await?;
    Ok(())
}

/// Gives an account another password and ends its sessions, but perhaps one.
async fn give_password(
    work: &mut Work,
    account: AccountId,
    password: &Secret,
    is_temporary: bool,
    but: Option<SessionId>,
) -> Result<(), Failure> {
    let app = work.app.clone();
    let hash = app.hasher.hash(password, &*app.chance).await;
    store::set_password(&mut work.tx, account, &hash, is_temporary).await?;
    sessions::end_all(work, account, but).await?;
    sign_in::forget_pending(work, account).await?;
    note(work, "account.password-changed", account, json!({})).await?;
    notices::tell(work, account, &News::PasswordChanged).await?;
    Ok(())
}

/// Changes one's own password (PT-026, PT-027); `this` session goes on, the others end.
pub async fn change_own_password(work: &mut Work, this: SessionId, change: PasswordChange) -> Result<(), Failure> {
    work.must(Action::ManageOwnAccount)?;
    let account = work.actor.account().ok_or(Failure::Forbidden)?;
    let stored = store::of_account(&mut work.tx, account).await?.ok_or(Failure::NotFound)?;
    let mut complaints = Complaints::default();
    let hasher = work.app.hasher.clone();
    if !hasher.verify(&Secret::new(change.old), Some(stored.password_hash)).await {
        complaints.add("old", Say::key("people-wrong-old-password"));
    }
    let new = complaints.check("new", NewPassword::parse(&change.new, &change.repeat));
    let Some(new) = new.filter(|_| complaints.is_empty()) else { return Err(Failure::Invalid(complaints)) };
    give_password(work, account, new.secret(), false, Some(this)).await
}

/// The administrator's login.
pub async fn main_login(work: &mut Work) -> Result<String, Failure> {
    work.must(Action::ChangeSettings)?;
    let account = store::administrator(&mut work.tx).await?.ok_or(Failure::NotFound)?;
    Ok(store::login_of(&mut work.tx, account).await?.unwrap_or_default())
}

/// Changes the administrator's login (PT-028).
pub async fn change_main_login(work: &mut Work, login: &str) -> Result<(), Failure> {
    work.must(Action::ChangeSettings)?;
    let login = Login::parse(login).map_err(|say| Failure::invalid("login", say))?;
    let account = store::administrator(&mut work.tx).await?.ok_or(Failure::NotFound)?;
    rename(work, account, &login).await
}

/// The operator lost the administrator's password: a new one-time password; all sessions end, refusals are lifted.
pub async fn reset_administrator(work: &mut Work) -> Result<Secret, Failure> {
    work.must(Action::ChangeSettings)?;
    let account = store::administrator(&mut work.tx).await?.ok_or(Failure::NotFound)?;
    let password = one_time_password(&work.app);
    give_password(work, account, &password, true, None).await?;
    if let Some(login) = store::login_of(&mut work.tx, account).await? {
        super::throttle::forget(work, &format!("login:{}", super::login::key(&login))).await?;
    }
    Ok(password)
}

/// Takes the second factor of the account with this login away; `second-factor-none` when there is none.
pub async fn reset_second_factor(work: &mut Work, login: &str) -> Result<(), Failure> {
    work.must(Action::ManageCurators)?;
    let key = super::login::key(login);
    let known = store::credential(&mut work.tx, &key).await?.ok_or_else(|| Failure::refused("people-no-such-login"))?;
    let is_reset = second_factor::reset(work, known.account).await?;
    if is_reset { Ok(()) } else { Err(Failure::refused("second-factor-none")) }
}

/// Chooses the language of one's own pages.
pub async fn set_locale(work: &mut Work, locale: &str) -> Result<(), Failure> {
    work.must(Action::ManageOwnAccount)?;
    let account = work.actor.account().ok_or(Failure::Forbidden)?;
    let known = crate::words::LOCALES.iter().find(|known| **known == locale).ok_or(Failure::NotFound)?;
    Ok(store::set_locale(&mut work.tx, account, known).await?)
}

/// What somebody is called in a stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthorName {
    /// By the full name; empty once the card is erased.
    Person(String),
    /// Who has no name of his own, by the key of a word: «администратор».
    Role(&'static str),
}

impl AuthorName {
    /// In the reader's words.
    pub fn said(&self, words: &Dictionary) -> String {
        match self {
            Self::Person(name) => name.clone(),
            Self::Role(key) => words.t(key).to_string(),
        }
    }
}

/// Who an actor is.
pub async fn name_of(work: &mut Work, actor: &Actor) -> Result<AuthorName, StorageError> {
    name_of_author(&mut work.tx, actor.author()).await
}

/// Who the author of a stamp is; deleted curators keep their names (PT-062).
pub async fn name_of_author(tx: &mut Tx, author: Author) -> Result<AuthorName, StorageError> {
    Ok(match author {
        Author::Curator(person) | Author::Citizen(person) => {
            let name: Option<FullName> = store::name_of_person(tx, person).await?;
            AuthorName::Person(name.map(|name| name.full()).unwrap_or_default())
        }
        Author::Administrator => AuthorName::Role("people-administrator"),
        Author::System => AuthorName::Role("people-system"),
        Author::Operator => AuthorName::Role("people-operator"),
    })
}

/// A curator's account as the card shows and changes it.
pub(crate) mod of_curator {
    use super::{
        AccountId, Failure, Login, NewPassword, PersonId, StorageError, Work, give_password, note, open_for_curator,
        rename, second_factor, sessions, sign_in, store,
    };

    /// The account of a curator who has one.
    pub(crate) async fn find(work: &mut Work, curator: PersonId) -> Result<Option<(AccountId, String)>, StorageError> {
        store::of_person(&mut work.tx, curator).await
    }

    /// Another login.
    pub(crate) async fn rename_login(work: &mut Work, account: AccountId, login: &Login) -> Result<(), Failure> {
        rename(work, account, login).await
    }

    /// Another password; all sessions end (PT-058).
    pub(crate) async fn set_password(
        work: &mut Work,
        account: AccountId,
        password: &NewPassword,
    ) -> Result<(), Failure> {
        give_password(work, account, password.secret(), false, None).await
    }

    /// Opens an account.
    pub(crate) async fn open(
        work: &mut Work,
        curator: PersonId,
        login: &Login,
        password: &NewPassword,
    ) -> Result<(), Failure> {
        open_for_curator(work, curator, login, password).await
    }

    /// Whether it asks for a second factor.
    pub(crate) async fn has_second_factor(work: &mut Work, account: AccountId) -> Result<bool, StorageError> {
        second_factor::is_on(work, account).await
    }

    /// Takes its second factor away; all sessions end. `false` when there was none.
    pub(crate) async fn reset_second_factor(work: &mut Work, account: AccountId) -> Result<bool, StorageError> {
        second_factor::reset(work, account).await
    }

    /// Closes it: the login is free again, its sessions end (PT-020, PT-D10).
    pub(crate) async fn close(work: &mut Work, account: AccountId) -> Result<(), StorageError> {
        store::close(&mut work.tx, account, work.now).await?;
        sessions::end_all(work, account, None).await?;
        sign_in::forget_pending(work, account).await?;
        note(work, "account.closed", account, serde_json::json!({})).await
    }
}
