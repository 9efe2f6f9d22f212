//! The page of the settings, with whatever was typed and not taken.

use askama::Template;
use opora_core::{
    foundation::page::Choice,
    messaging::letters,
    patronage::curators,
    people::accounts,
    settings::{self, PASSWORD_MASK, Security, Settings, SettingsForm},
};

use super::{connection::Outcome, security};
use crate::{
    errors::PanelError,
    extract::Administrator,
    page::{Shell, Wrong},
};

/// What goes before the stored values.
#[derive(Default)]
pub struct Typed {
    /// The mail form that was not taken.
    pub mail: Option<(SettingsForm, Wrong)>,
    /// The login that was not taken.
    pub login: Option<(String, Wrong)>,
    /// What «Проверить соединение» found.
    pub outcome: Outcome,
}

#[derive(Template)]
#[template(path = "settings/page.html")]
pub struct SettingsPage {
    shell: Shell,
    login: String,
    pub login_wrong: Wrong,
    values: SettingsForm,
    pub mail_wrong: Wrong,
    outcome: Outcome,
    mail_is_set: bool,
    security: Security,
    demands: Vec<Choice<&'static str>>,
    unsent: i64,
    without_email: i64,
}

impl SettingsPage {
    pub async fn of(staff: &Administrator, typed: Typed) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let stored = settings::get(&mut work).await?;
        let login = accounts::main_login(&mut work).await?;
        let security = settings::security(&mut work).await?;
        let unsent = letters::failed(&mut work).await?;
        let without_email = curators::without_email(&mut work).await?;
        drop(work);
        let nothing = || Wrong::nothing(staff.lang());
        let (login, login_wrong) = typed.login.unwrap_or_else(|| (login, nothing()));
        let mail_is_set = stored.mail_is_set();
        let mask = if stored.has_smtp_password { PASSWORD_MASK } else { "" };
        let (values, mail_wrong) = typed.mail.unwrap_or_else(|| (filled(stored), nothing()));
        let values = SettingsForm { smtp_password: mask.to_owned(), ..values };
        let shell = staff.shell(staff.lang().t("settings-title")).await?;
        let outcome = typed.outcome;
        let demands = security::choices(staff.lang());
        Ok(Self {
            shell,
            login,
            login_wrong,
            values,
            mail_wrong,
            outcome,
            mail_is_set,
            security,
            demands,
            unsent,
            without_email,
        })
    }
}

/// The form filled from what is stored, the password apart.
fn filled(stored: Settings) -> SettingsForm {
    SettingsForm {
        admin_email: stored.admin_email.unwrap_or_default(),
        smtp_host: stored.smtp_host.unwrap_or_default(),
        smtp_port: stored.smtp_port.map(|port| port.to_string()).unwrap_or_default(),
        smtp_sender: stored.smtp_sender.unwrap_or_default(),
        smtp_password: String::new(),
        smtp_sender_name: stored.smtp_sender_name.unwrap_or_default(),
        version: stored.version.to_string(),
    }
}
