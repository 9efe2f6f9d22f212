//! «Корзина» (PT-060, PT-061).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::PersonId,
    },
    patronage::curators,
};

use super::citizens_of;
use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm, Id, NoFields},
    page::{Shell, Wrong, render, render_invalid},
    paths,
};

#[derive(Template)]
#[template(path = "patronage/curators/deletion.html")]
struct DeletionPage {
    shell: Shell,
    wrong: Wrong,
    id: PersonId,
    name: String,
    citizens: String,
}

impl DeletionPage {
    async fn of(staff: &Administrator, id: PersonId, wrong: Wrong) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let name = curators::get(&mut work, id).await?.row.name.full();
        drop(work);
        let shell = staff.shell(staff.lang().t("curators-delete-title")).await?;
        Ok(Self { shell, wrong, id, name, citizens: citizens_of(id) })
    }
}

pub async fn question(staff: Administrator, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    render(&DeletionPage::of(&staff, id, Wrong::nothing(staff.lang())).await?)
}

pub async fn delete(staff: Administrator, Id(id): Id<PersonId>, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    match try_delete(&staff, id).await {
        Ok(()) => staff.done(paths::CURATORS, Say::key("curators-deleted")).await,
        Err(failure) => {
            let page = DeletionPage::of(&staff, id, staff.wrong(failure)?).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_delete(staff: &Administrator, id: PersonId) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    curators::delete(&mut work, id).await?;
    Ok(work.commit().await?)
}
