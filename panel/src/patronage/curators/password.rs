//! «Сменить пароль» of a curator (PT-029, PT-058).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::PersonId,
    },
    patronage::curators,
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm, Id},
    page::{Shell, Wrong, render, render_invalid},
    paths,
};

#[derive(Template)]
#[template(path = "patronage/curators/password.html")]
struct PasswordPage {
    shell: Shell,
    wrong: Wrong,
    id: PersonId,
    name: String,
}

impl PasswordPage {
    async fn of(staff: &Administrator, id: PersonId, wrong: Wrong) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let card = curators::get(&mut work, id).await?;
        drop(work);
        if card.row.login.is_none() {
            return Err(PanelError::Refused(Say::key("curators-no-login")));
        }
        let shell = staff.shell(staff.lang().t("account-change-password")).await?;
        Ok(Self { shell, wrong, id, name: card.row.name.full() })
    }
}

pub async fn form(staff: Administrator, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    render(&PasswordPage::of(&staff, id, Wrong::nothing(staff.lang())).await?)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct NewPassword {
    new: String,
    repeat: String,
}

pub async fn change(
    staff: Administrator,
    Id(id): Id<PersonId>,
    CsrfForm(typed): CsrfForm<NewPassword>,
) -> Result<Response, PanelError> {
    match try_change(&staff, id, &typed).await {
        Ok(()) => staff.done(&paths::curator(id), Say::key("account-password-changed")).await,
        Err(failure) => {
            let page = PasswordPage::of(&staff, id, staff.wrong(failure)?).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_change(staff: &Administrator, id: PersonId, typed: &NewPassword) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    curators::set_password(&mut work, id, &typed.new, &typed.repeat).await?;
    Ok(work.commit().await?)
}
