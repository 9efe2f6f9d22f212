//! «Добавить» and «Изменить» (PT-229…PT-231).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::{DistrictId, SubmissionId},
        page::Choice,
    },
    patronage::districts::{self, DistrictForm},
};

use crate::{
    errors::PanelError,
    extract::{CsrfForm, CsrfForms, Id, Staff, Submission},
    page::{Shell, Wrong, render, render_invalid},
    paths,
    patronage::zones,
};

#[derive(Template)]
#[template(path = "patronage/districts/form.html")]
struct FormPage {
    shell: Shell,
    wrong: Wrong,
    action: String,
    submission: String,
    values: DistrictForm,
    zones: Vec<Choice<String>>,
}

impl FormPage {
    async fn new(staff: &Staff, values: DistrictForm, submission: String, wrong: Wrong) -> Result<Self, PanelError> {
        let shell = staff.shell(staff.lang().t("districts-new")).await?;
        let zones = zones::choices(staff.lang(), &values.time_zone);
        Ok(Self { shell, wrong, action: paths::DISTRICTS.to_owned(), submission, values, zones })
    }

    /// The district as stored; what was typed goes before.
    async fn of(staff: &Staff, id: DistrictId, typed: Option<DistrictForm>, wrong: Wrong) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let district = districts::get(&mut work, id).await?;
        drop(work);
        let shell = staff.shell(&district.name).await?;
        let stored = DistrictForm { name: district.name, time_zone: district.time_zone.unwrap_or_default() };
        let zones = zones::choices(staff.lang(), &stored.time_zone);
        let values = typed.unwrap_or(stored);
        Ok(Self { shell, wrong, action: paths::district(id), submission: String::new(), values, zones })
    }
}

pub(super) async fn blank(staff: Staff) -> Result<Response, PanelError> {
    let submission = staff.new_submission().to_string();
    render(&FormPage::new(&staff, DistrictForm::default(), submission, Wrong::nothing(staff.lang())).await?)
}

pub(super) async fn create(
    staff: Staff,
    CsrfForms(Submission { submission }, form): CsrfForms<Submission, DistrictForm>,
) -> Result<Response, PanelError> {
    match try_create(&staff, &form, &submission).await {
        Ok(id) => staff.done(&paths::marked(paths::DISTRICTS, id), Say::key("districts-added")).await,
        Err(failure) => {
            let page = FormPage::new(&staff, form, submission, staff.wrong(failure)?).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_create(staff: &Staff, form: &DistrictForm, submission: &str) -> Result<DistrictId, Failure> {
    let submission: SubmissionId = submission.parse().map_err(|_| Failure::Stale)?;
    let mut work = staff.begin().await?;
    let id = districts::add(&mut work, form, submission).await?;
    work.commit().await?;
    Ok(id)
}

pub(super) async fn edit(staff: Staff, Id(id): Id<DistrictId>) -> Result<Response, PanelError> {
    render(&FormPage::of(&staff, id, None, Wrong::nothing(staff.lang())).await?)
}

pub(super) async fn change(
    staff: Staff,
    Id(id): Id<DistrictId>,
    CsrfForm(form): CsrfForm<DistrictForm>,
) -> Result<Response, PanelError> {
    match try_change(&staff, id, &form).await {
        Ok(()) => staff.done(&paths::marked(paths::DISTRICTS, id), Say::key("panel-saved")).await,
        Err(failure) => {
            let wrong = staff.wrong(failure)?;
            let page = FormPage::of(&staff, id, Some(form), wrong).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_change(staff: &Staff, id: DistrictId, form: &DistrictForm) -> Result<(), Failure> {
    let mut work = staff.begin().await?;
    districts::change(&mut work, id, form).await?;
    Ok(work.commit().await?)
}
