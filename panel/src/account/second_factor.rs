//! One's own second factor: enrolment, recovery codes, switching off.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        secrets::Secret,
    },
    people::second_factor::{self, Enrolment, State},
    words::format,
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{CsrfForm, NoFields, Staff},
    page::{Shell, Wrong, render, render_invalid},
    paths, qr,
};

#[derive(Template)]
#[template(path = "account/second_factor.html")]
struct FactorPage {
    shell: Shell,
    wrong: Wrong,
    /// Which form `wrong` is about.
    about: Form,
    standing: Standing,
    /// The installation demands one, and nothing else is open.
    must: bool,
}

/// The forms of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Confirm,
    Renew,
    Off,
}

enum Standing {
    Off,
    Enrolling { picture: String, secret: String },
    On { since: String, codes_left: i64 },
}

/// «ABCD EFGH …»: easier to type.
fn spaced(secret: &Secret) -> String {
    let signs: Vec<char> = secret.reveal().chars().collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

impl FactorPage {
    async fn of(staff: &Staff, about: Form, wrong: Wrong) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let state = second_factor::state(&mut work).await?;
        drop(work);
        let standing = match state {
            State::Off => Standing::Off,
            State::Enrolling(Enrolment { secret, address }) => {
                Standing::Enrolling { picture: qr::picture(address.reveal()), secret: spaced(&secret) }
            }
            State::On { since, codes_left } => {
                let zone = staff.visit.panel.app.config.time_zone;
                Standing::On { since: format::moment(since, zone), codes_left }
            }
        };
        let shell = staff.shell(staff.lang().t("second-factor-title")).await?;
        Ok(Self { shell, wrong, about, standing, must: staff.session.must_enrol })
    }

    /// What is wrong with a field of one of the forms.
    fn wrong(&self, form: Form, field: &str) -> String {
        if self.about == form { self.wrong.of(field) } else { String::new() }
    }

    /// What is wrong with one of the forms as a whole.
    fn trouble(&self, form: Form) -> &str {
        if self.about == form { &self.wrong.general } else { "" }
    }
}

async fn not_taken(staff: &Staff, about: Form, failure: Failure) -> Result<Response, PanelError> {
    let page = FactorPage::of(staff, about, staff.wrong(failure)?).await?;
    render_invalid(&page.wrong, &page)
}

pub async fn page(staff: Staff) -> Result<Response, PanelError> {
    render(&FactorPage::of(&staff, Form::Confirm, Wrong::nothing(staff.lang())).await?)
}

/// Draws the secret that the page shows next.
pub async fn begin(staff: Staff, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    second_factor::begin(&mut work).await?;
    work.commit().await?;
    Ok(Redirect::to(paths::SECOND_FACTOR).into_response())
}

#[derive(Template)]
#[template(path = "account/recovery_codes.html")]
struct CodesPage {
    shell: Shell,
    codes: Vec<Secret>,
    login: String,
    is_new: bool,
}

impl CodesPage {
    async fn of(staff: &Staff, codes: Vec<Secret>, is_new: bool) -> Result<Response, PanelError> {
        let shell = staff.shell(staff.lang().t("second-factor-codes")).await?;
        let login = shell.staff.as_ref().map(|who| who.name.clone()).unwrap_or_default();
        render(&Self { shell, codes, login, is_new })
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    code: String,
    password: Secret,
}

/// The first code: the recovery codes are shown, this once.
pub async fn confirm(staff: Staff, CsrfForm(typed): CsrfForm<Typed>) -> Result<Response, PanelError> {
    match try_confirm(&staff, &typed).await {
        Ok(codes) => CodesPage::of(&staff, codes, true).await,
        Err(Failure::NotFound) => Ok(Redirect::to(paths::SECOND_FACTOR).into_response()),
        Err(failure) => not_taken(&staff, Form::Confirm, failure).await,
    }
}

async fn try_confirm(staff: &Staff, typed: &Typed) -> Result<Vec<Secret>, Failure> {
    let mut work = staff.begin().await?;
    let codes = second_factor::confirm(&mut work, staff.session.id, &typed.code).await?;
    work.commit().await?;
    Ok(codes)
}

/// New recovery codes.
pub async fn renew(staff: Staff, CsrfForm(typed): CsrfForm<Typed>) -> Result<Response, PanelError> {
    match second_factor::renew_codes(&staff.visit.panel.app, &staff.session, &typed.password).await {
        Ok(codes) => CodesPage::of(&staff, codes, false).await,
        Err(failure) => not_taken(&staff, Form::Renew, failure).await,
    }
}

/// Switching off.
pub async fn off(staff: Staff, CsrfForm(typed): CsrfForm<Typed>) -> Result<Response, PanelError> {
    let app = &staff.visit.panel.app;
    match second_factor::switch_off(app, &staff.session, &typed.password, &typed.code).await {
        Ok(()) => staff.done(paths::ACCOUNT, Say::key("second-factor-is-off-now")).await,
        Err(failure) => not_taken(&staff, Form::Off, failure).await,
    }
}
