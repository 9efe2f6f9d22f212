//! «Запросить связь» and free text that can be passed on (PT-128, PT-129, PT-139).

use opora_core::{
    foundation::errors::Failure,
    messaging::{
        message::{Button, Keyboard},
        press::{Press, TextMark},
    },
    patronage::contacts::{self, Requested},
};

use super::presses;
use crate::conversation::{Pending, Scene, Speaker};

/// «Запросить связь».
pub(super) async fn request(scene: &mut Scene<'_>) -> Result<(), Failure> {
    let Speaker::Citizen { person } = scene.speaker else { return Err(Failure::Forbidden) };
    let requested = contacts::request(scene.work, person, None).await?;
    scene.say(scene.t(outcome(requested))).await
}

/// Nothing a citizen writes disappears silently, and nothing reaches the curator without a press.
pub(super) async fn offer_to_pass_on(scene: &mut Scene<'_>, text: String) -> Result<(), Failure> {
    let press = Press::PassOn { text: TextMark::of(&text) };
    let buttons = vec![vec![Button { label: scene.t("bot-pass-on"), press }]];
    scene.next.pending = Some(Pending::Text(text));
    scene.say_with(scene.t("bot-free-text"), Keyboard::Inline(buttons)).await
}

/// «Передать сообщение»: a request for contact with the text as its comment.
pub(super) async fn pass_on(scene: &mut Scene<'_>, mark: TextMark) -> Result<(), Failure> {
    let Speaker::Citizen { person } = scene.speaker else { return Err(Failure::Forbidden) };
    if scene.state.was_passed_on(mark) {
        return presses::answer(scene, scene.t("bot-contact-open")).await;
    }
    let Some(text) = scene.state.waiting(mark).map(str::to_owned) else {
        return presses::answer(scene, scene.t("bot-text-forgotten")).await;
    };
    let requested = contacts::request(scene.work, person, Some(&text)).await?;
    scene.next.pending = Some(Pending::PassedOn(mark.to_string()));
    let said = scene.t(outcome(requested));
    let hint = scene.t("bot-free-text");
    presses::confirm(scene, &hint, said).await
}

fn outcome(requested: Requested) -> &'static str {
    match requested {
        Requested::Sent => "bot-contact-sent",
        Requested::AlreadyOpen => "bot-contact-open",
        Requested::Added => "bot-contact-added",
    }
}
