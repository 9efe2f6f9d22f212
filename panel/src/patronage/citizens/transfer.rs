//! «Перевод пользователей» (PT-266…PT-268).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::errors::{Failure, Say},
    patronage::{
        citizens::{self, selection},
        curators,
    },
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm},
    page::{Shell, Wrong, render, render_invalid},
    paths,
};

#[derive(Template)]
#[template(path = "patronage/citizens/transfer.html")]
struct TransferPage {
    shell: Shell,
    wrong: Wrong,
    number: i64,
    to: String,
    curators: curators::Offered,
}

impl TransferPage {
    async fn of(staff: &Administrator, to: String, wrong: Wrong) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let number = selection::ticked(&mut work, staff.session.id).await?;
        let curators = curators::choices(&mut work).await?;
        drop(work);
        Ok(Self { shell: staff.shell(staff.lang().t("citizens-transfer")).await?, wrong, number, to, curators })
    }
}

pub async fn form(staff: Administrator) -> Result<Response, PanelError> {
    render(&TransferPage::of(&staff, String::new(), Wrong::nothing(staff.lang())).await?)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    to: String,
    /// How many the form showed.
    expected: String,
}

/// «Перевести».
pub async fn transfer(staff: Administrator, CsrfForm(typed): CsrfForm<Typed>) -> Result<Response, PanelError> {
    match try_transfer(&staff, &typed).await {
        Ok(number) => staff.done(paths::CITIZENS, Say::key("citizens-transferred").number("number", number)).await,
        Err(failure) => {
            let page = TransferPage::of(&staff, typed.to, staff.wrong(failure)?).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_transfer(staff: &Administrator, typed: &Typed) -> Result<usize, Failure> {
    let expected = typed.expected.parse().unwrap_or_default();
    let mut work = staff.begin().await?;
    let number = citizens::transfer(&mut work, staff.session.id, &typed.to, expected).await?;
    work.commit().await?;
    Ok(number)
}
