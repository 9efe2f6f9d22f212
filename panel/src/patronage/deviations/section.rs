//! «Отклонения» of the last 72 hours, of all citizens in sight (PT-248…PT-255).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::page::Page,
    patronage::reminders::{Watched, lately},
    people::contact,
    schedule::local_time::local_now,
    words::format,
};

use super::Row;
use crate::{
    errors::PanelError,
    extract::{Paging, Staff},
    page::{Shell, render},
    paths,
    visit::Lang,
};

/// The page refreshes itself every so many seconds (PT-255).
const REFRESH: u32 = 60;

#[derive(Template)]
#[template(path = "patronage/deviations/section.html")]
struct SectionPage {
    shell: Shell,
    page: Page<Group>,
    refresh: u32,
    /// «09:30»: when this was so.
    seen_at: String,
}

/// A citizen with the reminders that went wrong.
struct Group {
    id: String,
    name: String,
    path: String,
    phone: String,
    /// For calling right from the page.
    phone_path: String,
    curator: String,
    rows: Vec<Row>,
}

pub(super) async fn show(staff: Staff, Paging(cursor): Paging) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let page = lately(&mut work, cursor).await?.map(|it| Group::of(staff.lang(), &it));
    let now = local_now(work.now, work.app.config.time_zone);
    drop(work);
    let shell = staff.shell(staff.lang().t("label-menu-deviations")).await?;
    render(&SectionPage { shell, page, refresh: REFRESH, seen_at: format::time(now.time()) })
}

impl Group {
    fn of(l: &Lang, it: &Watched) -> Self {
        let citizen = &it.citizen;
        Self {
            id: citizen.person.to_string(),
            name: citizen.name.full(),
            path: paths::citizen(citizen.person),
            phone: contact::shown(&citizen.phone),
            phone_path: format!("tel:{}", citizen.phone),
            curator: citizen.curator.as_ref().map(|(_, name)| name.short()).unwrap_or_default(),
            rows: it.deviations.iter().map(|row| Row::of(l, citizen.person, row)).collect(),
        }
    }
}
