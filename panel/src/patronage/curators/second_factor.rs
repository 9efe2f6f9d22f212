//! A curator lost the device of the second factor: the administrator takes it away.

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{errors::Say, ids::PersonId},
    patronage::curators,
};

use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm, Id, NoFields},
    page::{Shell, render},
    paths,
};

#[derive(Template)]
#[template(path = "patronage/curators/second_factor.html")]
struct Question {
    shell: Shell,
    id: PersonId,
    name: String,
}

pub async fn question(staff: Administrator, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let name = curators::get(&mut work, id).await?.row.name.full();
    drop(work);
    render(&Question { shell: staff.shell(staff.lang().t("second-factor-reset")).await?, id, name })
}

pub async fn reset(staff: Administrator, Id(id): Id<PersonId>, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    curators::reset_second_factor(&mut work, id).await?;
    work.commit().await?;
    staff.done(&paths::curator(id), Say::key("second-factor-is-reset")).await
}
