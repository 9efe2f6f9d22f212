//! «Безопасность входа»: who must have a second factor, and letters about sign-ins.

use axum::response::Response;
use opora_core::{
    foundation::{errors::Say, page::Choice},
    settings::{self, Demand, Security},
};
use serde::Deserialize;

use crate::{
    errors::PanelError,
    extract::{Administrator, CsrfForm},
    paths,
    visit::Lang,
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SecurityForm {
    demand: Demand,
    sign_in_letters: bool,
}

/// The choices of «Требовать двухфакторный вход».
pub fn choices(l: &Lang) -> Vec<Choice<&'static str>> {
    let label = |demand| match demand {
        Demand::Nobody => "settings-demand-nobody",
        Demand::Administrator => "settings-demand-administrator",
        Demand::Everybody => "settings-demand-everybody",
    };
    Demand::ALL.map(|demand| Choice { id: demand.name(), label: l.t(label(demand)).to_string() }).into()
}

pub async fn save(staff: Administrator, CsrfForm(form): CsrfForm<SecurityForm>) -> Result<Response, PanelError> {
    let mut work = staff.begin().await?;
    let new = Security { demand: form.demand, sign_in_letters: form.sign_in_letters };
    settings::save_security(&mut work, new).await?;
    work.commit().await?;
    staff.done(paths::SETTINGS, Say::key("panel-saved")).await
}
