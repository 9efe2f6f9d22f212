//! «Особые группы» (PT-242…PT-244): a list for reading; the operator changes it (PT-D08).

use askama::Template;
use axum::{extract::Query, response::Response};
use opora_core::{
    foundation::{ids::GroupId, page::Choice},
    patronage::groups,
};

use crate::{
    errors::PanelError,
    extract::Staff,
    page::{Shell, render},
    paths,
    patronage::NameSearch,
    routes::Routes,
};

/// Routes of the room.
pub fn routes() -> Routes {
    Routes::for_staff().in_section(|sections| sections.special_groups).get(paths::GROUPS, list)
}

#[derive(Template)]
#[template(path = "patronage/groups/list.html")]
struct ListPage {
    shell: Shell,
    search: NameSearch,
    groups: Vec<Choice<GroupId>>,
}

async fn list(staff: Staff, Query(search): Query<NameSearch>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let groups = groups::list(&mut work, &search.name).await?;
    drop(work);
    render(&ListPage { shell: staff.shell(staff.lang().t("label-menu-special-groups")).await?, search, groups })
}
