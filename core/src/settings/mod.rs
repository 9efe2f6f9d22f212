//! «Настройка системы»: what the administrator changes in the panel (PT-025…PT-046).

mod security;
mod store;

pub use security::{Demand, Security, save_security, security, sends_sign_in_letters};

use serde::Deserialize;
use serde_json::json;

use crate::{
    Work,
    audit::{self, Entry},
    foundation::{
        db::Tx,
        errors::{Complaints, Failure, Say, StorageError},
        secrets::{Sealer, Secret},
    },
    people::{
        access::Action,
        contact::{Email, optional},
        name::optional_text,
    },
};

/// What the mail password is sealed for.
const PURPOSE: &str = "settings.smtp_password";
const HOST_LIMIT: usize = 255;
const NAME_LIMIT: usize = 100;
const PASSWORD_LIMIT: usize = 256;

/// The settings, without the mail password, which is never shown again (PT-037).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// Where copies of letters go (PT-030).
    pub admin_email: Option<String>,
    /// «SMTP host».
    pub smtp_host: Option<String>,
    /// «SMTP port».
    pub smtp_port: Option<u16>,
    /// «Электронная почта отправителя»: address and user name.
    pub smtp_sender: Option<String>,
    /// Whether there is a «Пароль отправителя».
    pub has_smtp_password: bool,
    /// «Имя отправителя»†.
    pub smtp_sender_name: Option<String>,
    /// Guards against two people saving.
    pub version: i64,
}

impl Settings {
    /// Whether letters can be sent.
    pub fn mail_is_set(&self) -> bool {
        self.smtp_host.is_some() && self.smtp_port.is_some() && self.smtp_sender.is_some() && self.has_smtp_password
    }
}

/// The form; every field as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingsForm {
    /// See [`Settings`].
    pub admin_email: String,
    /// See [`Settings`].
    pub smtp_host: String,
    /// See [`Settings`].
    pub smtp_port: String,
    /// See [`Settings`].
    pub smtp_sender: String,
    /// The new password; empty or the mask keeps the old one.
    pub smtp_password: String,
    /// See [`Settings`].
    pub smtp_sender_name: String,
    /// The version the form was filled from.
    pub version: String,
}

/// What stands in the password field when there is a password: typed back unchanged it keeps the old one.
pub const PASSWORD_MASK: &str = "••••••••";

/// How letters are sent.
#[derive(Debug, Clone)]
pub struct MailSender {
    /// Host name or address.
    pub host: String,
    /// Port; 465 means implicit TLS, others STARTTLS.
    pub port: u16,
    /// Address of the sender and user name.
    pub sender: String,
    /// Its password.
    pub password: Secret,
    /// The sender's name shown in letters.
    pub name: String,
}

/// Reads the settings.
pub async fn get(work: &mut Work) -> Result<Settings, Failure> {
    work.must(Action::ChangeSettings)?;
    Ok(store::get(&mut work.tx).await?.0)
}

/// Saves the form (PT-034…PT-040).
pub async fn save(work: &mut Work, form: SettingsForm) -> Result<(), Failure> {
    work.must(Action::ChangeSettings)?;
    let (old, old_password) = store::get(&mut work.tx).await?;
    let new = parse(&form, &old)?;
    let password = if keeps_password(&form) {
        old_password
    } else {
        let app = work.app.clone();
        Some(app.sealer.seal(PURPOSE, &Secret::new(form.smtp_password), &*app.chance))
    };
    if !store::save(&mut work.tx, &new, password.as_deref()).await? {
        return Err(Failure::Stale);
    }
    let changes = audit::difference(&facts(&old), &facts(&new));
    audit::note(work, Entry { action: "settings.changed", subject: "settings", subject_id: None, changes }).await?;
    Ok(())
}

fn keeps_password(form: &SettingsForm) -> bool {
    form.smtp_password.is_empty() || form.smtp_password == PASSWORD_MASK
}

fn parse(form: &SettingsForm, old: &Settings) -> Result<Settings, Failure> {
    let mut complaints = Complaints::default();
    let admin_email = complaints.check("admin_email", optional(&form.admin_email, Email::parse));
    let host = complaints.check("smtp_host", optional(&form.smtp_host, host));
    let port = complaints.check("smtp_port", optional(&form.smtp_port, port));
    let sender = complaints.check("smtp_sender", optional(&form.smtp_sender, Email::parse));
    let name = complaints.check("smtp_sender_name", optional_text(&form.smtp_sender_name, NAME_LIMIT));
    if form.smtp_password.chars().count() > PASSWORD_LIMIT {
        complaints.add("smtp_password", Say::key("people-too-long").number("limit", PASSWORD_LIMIT));
    }
    complaints.into_result()?;
    Ok(Settings {
        admin_email: admin_email.flatten().map(|email| email.as_str().to_owned()),
        smtp_host: host.flatten(),
        smtp_port: port.flatten(),
        smtp_sender: sender.flatten().map(|email| email.as_str().to_owned()),
        has_smtp_password: old.has_smtp_password || !keeps_password(form),
        smtp_sender_name: name.flatten(),
        version: form.version.parse().map_err(|_| Failure::Stale)?,
    })
}

fn host(text: &str) -> Result<String, Say> {
    let text = text.trim();
    let is_host = text.len() <= HOST_LIMIT && text.chars().all(|c| c.is_alphanumeric() || "-._:[]".contains(c));
    if is_host { Ok(text.to_owned()) } else { Err(Say::key("settings-wrong-host")) }
}

fn port(text: &str) -> Result<u16, Say> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0).ok_or_else(|| Say::key("settings-wrong-port"))
}

/// What the audit keeps: never the password, only whether there is one.
fn facts(settings: &Settings) -> serde_json::Value {
    json!({
        "admin_email": settings.admin_email,
        "smtp_host": settings.smtp_host,
        "smtp_port": settings.smtp_port,
        "smtp_sender": settings.smtp_sender,
        "has_smtp_password": settings.has_smtp_password,
        "smtp_sender_name": settings.smtp_sender_name,
    })
}

/// Where copies for the administrator go, if anywhere (PT-030).
pub async fn admin_email(tx: &mut Tx) -> Result<Option<String>, StorageError> {
    Ok(store::get(tx).await?.0.admin_email)
}

/// How to send letters; `None` while it is not set (PT-046). A password that no longer fits the key file counts as not set.
pub async fn mail_sender(tx: &mut Tx, sealer: &Sealer) -> Result<Option<MailSender>, StorageError> {
    let (settings, sealed) = store::get(tx).await?;
    let password = sealed.and_then(|sealed| {
        sealer.unseal(PURPOSE, &sealed).inspect_err(|error| tracing::error!(%error, "mail password")).ok()
    });
    let (Some(host), Some(port), Some(sender), Some(password)) =
        (settings.smtp_host, settings.smtp_port, settings.smtp_sender, password)
    else {
        return Ok(None);
    };
    Ok(Some(MailSender { host, port, sender, password, name: settings.smtp_sender_name.unwrap_or_default() }))
}

/// Proves that this database can be written, without changing anything that lasts. Drop the transaction afterwards.
pub async fn rehearse_saving(tx: &mut Tx) -> Result<(), StorageError> {
    store::rewrite(tx).await
}
