//! The list with its search (PT-227, PT-228).

use askama::Template;
use axum::{extract::Query, response::Response};
use opora_core::patronage::districts::{self, District};

use crate::{
    errors::PanelError,
    extract::Staff,
    page::{Shell, render},
    patronage::{NameSearch, zones},
};

#[derive(Template)]
#[template(path = "patronage/districts/list.html")]
struct ListPage {
    shell: Shell,
    search: NameSearch,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    zone: String,
    is_new: bool,
}

pub(super) async fn list(staff: Staff, Query(search): Query<NameSearch>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let districts = districts::list(&mut work, &search.name).await?;
    drop(work);
    let row = |it: District| Row {
        is_new: it.id.to_string() == search.new,
        id: it.id.to_string(),
        name: it.name,
        zone: it.time_zone.map(|zone| zones::shown(staff.lang(), &zone)).unwrap_or_default(),
    };
    let rows = districts.into_iter().map(row).collect();
    render(&ListPage { shell: staff.shell(staff.lang().t("label-menu-districts")).await?, search, rows })
}
