//! One reminder opened: changed, deleted, marked by hand, or told of (PT-190 … PT-195).

use axum::{
    extract::{Path, Query},
    response::Response,
};
use opora_core::{
    foundation::{
        errors::{Failure, Say},
        ids::{PersonId, SeriesId},
    },
    messaging::press::Reaction,
    patronage::reminders::{Changed, Editing, OccurrenceState, Reach, change, delete, load_form, mark, overlap, story},
    people::sessions::{Flash, Tone},
    schedule::local_time::local_now,
};

use super::{
    create::{Preset, open_card},
    input::{Act, Input},
    preview::Dates,
    story::Story,
    task::{self, Choices, Face, Task},
};
use crate::{
    errors::PanelError,
    extract::{CsrfForm, Staff},
    page::Wrong,
    paths,
    patronage::card::Card,
};

/// Which reminder: the citizen, the series and the number within it.
type Which = (String, String, u32);

/// A reminder that was opened.
struct Opened {
    card: Card,
    series: SeriesId,
    ordinal: u32,
    editing: Editing,
}

/// `GET /citizens/{id}/programme/{series}/{ordinal}`.
pub(super) async fn page(
    staff: Staff,
    Path(which): Path<Which>,
    Query(preset): Query<Preset>,
) -> Result<Response, PanelError> {
    let opened = open(&staff, which).await?;
    let input = Input { view: preset.view, ..opened.input() };
    opened.show(&staff, input, &Wrong::nothing(staff.lang())).await
}

/// `POST /citizens/{id}/programme/{series}/{ordinal}`.
pub(super) async fn act(
    staff: Staff,
    Path(which): Path<Which>,
    CsrfForm(mut input): CsrfForm<Input>,
) -> Result<Response, PanelError> {
    let opened = open(&staff, which).await?;
    let nothing = Wrong::nothing(staff.lang());
    match input.act() {
        Act::AddExclusion => input.add_exclusion(),
        Act::RemoveExclusion(index) => input.remove_exclusion(index),
        Act::AskDelete if !opened.is_history(&staff) => {
            let face = Face::Deleting { is_series: opened.editing.is_series };
            return opened.show_face(&staff, input, face, &nothing).await;
        }
        Act::Save => return opened.save(&staff, input).await,
        Act::Delete => return opened.delete(&staff, input).await,
        Act::MarkDone => return opened.mark(&staff, input, Reaction::Done).await,
        Act::MarkMissed => return opened.mark(&staff, input, Reaction::Missed).await,
        Act::Preview | Act::Keep | Act::AskDelete | Act::SaveAndGoOn => {}
    }
    opened.show(&staff, input, &nothing).await
}

/// When the opened reminder was just being sent, the change counts from the next one on (PT-D39).
fn said_of(changed: Changed) -> Flash {
    match changed.was_being_sent {
        true => Flash { tone: Tone::Warning, say: Say::key("programme-changed-following") },
        false => Flash { tone: Tone::Success, say: Say::key("programme-changed") },
    }
}

async fn open(staff: &Staff, (person, series, ordinal): Which) -> Result<Opened, PanelError> {
    let person: PersonId = person.parse().map_err(|_| PanelError::NotFound)?;
    let series: SeriesId = series.parse().map_err(|_| PanelError::NotFound)?;
    let card = open_card(staff, person).await?;
    let mut work = staff.look().await?;
    let editing = load_form(&mut work, series, ordinal).await?;
    if editing.person != person {
        return Err(PanelError::NotFound);
    }
    Ok(Opened { card, series, ordinal, editing })
}

impl Opened {
    fn input(&self) -> Input {
        Input { version: self.editing.version.to_string(), ..Input::of(&self.editing.form, self.editing.entry.date) }
    }

    /// The stored values, to find the way back to the same view of the calendar.
    fn input_in(&self, view: String) -> Input {
        Input { view, ..self.input() }
    }

