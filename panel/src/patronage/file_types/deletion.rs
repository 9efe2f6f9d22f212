//! «Корзина» (PT-238, PT-239).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::FileTypeId,
    },
    patronage::file_types,
};

use crate::{
    errors::PanelError,
    extract::{CsrfForm, Id, NoFields, Staff},
    page::{Shell, render},
    paths,
};

#[derive(Template)]
#[template(path = "patronage/file_types/deletion.html")]
struct DeletionPage {
    shell: Shell,
    id: FileTypeId,
    name: String,
}

pub(super) async fn question(staff: Staff, Id(id): Id<FileTypeId>) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let name = file_types::name_of(&mut work, id).await?;
    drop(work);
    render(&DeletionPage { shell: staff.shell(staff.lang().t("file-types-delete-title")).await?, id, name })
}

pub(super) async fn delete(
    staff: Staff,
    Id(id): Id<FileTypeId>,
    _: CsrfForm<NoFields>,
) -> Result<Response, PanelError> {
    try_delete(&staff, id).await?;
    staff.done(paths::FILE_TYPES, Say::key("file-types-deleted")).await
}

async fn try_delete(staff: &Staff, id: FileTypeId) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    file_types::delete(&mut work, id).await?;
    Ok(work.commit().await?)
}
