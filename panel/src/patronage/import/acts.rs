//! The decisions about an import.

use axum::response::Response;
use opora_core::{
    foundation::{errors::Say, ids::ImportId},
    patronage::import::{self, Existing},
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm, Id, NoFields},
    paths,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Decision {
    existing: String,
}

/// «Загрузить».
pub(super) async fn start(
    staff: Administrator,
    Id(id): Id<ImportId>,
    CsrfForm(form): CsrfForm<Decision>,
) -> Result<Response, PanelError> {
    let existing = if form.existing == "fill" { Existing::Fill } else { Existing::Skip };
    let mut work = staff.begin().await?;
    import::start(&mut work, id, existing).await?;
    work.commit().await?;
    staff.done(&paths::import(id), Say::key("import-started")).await
}

/// «Не загружать».
pub(super) async fn discard(
    staff: Administrator,
    Id(id): Id<ImportId>,
    _: CsrfForm<NoFields>,
) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    import::discard(&mut work, id).await?;
    work.commit().await?;
    staff.done(paths::IMPORT, Say::key("import-discarded")).await
}

/// «Отменить загрузку».
pub(super) async fn undo(
    staff: Administrator,
    Id(id): Id<ImportId>,
    _: CsrfForm<NoFields>,
) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    import::undo(&mut work, id).await?;
    work.commit().await?;
    staff.done(&paths::import(id), Say::key("import-undo-started")).await
}
