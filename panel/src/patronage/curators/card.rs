//! The card: read-only until «Изменить» (PT-056, PT-057, PT-059).

use askama::Template;
use axum::response::Response;
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::{DistrictId, PersonId},
        page::Choice,
    },
    patronage::curators::{self, CuratorForm},
};
use serde::Deserialize;

use super::{districts, filled};
use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForms, Id},
    page::{Shell, Wrong, render, render_invalid},
    paths,
};

#[derive(Template)]
#[template(path = "patronage/curators/card.html")]
struct CardPage {
    shell: Shell,
    wrong: Wrong,
    id: PersonId,
    values: CuratorForm,
    version: String,
    has_login: bool,
    has_second_factor: bool,
    is_editing: bool,
    districts: Option<Vec<Choice<DistrictId>>>,
}

impl CardPage {
    /// The card as stored; `typed` (values and version of a form that was not taken) goes before.
    async fn of(
        staff: &Administrator,
        id: PersonId,
        typed: Option<(CuratorForm, String)>,
        is_editing: bool,
        wrong: Wrong,
    ) -> Result<Self, PanelError> {
        let mut work = staff.look().await?;
        let card = curators::get(&mut work, id).await?;
        let districts = districts(&mut work).await?;
        let has_second_factor = curators::has_second_factor(&mut work, id).await?;
        drop(work);
        let shell = staff.shell(card.row.name.full()).await?;
        let has_login = card.row.login.is_some();
        let (values, version) = typed.unwrap_or_else(|| (filled(&card), card.version.to_string()));
        let values = CuratorForm { password: String::new(), password_repeat: String::new(), ..values };
        Ok(Self { shell, wrong, id, values, version, has_login, has_second_factor, is_editing, districts })
    }
}

pub async fn show(staff: Administrator, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    render(&CardPage::of(&staff, id, None, false, Wrong::nothing(staff.lang())).await?)
}

pub async fn edit(staff: Administrator, Id(id): Id<PersonId>) -> Result<Response, PanelError> {
    render(&CardPage::of(&staff, id, None, true, Wrong::nothing(staff.lang())).await?)
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Version {
    version: String,
}

pub async fn change(
    staff: Administrator,
    Id(id): Id<PersonId>,
    CsrfForms(Version { version }, form): CsrfForms<Version, CuratorForm>,
) -> Result<Response, PanelError> {
    match try_change(&staff, id, &version, &form).await {
        Ok(()) => staff.done(paths::CURATORS, Say::key("panel-saved")).await,
        Err(failure) => {
            let wrong = staff.wrong(failure)?;
            let page = CardPage::of(&staff, id, Some((form, version)), true, wrong).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

async fn try_change(staff: &Administrator, id: PersonId, version: &str, form: &CuratorForm) -> Result<(), Failure> {
    let version = version.parse().map_err(|_| Failure::Stale)?;
    let mut work = staff.begin().await?;
    curators::change(&mut work, id, version, form).await?;
    Ok(work.commit().await?)
}
