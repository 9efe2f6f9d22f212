//! «Добавить соц. куратора» (PT-049…PT-055).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::{DistrictId, PersonId, SubmissionId},
        page::Choice,
    },
    patronage::curators::{self, CuratorForm},
};

use super::districts;
use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForms, Submission},
    page::{Shell, Wrong, render, render_invalid},
    paths,
};

#[derive(Template)]
#[template(path = "patronage/curators/new.html")]
struct NewPage {
    shell: Shell,
    wrong: Wrong,
    values: CuratorForm,
    submission: String,
    districts: Option<Vec<Choice<DistrictId>>>,
}

impl NewPage {
    async fn of(
        staff: &Administrator,
        values: CuratorForm,
        submission: String,
        wrong: Wrong,
    ) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let districts = districts(&mut work).await?;
        drop(work);
        let values = CuratorForm { password: String::new(), password_repeat: String::new(), ..values };
        Ok(Self { shell: staff.shell(staff.lang().t("curators-add")).await?, wrong, values, submission, districts })
    }
}

pub async fn form(staff: Administrator) -> Result<Response, PanelError> {
    let submission = staff.new_submission().to_string();
    let wrong = Wrong::nothing(staff.lang());
    render(&NewPage::of(&staff, CuratorForm::default(), submission, wrong).await?)
}

pub async fn create(
    staff: Administrator,
    CsrfForms(Submission { submission }, form): CsrfForms<Submission, CuratorForm>,
) -> Result<Response, PanelError> {
    match try_create(&staff, &form, &submission).await {
        Ok(_) => staff.done(paths::CURATORS, Say::key("curators-added")).await,
        Err(failure) => {
            let wrong = staff.wrong(failure)?;
            let page = NewPage::of(&staff, form, submission, wrong).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_create(staff: &Administrator, form: &CuratorForm, submission: &str) -> Result<PersonId, Failure> {
    let submission: SubmissionId = submission.parse().map_err(|_| Failure::Stale)?;
    let mut work = staff.begin().await?;
    let id = curators::create(&mut work, form, submission).await?;
    work.commit().await?;
    Ok(id)
}
