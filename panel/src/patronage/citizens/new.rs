//! «Добавить пользователя» (PT-063…PT-070, PT-075, PT-080).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::{PersonId, SubmissionId},
    },
    patronage::citizens,
};

use super::fields::{Choices, Typed};
use crate::{
    errors::PanelError,
    extract::{CsrfForm, Staff},
    page::{Shell, Wrong, render, render_invalid},
    paths,
};

/// Key of the refusal of a card like another one.
pub(super) const SIMILAR: &str = "citizens-similar";

/// Whether the refusal may be overruled by «Всё равно сохранить».
pub(super) fn is_similar(failure: &Failure) -> bool {
    matches!(failure, Failure::Refused(say) if say.key.starts_with(SIMILAR))
}

#[derive(Template)]
#[template(path = "patronage/citizens/new.html")]
struct NewPage {
    shell: Shell,
    wrong: Wrong,
    values: Typed,
    options: Choices,
    is_similar: bool,
    is_editing: bool,
}

impl NewPage {
    async fn of(staff: &Staff, values: Typed, wrong: Wrong, is_similar: bool) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let options = Choices::of(&mut work, staff, &values, None).await?;
        drop(work);
        let shell = staff.shell(staff.lang().t("citizens-add")).await?;
        Ok(Self { shell, wrong, values, options, is_similar, is_editing: true })
    }
}

pub async fn form(staff: Staff) -> Result<Response, PanelError> {
    let mut work = staff.look().await?;
    let blank = citizens::blank_form(&mut work).await?;
    drop(work);
    let values = Typed { submission: staff.new_submission().to_string(), ..Typed::filled(blank) };
    render(&NewPage::of(&staff, values, Wrong::nothing(staff.lang()), false).await?)
}

pub async fn create(staff: Staff, CsrfForm(typed): CsrfForm<Typed>) -> Result<Response, PanelError> {
    match try_create(&staff, &typed).await {
        Ok(person) => staff.done(&paths::citizen(person), Say::key("citizens-added")).await,
        Err(failure) => {
            let is_similar = is_similar(&failure);
            let page = NewPage::of(&staff, typed, staff.wrong(failure)?, is_similar).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_create(staff: &Staff, typed: &Typed) -> Result<PersonId, Failure> {
    let submission: SubmissionId = typed.submission.parse().unwrap_or_else(|_| staff.new_submission());
    let mut work = staff.begin().await?;
    let saved = citizens::register(&mut work, &typed.form(), submission, !typed.confirmed.is_empty()).await?;
    work.commit().await?;
    Ok(saved.person)
}
