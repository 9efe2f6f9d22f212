//! The second page of signing in: the code of the second factor.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::CookieJar;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        secrets::Secret,
    },
    people::sign_in::{CodeAttempt, awaits_code, give_code},
};
use serde::Deserialize;

use super::{Next, inside, refused};
use crate::{
    Panel,
    errors::PanelError,
    extract::CsrfForm,
    page::{Shell, html, render},
    paths,
    visit::{PENDING_COOKIE, Visit, cookie, set_cookie},
};

#[derive(Template)]
#[template(path = "sign_in/code.html")]
struct CodePage {
    shell: Shell,
    next: String,
    trouble: String,
}

/// Leads from the password to the page of the code.
pub fn lead(panel: &Panel, pending: &Secret, next: &str) -> Response {
    let query = serde_html_form::to_string([("next", next)]).unwrap_or_default();
    let target = if next.is_empty() { paths::CODE.to_owned() } else { format!("{}?{query}", paths::CODE) };
    let mut response = Redirect::to(&target).into_response();
    set_cookie(&mut response, &cookie(panel, PENDING_COOKIE, pending.reveal().to_owned()));
    response
}

fn pending(jar: &CookieJar) -> &str {
    jar.get(PENDING_COOKIE).map(axum_extra::extract::cookie::Cookie::value).unwrap_or_default()
}

pub async fn page(visit: Visit, jar: CookieJar, Query(Next { next }): Query<Next>) -> Result<Response, PanelError> {
    if visit.session.is_some() {
        return Ok(Redirect::to(paths::HOME).into_response());
    }
    if !awaits_code(&visit.panel.app, pending(&jar)).await? {
        return Ok(Redirect::to(paths::SIGN_IN).into_response());
    }
    let shell = Shell::bare(&visit, visit.lang.t("sign-in-title"));
    render(&CodePage { shell, next, trouble: String::new() })
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CodeForm {
    code: String,
    next: String,
}

pub async fn enter(
    State(panel): State<Panel>,
    visit: Visit,
    jar: CookieJar,
    CsrfForm(form): CsrfForm<CodeForm>,
) -> Result<Response, PanelError> {
    let attempt = CodeAttempt {
        cookie: pending(&jar).to_owned(),
        code: form.code,
        address: visit.address.clone(),
        device: visit.device.clone(),
    };
    match give_code(&panel.app, attempt).await {
        Ok(signed_in) => {
            let mut response = inside(&panel, &signed_in, &form.next);
            let mut gone = cookie(&panel, PENDING_COOKIE, String::new());
            gone.make_removal();
            set_cookie(&mut response, &gone);
            Ok(response)
        }
        Err(Failure::Refused(why)) => {
            let shell = Shell::bare(&visit, visit.lang.t("sign-in-title"));
            let page = CodePage { shell, next: form.next, trouble: visit.lang.say(&why) };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(page.render()?)).into_response())
        }
        // The time for the code is over: from the beginning.
        Err(Failure::NotFound) => refused(&visit, String::new(), form.next, &Say::key("sign-in-code-late")),
        Err(other) => Err(other.into()),
    }
}