    async fn save(self, staff: &Staff, input: Input) -> Result<Response, PanelError> {
        let version = version(&input);
        let mut work = staff.begin().await?;
        match change(&mut work, self.series, self.ordinal, version, self.reach(&input), &input.form()).await {
            Ok(changed) => {
                let other = overlap(&mut work, changed.series).await?;
                work.commit().await?;
                let said = other.map_or_else(|| said_of(changed), |it| super::overlap(&it));
                staff.redirect(&task::back(&self.card, &input), said).await
            }
            Err(failure) => {
                drop(work);
                self.refused(staff, input, failure).await
            }
        }
    }

    async fn delete(self, staff: &Staff, input: Input) -> Result<Response, PanelError> {
        let version = version(&input);
        let mut work = staff.begin().await?;
        match delete(&mut work, self.series, self.ordinal, version, self.reach(&input)).await {
            Ok(()) => {
                work.commit().await?;
                staff.done(&task::back(&self.card, &self.input_in(input.view)), Say::key("programme-deleted")).await
            }
            Err(failure) => {
                drop(work);
                self.refused(staff, input, failure).await
            }
        }
    }

    async fn mark(self, staff: &Staff, input: Input, reaction: Reaction) -> Result<Response, PanelError> {
        let mut work = staff.begin().await?;
        match mark(&mut work, self.series, self.ordinal, reaction).await {
            Ok(()) => {
                work.commit().await?;
                staff.done(&task::back(&self.card, &self.input_in(input.view)), Say::key("programme-marked")).await
            }
            Err(failure) => {
                drop(work);
                self.refused(staff, input, failure).await
            }
        }
    }

    /// Shows what was refused beside the values typed, on the ground of how things stand now: it may just have been sent.
    async fn refused(self, staff: &Staff, input: Input, failure: Failure) -> Result<Response, PanelError> {
        let wrong = staff.wrong(failure)?;
        let mut work = staff.look().await?;
        let editing = load_form(&mut work, self.series, self.ordinal).await?;
        drop(work);
        Self { editing, ..self }.show(staff, input, &wrong).await
    }

    /// A reminder that stands alone is changed as a whole.
    fn reach(&self, input: &Input) -> Reach {
        if self.editing.is_series { input.reach() } else { Reach::ThisAndFollowing }
    }

    async fn show(self, staff: &Staff, input: Input, wrong: &Wrong) -> Result<Response, PanelError> {
        let face = match self.is_history(staff) {
            true => Face::Sent(Box::new(self.story(staff).await?)),
            false => Face::Planned { is_series: self.editing.is_series },
        };
        self.show_face(staff, input, face, wrong).await
    }

    /// What became of it, step by step.
    async fn story(&self, staff: &Staff) -> Result<Story, PanelError> {
        let mut work = staff.look().await?;
        let steps = story::story(&mut work, self.series, self.ordinal).await?;
        Ok(Story::of(staff.lang(), &self.card, &self.editing.entry, steps))
    }

    /// What was sent, and what an exclusion kept from being sent, cannot be changed any more (PT-192, PT-169).
    fn is_history(&self, staff: &Staff) -> bool {
        let entry = &self.editing.entry;
        let now = staff.visit.panel.app.clock.now();
        let is_past = local_now(now, self.card.zone) >= entry.date.and_time(entry.time);
        self.editing.is_sent || (entry.state == OccurrenceState::Excluded && is_past)
    }

    async fn show_face(self, staff: &Staff, input: Input, face: Face, wrong: &Wrong) -> Result<Response, PanelError> {
        let dates = match face {
            Face::Planned { .. } => {
                Dates::of_change(staff, self.series, self.ordinal, self.reach(&input), &input).await?
            }
            _ => Dates::none(),
        };
        let title = match face {
            Face::Deleting { .. } => "programme-task-delete",
            Face::Sent(_) => "programme-task-sent",
            Face::New | Face::Planned { .. } => "programme-task-change",
        };
        let task = Task {
            title: staff.lang().t(title).to_string(),
            action: paths::reminder(self.card.person, self.series, self.ordinal),
            back: task::back(&self.card, &input),
            input,
            dates,
            face,
            choices: Choices::of(staff.lang()),
        };
        task::show(staff, &self.card, &task, wrong, None).await
    }
}

fn version(input: &Input) -> i64 {
    // A form without a version is nobody's: no series has this one, so it counts as outdated.
    input.version.parse().unwrap_or(-1)
}
