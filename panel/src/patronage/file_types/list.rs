//! The list with its search (PT-233, PT-234).

use askama::Template;
use axum::{extract::Query, response::Response};
use opora_core::{
    foundation::{ids::FileTypeId, page::Choice},
    patronage::file_types,
};

use crate::{
    errors::PanelError,
    extract::Staff,
    page::{Shell, render},
    patronage::NameSearch,
};

#[derive(Template)]
#[template(path = "patronage/file_types/list.html")]
struct ListPage {
    shell: Shell,
    search: NameSearch,
    types: Vec<Choice<FileTypeId>>,
}

pub(super) async fn list(staff: Staff, Query(search): Query<NameSearch>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let types = file_types::list(&mut work, &search.name).await?;
    drop(work);
    render(&ListPage { shell: staff.shell(staff.lang().t("label-menu-file-types")).await?, search, types })
}
