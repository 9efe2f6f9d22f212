//! Deleting cards, and the list of the deleted with «Восстановить» (PT-263, PT-D12).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{errors::Say, ids::PersonId, page::Page},
    patronage::citizens::{self, DeletedRow, UNDO_DAYS},
    people::contact,
    words::format,
};

use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm, Id, NoFields, Paging},
    page::{Shell, render},
    paths,
};

#[derive(Template)]
#[template(path = "patronage/citizens/deletion.html")]
struct DeletionPage {
    shell: Shell,
    id: PersonId,
    name: String,
    days: i64,
}

/// The question, with the name.
pub async fn question(staff: Administrator, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let name = citizens::card(&mut work, id).await?.name.full();
    drop(work);
    let shell = staff.shell(staff.lang().t("citizens-delete")).await?;
    render(&DeletionPage { shell, id, name, days: UNDO_DAYS })
}

pub async fn delete(staff: Administrator, Id(id): Id<PersonId>, _: CsrfForm<NoFields>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    citizens::delete(&mut work, id).await?;
    work.commit().await?;
    staff.done(paths::CITIZENS, Say::key("citizens-deleted")).await
}

/// One deleted card, in the reader's words.
struct Line {
    id: PersonId,
    name: String,
    phone: String,
    curator: String,
    deleted_at: String,
    days_left: i64,
}

#[derive(Template)]
#[template(path = "patronage/citizens/deleted.html")]
struct DeletedPage {
    shell: Shell,
    page: Page<Line>,
}

/// «Удалённые».
pub async fn list(staff: Administrator, Paging(cursor): Paging) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let page = citizens::deleted(&mut work, cursor).await?;
    let zone = work.app.config.time_zone;
    drop(work);
    let line = |row: DeletedRow| Line {
        id: row.id,
        name: row.name.full(),
        phone: contact::shown(&row.phone),
        curator: row.curator.map(|name| name.short()).unwrap_or_default(),
        deleted_at: format::moment(row.deleted_at, zone),
        days_left: row.days_left,
    };
    let shell = staff.shell(staff.lang().t("citizens-deleted-title")).await?;
    render(&DeletedPage { shell, page: page.map(line) })
}

/// «Восстановить».
pub async fn restore(
    staff: Administrator,
    Id(id): Id<PersonId>,
    _: CsrfForm<NoFields>,
) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    citizens::restore(&mut work, id).await?;
    work.commit().await?;
    staff.done(&paths::citizen(id), Say::key("citizens-restored")).await
}
