//! «Программа поддержки»: the calendar of a citizen's reminders and the form that plans, changes and tells of them.
//!
//! One form serves all: every button of it is a submit button named `act`, so each step works without script; the script
//! (`assets/js/60-programme.js`) only sends the same steps in the background and shows the form in a window.

mod calendar;
mod change;
mod create;
mod input;
pub(super) mod period;
mod preview;
pub(super) mod row;
mod steps;
mod story;
mod task;

use opora_core::{
    foundation::errors::Say,
    patronage::{activation::Activation, reminders::Meeting},
    people::sessions::{Flash, Tone},
    words::format,
};

use crate::{patronage::card::Card, routes::Routes, visit::Lang};

/// The room's routes.
pub fn routes() -> Routes {
    Routes::for_staff()
        .get("/citizens/{id}/programme", calendar::page)
        .get("/citizens/{id}/programme/new", create::page)
        .post("/citizens/{id}/programme/new", create::act)
        .get("/citizens/{id}/programme/{series}/{ordinal}", change::page)
        .post("/citizens/{id}/programme/{series}/{ordinal}", change::act)
}

/// What to say after a meeting was saved at whose time the curator has another one already (PT-226).
fn overlap(meeting: &Meeting) -> Flash {
    let when = format!("{}, {}", format::date(meeting.entry.date), format::time(meeting.entry.time));
    let say = Say::key("meetings-overlap").text("when", when).text("name", meeting.citizen.name.short());
    Flash { tone: Tone::Warning, say }
}

/// What to say when messages would not arrive (PT-176); empty when they will.
fn warning(l: &Lang, card: &Card) -> String {
    match card.activation {
        Activation::NotNeeded => l.t("programme-warning-no-bot").to_string(),
        Activation::Connected { blocked: false, .. } => String::new(),
        _ => l.t("programme-warning-unlinked").to_string(),
    }
}
