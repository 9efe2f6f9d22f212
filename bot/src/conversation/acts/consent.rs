//! Consent to the processing of personal data: before an account is connected, and of those connected before it was asked for or
//! before its text changed (PT-D56).

use opora_core::{
    foundation::{errors::Failure, ids::PersonId},
    messaging::{
        message::{Button, Event, Keyboard},
        press::{Press, TextMark},
    },
    patronage::{
        activation::{self, Activated},
        consent,
    },
    schedule::local_time::local_now,
};

use super::{activation as codes, presses};
use crate::conversation::{Pending, Scene, Speaker, state::Asked};

/// Shows the text with its button.
pub(super) async fn ask(scene: &mut Scene<'_>) -> Result<(), Failure> {
    let question = consent::text(&scene.work.app);
    let press = Press::Agree { text: TextMark::of(&question) };
    let buttons = vec![vec![Button { label: scene.t("bot-agree"), press }]];
    scene.say_with(question, Keyboard::Inline(buttons)).await
}

/// Asks who is connected and has not agreed to the present text: after what he said was answered, and once a day at most.
pub(in crate::conversation) async fn ask_for_owed_consent(scene: &mut Scene<'_>) -> Result<(), Failure> {
    let Speaker::Citizen { person } = scene.speaker else { return Ok(()) };
    if matches!(scene.incoming.what, Event::NotPrivate | Event::Blocked)
        || !consent::is_owed(scene.work, person).await?
    {
        return Ok(());
    }
    let text = TextMark::of(&consent::text(&scene.work.app)).to_string();
    let asked = Asked { text, on: local_now(scene.work.now, scene.work.app.config.time_zone).date() };
    if scene.state.asked.as_ref() == Some(&asked) {
        return Ok(());
    }
    scene.next.asked = Some(asked);
    scene.say(scene.t("bot-consent-anew")).await?;
    ask(scene).await
}

/// «Согласен»: only to the text in force.
pub(super) async fn agree(scene: &mut Scene<'_>, mark: TextMark) -> Result<(), Failure> {
    let question = consent::text(&scene.work.app);
    let is_in_force = TextMark::of(&question) == mark;
    match (scene.speaker, &scene.state.pending) {
        (Speaker::Citizen { person }, _) => agree_anew(scene, person, is_in_force.then_some(question)).await,
        (Speaker::Stranger, Some(Pending::Consent(code))) if is_in_force => {
            let code = code.clone();
            connect(scene, &question, &code).await
        }
        (Speaker::Stranger, _) => codes::ask(scene).await,
    }
}

/// With a code that waited; without one everything begins anew.
async fn connect(scene: &mut Scene<'_>, question: &str, code: &str) -> Result<(), Failure> {
    let incoming = scene.incoming;
    scene.next.pending = None;
    let activated =
        activation::activate(scene.work, incoming.messenger, &incoming.account, &incoming.chat, code).await?;
    if let Activated::Linked { person } = activated {
        consent::record(scene.work, person, incoming.messenger).await?;
        presses::confirm(scene, question, scene.t("bot-agreed")).await?;
    }
    codes::answer(scene, activated).await
}

/// Of somebody connected; twice is once, and an old button agrees to nothing.
async fn agree_anew(scene: &mut Scene<'_>, person: PersonId, question: Option<String>) -> Result<(), Failure> {
    let Some(question) = question.filter(|_| consent::is_required(&scene.work.app)) else {
        return presses::answer(scene, scene.t("bot-old-button")).await;
    };
    if !consent::is_owed(scene.work, person).await? {
        return presses::answer(scene, scene.t("bot-agreed")).await;
    }
    consent::record(scene.work, person, scene.incoming.messenger).await?;
    scene.next.asked = None;
    presses::confirm(scene, &question, scene.t("bot-agreed")).await
}
