//! The type of a file (PT-097).

use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::{FileId, FileTypeId, PersonId},
    },
    patronage::files,
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{CsrfForm, Id, Staff},
    paths,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TypeForm {
    #[serde(rename = "type")]
    file_type: String,
    /// The filter and place of the list it was done in.
    back: String,
}

/// Gives a file its type, or none, and returns to the list.
pub(super) async fn classify(
    staff: Staff,
    Id(id): Id<FileId>,
    CsrfForm(form): CsrfForm<TypeForm>,
) -> Result<Response, PanelError> {
    if !staff.visit.panel.app.config.sections.file_types {
        return Err(PanelError::NotFound);
    }
    let chosen: Option<FileTypeId> = match form.file_type.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| PanelError::BadForm("no such type".to_owned()))?),
    };
    let person = try_classify(&staff, id, chosen).await?;
    let list = paths::files(person);
    let back = if form.back.starts_with(&format!("{list}?")) { form.back } else { list };
    staff.done(&back, Say::key("panel-saved")).await
}

async fn try_classify(staff: &Staff, id: FileId, chosen: Option<FileTypeId>) -> Result<PersonId, Failure> {
    let mut work = staff.begin().await?;
    let person = files::classify(&mut work, id, chosen).await?;
    work.commit().await?;
    Ok(person)
}
