//! The list (PT-048).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::page::Page,
    patronage::curators::{self, CuratorRow},
};

use crate::{
    errors::PanelError,
    extract::{Administrator, Paging},
    page::{Shell, render},
};

#[derive(Template)]
#[template(path = "patronage/curators/list.html")]
struct ListPage {
    shell: Shell,
    page: Page<CuratorRow>,
    has_districts: bool,
}

pub async fn list(staff: Administrator, Paging(cursor): Paging) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let page = curators::list(&mut work, cursor).await?;
    let has_districts = work.app.config.sections.districts;
    drop(work);
    render(&ListPage { shell: staff.shell(staff.lang().t("label-menu-curators")).await?, page, has_districts })
}
