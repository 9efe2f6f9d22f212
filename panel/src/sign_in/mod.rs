//! Authorisation: the sign-in window, signing out, and what everybody may choose for this browser: language and theme.

mod code;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        secrets::Secret,
    },
    people::{
        accounts, sessions,
        sign_in::{Attempt, Entrance, SignedIn, sign_in},
    },
    words::LOCALES,
};
use serde::Deserialize;

use crate::{
    Panel,
    errors::PanelError,
    extract::{CsrfForm, NoFields, Staff},
    page::{Shell, html, render},
    paths,
    routes::Routes,
    visit::{LANGUAGE_COOKIE, SESSION_COOKIE, THEME_COOKIE, Theme, Visit, cookie, set_cookie},
};

/// Routes of authorisation.
pub fn routes() -> Routes {
    Routes::for_everyone()
        .get(paths::SIGN_IN, window)
        .post(paths::SIGN_IN, enter)
        .get(paths::CODE, code::page)
        .post(paths::CODE, code::enter)
        .post(paths::LANGUAGE, choose_language)
        .post(paths::THEME, choose_theme)
        .and(Routes::for_signed_in().get(paths::SIGN_OUT, question).post(paths::SIGN_OUT, leave))
        .and(Routes::for_staff().get(paths::HOME, home))
}

/// The main window says who needs the reader today; the menu beside it leads everywhere else (PT-016).
async fn home() -> Redirect {
    Redirect::to(paths::TODAY)
}

#[derive(Template)]
#[template(path = "sign_in/window.html")]
struct Window {
    shell: Shell,
    login: String,
    next: String,
    trouble: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Next {
    next: String,
}

async fn window(visit: Visit, Query(Next { next }): Query<Next>) -> Result<Response, PanelError> {
    if visit.session.is_some() {
        return Ok(Redirect::to(paths::HOME).into_response());
    }
    let shell = Shell::bare(&visit, visit.lang.t("sign-in-title"));
    render(&Window { shell, login: String::new(), next, trouble: String::new() })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct SignInForm {
    login: String,
    password: Secret,
    next: String,
}

async fn enter(
    State(panel): State<Panel>,
    visit: Visit,
    CsrfForm(form): CsrfForm<SignInForm>,
) -> Result<Response, PanelError> {
    let attempt = Attempt {
        login: form.login.clone(),
        password: form.password,
        address: visit.address.clone(),
        device: visit.device.clone(),
    };
    match sign_in(&panel.app, attempt).await {
        Ok(Entrance::SignedIn(signed_in)) => Ok(inside(&panel, &signed_in, &form.next)),
        Ok(Entrance::CodeNeeded(pending)) => Ok(code::lead(&panel, &pending, &form.next)),
        Err(Failure::Refused(why)) => refused(&visit, form.login, form.next, &why),
        Err(other) => Err(other.into()),
    }
}

/// Into the panel, with the cookie of the new session.
fn inside(panel: &Panel, signed_in: &SignedIn, next: &str) -> Response {
    let next = if signed_in.must_change_password { paths::OWN_PASSWORD } else { paths::after_sign_in(next) };
    let mut response = Redirect::to(next).into_response();
    set_cookie(&mut response, &cookie(panel, SESSION_COOKIE, signed_in.cookie.reveal().to_owned()));
    response
}

/// The same window with the reason; the password is not kept.
fn refused(visit: &Visit, login: String, next: String, why: &Say) -> Result<Response, PanelError> {
    let shell = Shell::bare(visit, visit.lang.t("sign-in-title"));
    let page = Window { shell, login, next, trouble: visit.lang.say(why) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page.render()?)).into_response())
}

#[derive(Template)]
#[template(path = "sign_in/leave.html")]
struct Question {
    shell: Shell,
}

/// The question before signing out, for browsers without script (PT-022).
async fn question(staff: Staff) -> Result<Response, PanelError> {
    let shell = staff.shell(staff.lang().t("label-menu-sign-out")).await?;
    render(&Question { shell })
}

async fn leave(State(panel): State<Panel>, staff: Staff, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    sessions::sign_out(&panel.app, &staff.session).await?;
    let mut response = Redirect::to(paths::SIGN_IN).into_response();
    let mut gone = cookie(&panel, SESSION_COOKIE, String::new());
    gone.make_removal();
    set_cookie(&mut response, &gone);
    Ok(response)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Choice {
    value: String,
    back: String,
}

/// Chooses the language of this browser, and of the account when signed in.
async fn choose_language(
    State(panel): State<Panel>,
    visit: Visit,
    CsrfForm(choice): CsrfForm<Choice>,
) -> Result<Response, PanelError> {
    if !LOCALES.contains(&choice.value.as_str()) {
        return Err(PanelError::BadForm("no such language".to_owned()));
    }
    if visit.session.is_some() {
        let mut work = panel.app.begin(visit.actor()).await?;
        accounts::set_locale(&mut work, &choice.value).await?;
        work.commit().await?;
    }
    Ok(remember(&panel, LANGUAGE_COOKIE, choice))
}

/// Chooses light or dark for this browser.
async fn choose_theme(State(panel): State<Panel>, CsrfForm(choice): CsrfForm<Choice>) -> Result<Response, PanelError> {
    let theme = Theme::named(&choice.value).ok_or_else(|| PanelError::BadForm("no such theme".to_owned()))?;
    Ok(remember(&panel, THEME_COOKIE, Choice { value: theme.name().to_owned(), ..choice }))
}

fn remember(panel: &Panel, name: &'static str, choice: Choice) -> Response {
    let back =
        if choice.back.starts_with(paths::SIGN_IN) { paths::SIGN_IN } else { paths::after_sign_in(&choice.back) };
    let mut response = Redirect::to(back).into_response();
    let mut chosen = cookie(panel, name, choice.value);
    chosen.make_permanent();
    set_cookie(&mut response, &chosen);
    response
}
