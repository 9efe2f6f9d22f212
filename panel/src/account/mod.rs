//! One's own account: password (PT-024, PT-026, PT-027), sessions, language and theme.

mod second_factor;

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::SessionId,
    },
    people::{
        accounts::{self, PasswordChange},
        device,
        second_factor::{State, state},
        sessions::{self, SessionRow},
    },
    words::{LOCALES, format},
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{CsrfForm, Id, NoFields, Staff},
    page::{Shell, Wrong, render, render_invalid},
    paths,
    routes::Routes,
    visit::Theme,
};

/// Routes of one's own account.
pub fn routes() -> Routes {
    Routes::for_staff()
        .get(paths::ACCOUNT, card)
        .post("/account/sessions/{id}/end", end)
        .post(paths::OTHER_SESSIONS, end_others)
        .and(
            Routes::for_signed_in()
                .get(paths::OWN_PASSWORD, password)
                .post(paths::OWN_PASSWORD, change_password)
                .get(paths::SECOND_FACTOR, second_factor::page)
                .post(paths::SECOND_FACTOR, second_factor::confirm)
                .post("/account/second-factor/begin", second_factor::begin)
                .post("/account/second-factor/codes", second_factor::renew)
                .post("/account/second-factor/off", second_factor::off),
        )
}

#[derive(Template)]
#[template(path = "account/card.html")]
struct Card {
    shell: Shell,
    /// Recovery codes left, when the second factor is on.
    codes_left: Option<i64>,
    sessions: Vec<SessionLine>,
    has_others: bool,
}

struct SessionLine {
    id: SessionId,
    device: String,
    address: String,
    began: String,
    seen: String,
    is_this: bool,
}

async fn card(staff: Staff) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let rows = sessions::list_own(&mut work, staff.session.id).await?;
    let codes_left = match state(&mut work).await? {
        State::On { codes_left, .. } => Some(codes_left),
        State::Off | State::Enrolling(_) => None,
    };
    drop(work);
    let has_others = rows.iter().any(|row| !row.is_this);
    let sessions = rows.into_iter().map(|row| line(&staff, row)).collect();
    let shell = staff.shell(staff.lang().t("panel-own-account")).await?;
    render(&Card { shell, codes_left, sessions, has_others })
}

fn line(staff: &Staff, row: SessionRow) -> SessionLine {
    let zone = staff.visit.panel.app.config.time_zone;
    SessionLine {
        id: row.id,
        device: device::name(&row.device).unwrap_or_else(|| staff.lang().t("account-unknown-device").to_string()),
        address: row.address,
        began: format::moment(row.created_at, zone),
        seen: format::moment(row.seen_at, zone),
        is_this: row.is_this,
    }
}

async fn end(staff: Staff, Id(id): Id<SessionId>, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    sessions::end(&mut work, id).await?;
    work.commit().await?;
    if id == staff.session.id {
        return Ok(Redirect::to(paths::SIGN_IN).into_response());
    }
    staff.done(paths::ACCOUNT, Say::key("account-session-ended")).await
}

async fn end_others(staff: Staff, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    sessions::end_others(&mut work, staff.session.id).await?;
    work.commit().await?;
    staff.done(paths::ACCOUNT, Say::key("account-others-ended")).await
}

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage {
    shell: Shell,
    wrong: Wrong,
    must: bool,
}

impl PasswordPage {
    async fn of(staff: &Staff, wrong: Wrong) -> Result<Self, PanelError> {
        let shell = staff.shell(staff.lang().t("account-change-password")).await?;
        Ok(Self { shell, wrong, must: staff.session.must_change_password })
    }
}

async fn password(staff: Staff) -> Result<Response, PanelError> {
    render(&PasswordPage::of(&staff, Wrong::nothing(staff.lang())).await?)
}

async fn change_password(staff: Staff, CsrfForm(form): CsrfForm<PasswordForm>) -> Result<Response, PanelError> {
    match try_change(&staff, form).await {
        Ok(()) => {
            let next = if staff.session.must_change_password { paths::HOME } else { paths::ACCOUNT };
            staff.done(next, Say::key("account-password-changed")).await
        }
        Err(failure) => {
            let page = PasswordPage::of(&staff, staff.wrong(failure)?).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PasswordForm {
    old: String,
    new: String,
    repeat: String,
}

async fn try_change(staff: &Staff, form: PasswordForm) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    let change = PasswordChange { old: form.old, new: form.new, repeat: form.repeat };
    accounts::change_own_password(&mut work, staff.session.id, change).await?;
    Ok(work.commit().await?)
}
