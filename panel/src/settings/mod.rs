//! «Настройка системы» (PT-025…PT-045).

mod connection;
mod page;
mod security;

use axum::response::Response;
use opora_core::{
    foundation::errors::{Failure, Say},
    people::accounts,
    settings::{self, SettingsForm},
};
use serde::Deserialize;

use self::page::{SettingsPage, Typed};
use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm},
    page::{render, render_invalid},
    paths,
    routes::Routes,
};

/// Routes of the settings.
pub fn routes() -> Routes {
    Routes::for_administrator()
        .get(paths::SETTINGS, show)
        .post(paths::SETTINGS, save)
        .post(paths::SETTINGS_LOGIN, change_login)
        .post(paths::SETTINGS_CONNECTION, connection::check)
        .post(paths::SETTINGS_SECURITY, security::save)
}

async fn show(staff: Administrator) -> Result<Response, PanelError> {
    render(&SettingsPage::of(&staff, Typed::default()).await?)
}

/// «Сохранить» of the mail settings (PT-030, PT-034…PT-040).
async fn save(staff: Administrator, CsrfForm(form): CsrfForm<SettingsForm>) -> Result<Response, PanelError> {
    match try_save(&staff, form.clone()).await {
        Ok(()) => staff.done(paths::SETTINGS, Say::key("panel-saved")).await,
        Err(failure) => {
            let wrong = staff.wrong(failure)?;
            let page = SettingsPage::of(&staff, Typed { mail: Some((form, wrong)), ..Typed::default() }).await?;
            render_invalid(&page.mail_wrong, &page)
        }
    }
}

async fn try_save(staff: &Administrator, form: SettingsForm) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    settings::save(&mut work, form).await?;
    Ok(work.commit().await?)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct LoginForm {
    login: String,
}

/// Change of the main login (PT-028).
async fn change_login(
    staff: Administrator,
    CsrfForm(LoginForm { login }): CsrfForm<LoginForm>,
) -> Result<Response, PanelError> {
    match try_change_login(&staff, &login).await {
        Ok(()) => staff.done(paths::SETTINGS, Say::key("settings-login-changed")).await,
        Err(failure) => {
            let wrong = staff.wrong(failure)?;
            let page = SettingsPage::of(&staff, Typed { login: Some((login, wrong)), ..Typed::default() }).await?;
            render_invalid(&page.login_wrong, &page)
        }
    }
}

async fn try_change_login(staff: &Administrator, login: &str) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    accounts::change_main_login(&mut work, login).await?;
    Ok(work.commit().await?)
}
