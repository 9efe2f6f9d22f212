//! «Создать задание» (PT-144 … PT-172).

use axum::{extract::Query, response::Response};
use opora_core::{
    foundation::{
        errors::Say,
        ids::{PersonId, SubmissionId},
    },
    patronage::reminders::{overlap, plan},
    people::sessions::Flash,
    schedule::local_time::local_now,
};
use serde::Deserialize;

use super::{
    input::{Act, Input},
    period::{View, shown_date},
    preview::Dates,
    task::{self, Task},
};
use crate::{
    errors::PanelError,
    extract::{CsrfForm, Id, Staff},
    page::{Toast, Wrong},
    patronage::card::{Card, Tab},
};

/// What the address presets.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Preset {
    date: String,
    pub view: String,
    quick: String,
}

/// `GET /citizens/{id}/programme/new`.
pub(super) async fn page(
    staff: Staff,
    Id(person): Id<PersonId>,
    Query(preset): Query<Preset>,
) -> Result<Response, PanelError> {
    let card = open_card(&staff, person).await?;
    let today = local_now(staff.visit.panel.app.clock.now(), card.zone).date();
    let input = match preset.quick.is_empty() {
        true => Input::preset(shown_date(&preset.date).unwrap_or(today)),
        false => Input::quick(today),
    };
    let view = View::named(&preset.view).name().to_owned();
    let input = Input { view, submission: staff.new_submission().to_string(), ..input };
    let dates = Dates::of(&staff, person, &input).await?;
    let task = Task::new(staff.lang(), &card, input, dates);
    task::show(&staff, &card, &task, &Wrong::nothing(staff.lang()), None).await
}

/// `POST /citizens/{id}/programme/new`.
pub(super) async fn act(
    staff: Staff,
    Id(person): Id<PersonId>,
    CsrfForm(mut input): CsrfForm<Input>,
) -> Result<Response, PanelError> {
    let card = open_card(&staff, person).await?;
    let act = input.act();
    match act {
        Act::AddExclusion => input.add_exclusion(),
        Act::RemoveExclusion(index) => input.remove_exclusion(index),
        Act::Save | Act::SaveAndGoOn => return save(&staff, &card, input, act == Act::SaveAndGoOn).await,
        _ => {}
    }
    form_again(&staff, &card, input, &Wrong::nothing(staff.lang()), None).await
}

async fn save(staff: &Staff, card: &Card, input: Input, goes_on: bool) -> Result<Response, PanelError> {
    let submission: SubmissionId = input.submission.parse().unwrap_or_else(|_| staff.new_submission());
    let mut work = staff.begin().await?;
    let series = match plan(&mut work, card.person, &input.form(), submission).await {
        Ok(series) => series,
        Err(failure) => {
            drop(work);
            let wrong = staff.wrong(failure)?;
            return form_again(staff, card, input, &wrong, None).await;
        }
    };
    let other = overlap(&mut work, series).await?;
    work.commit().await?;
    let saved = other.map_or_else(|| Flash::success(Say::key("programme-saved")), |it| super::overlap(&it));
    if !goes_on {
        return staff.redirect(&task::back(card, &input), saved).await;
    }
    let toast = Toast::of(staff.lang(), &saved);
    let input = Input { submission: staff.new_submission().to_string(), ..input.gone_on() };
    form_again(staff, card, input, &Wrong::nothing(staff.lang()), Some(toast)).await
}

async fn form_again(
    staff: &Staff,
    card: &Card,
    input: Input,
    wrong: &Wrong,
    toast: Option<Toast>,
) -> Result<Response, PanelError> {
    let dates = Dates::of(staff, card.person, &input).await?;
    let task = Task::new(staff.lang(), card, input, dates);
    task::show(staff, card, &task, wrong, toast).await
}

/// The card, if its programme may be worked with: else only the hint is shown (PT-089).
pub(super) async fn open_card(staff: &Staff, person: PersonId) -> Result<Card, PanelError> {
    let mut work = staff.look().await?;
    let card = Card::of(&mut work, staff.lang(), person, Tab::Programme).await?;
    if card.is_open { Ok(card) } else { Err(PanelError::Refused(Say::key("card-closed"))) }
}
