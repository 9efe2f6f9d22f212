//! «Добавить» and «Сохранить».

use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::{ContactId, PersonId},
    },
    patronage::{activation, contacts},
};
use serde::Deserialize;

use super::{HistoryPage, Writing};
use crate::{
    errors::PanelError,
    extract::{CsrfForm, Id, Ids, Staff},
    page::render_invalid,
    paths,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct ResultForm {
    result: String,
    version: i64,
}

/// A contact the curator began (PT-103).
pub(super) async fn add(
    staff: Staff,
    Id(person): Id<PersonId>,
    CsrfForm(form): CsrfForm<ResultForm>,
) -> Result<Response, PanelError> {
    match try_add(&staff, person, &form.result).await {
        Ok(()) => staff.done(&paths::history(person), Say::key("history-added")).await,
        Err(failure) => refused(&staff, person, Writing::New(form.result), failure).await,
    }
}

async fn try_add(staff: &Staff, person: PersonId, result: &str) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    must_be_open(&mut work, person).await?;
    contacts::add(&mut work, person, result).await?;
    Ok(work.commit().await?)
}

/// The result of a contact (PT-100).
pub(super) async fn save(
    staff: Staff,
    Ids(person, contact): Ids<PersonId, ContactId>,
    CsrfForm(form): CsrfForm<ResultForm>,
) -> Result<Response, PanelError> {
    match try_save(&staff, person, contact, &form).await {
        Ok(()) => staff.done(&paths::history(person), Say::key("panel-saved")).await,
        Err(failure) => refused(&staff, person, Writing::Result(contact, Some(form.result)), failure).await,
    }
}

async fn try_save(staff: &Staff, person: PersonId, contact: ContactId, form: &ResultForm) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    must_be_open(&mut work, person).await?;
    let owner = contacts::save_result(&mut work, contact, form.version, &form.result).await?;
    if owner != person {
        return Err(Failure::NotFound);
    }
    Ok(work.commit().await?)
}

/// Before the activation the tab is only looked at (PT-089).
async fn must_be_open(work: &mut opora_core::Work, person: PersonId) -> Result<(), Failure> {
    if activation::state_of(work, person).await?.opens_tabs() { Ok(()) } else { Err(Failure::refused("card-closed")) }
}

/// The list once more, with what was typed and what is wrong with it.
async fn refused(staff: &Staff, person: PersonId, writing: Writing, failure: Failure) -> Result<Response, PanelError> {
    let wrong = staff.wrong(failure)?;
    let page = HistoryPage::of(staff, person, "", writing, wrong).await?;
    render_invalid(&page.wrong, &page)
}
