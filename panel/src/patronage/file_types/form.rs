//! «Добавить», the form behind a name, and its «Изменить» (PT-235…PT-237, PT-241).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::{FileTypeId, SubmissionId},
    },
    patronage::file_types,
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{CsrfForm, CsrfForms, Id, Staff, Submission},
    page::{Shell, Wrong, render, render_invalid},
    paths,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct TypeForm {
    name: String,
}

#[derive(Template)]
#[template(path = "patronage/file_types/form.html")]
struct FormPage {
    shell: Shell,
    wrong: Wrong,
    /// The type; `None` while it is new.
    id: Option<FileTypeId>,
    submission: String,
    value: String,
    is_editing: bool,
}

impl FormPage {
    async fn new(staff: &Staff, name: String, submission: String, wrong: Wrong) -> Result<Self, PanelError> {
        let shell = staff.shell(staff.lang().t("file-types-new")).await?;
        Ok(Self { shell, wrong, id: None, submission, value: name, is_editing: true })
    }

    /// The type as stored; what was typed goes before.
    async fn of(
        staff: &Staff,
        id: FileTypeId,
        typed: Option<String>,
        is_editing: bool,
        wrong: Wrong,
    ) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let stored = file_types::name_of(&mut work, id).await?;
        drop(work);
        let shell = staff.shell(&stored).await?;
        Ok(Self { shell, wrong, id: Some(id), submission: String::new(), value: typed.unwrap_or(stored), is_editing })
    }
}

pub(super) async fn blank(staff: Staff) -> Result<Response, PanelError> {
    let submission = staff.new_submission().to_string();
    render(&FormPage::new(&staff, String::new(), submission, Wrong::nothing(staff.lang())).await?)
}

pub(super) async fn create(
    staff: Staff,
    CsrfForms(Submission { submission }, TypeForm { name }): CsrfForms<Submission, TypeForm>,
) -> Result<Response, PanelError> {
    match try_create(&staff, &name, &submission).await {
        Ok(id) => staff.done(&paths::marked(paths::FILE_TYPES, id), Say::key("file-types-added")).await,
        Err(failure) => {
            let page = FormPage::new(&staff, name, submission, staff.wrong(failure)?).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_create(staff: &Staff, name: &str, submission: &str) -> Result<FileTypeId, Failure> {
    let submission: SubmissionId = submission.parse().map_err(|_| Failure::Stale)?;
    let mut work = staff.begin().await?;
    let id = file_types::add(&mut work, name, submission).await?;
    work.commit().await?;
    Ok(id)
}

pub(super) async fn show(staff: Staff, Id(id): Id<FileTypeId>) -> Result<Response, PanelError> {
    render(&FormPage::of(&staff, id, None, false, Wrong::nothing(staff.lang())).await?)
}

pub(super) async fn edit(staff: Staff, Id(id): Id<FileTypeId>) -> Result<Response, PanelError> {
    render(&FormPage::of(&staff, id, None, true, Wrong::nothing(staff.lang())).await?)
}

pub(super) async fn change(
    staff: Staff,
    Id(id): Id<FileTypeId>,
    CsrfForm(TypeForm { name }): CsrfForm<TypeForm>,
) -> Result<Response, PanelError> {
    match try_change(&staff, id, &name).await {
        Ok(()) => staff.done(&paths::marked(paths::FILE_TYPES, id), Say::key("panel-saved")).await,
        Err(failure) => {
            let wrong = staff.wrong(failure)?;
            let page = FormPage::of(&staff, id, Some(name), true, wrong).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_change(staff: &Staff, id: FileTypeId, name: &str) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    file_types::rename(&mut work, id, name).await?;
    Ok(work.commit().await?)
}
