//! The code that connects an account (PT-106 … PT-109, PT-D13 … PT-D15).

use chrono::TimeDelta;
use opora_core::{
    foundation::errors::Failure,
    messaging::{
        message::{Event, Keyboard, Outgoing},
        outbox::{self, Channel, Payload, Priority},
    },
    patronage::{
        activation::{self, Activated},
        consent,
    },
    people::access::Actor,
};

use super::{presses, say_without_menu};
use crate::conversation::{Pending, Scene, Speaker};

/// While somebody floods the installation with codes, refusals take their time (PT-D14).
const HELD_BACK: TimeDelta = TimeDelta::seconds(5);

/// «Введите код активации»; a press is answered with the same words.
pub(super) async fn ask(scene: &mut Scene<'_>) -> Result<(), Failure> {
    let text = scene.t("bot-enter-code");
    if matches!(scene.incoming.what, Event::Pressed { .. }) {
        presses::answer(scene, text.clone()).await?;
    }
    say_without_menu(scene, text).await
}

/// Tries a message as a code. Where consent is asked for, a right code waits for it.
pub(super) async fn try_code(scene: &mut Scene<'_>, text: &str) -> Result<(), Failure> {
    let incoming = scene.incoming;
    if !consent::is_required(&scene.work.app) {
        let activated =
            activation::activate(scene.work, incoming.messenger, &incoming.account, &incoming.chat, text).await?;
        return answer(scene, activated).await;
    }
    match activation::would_activate(scene.work, incoming.messenger, &incoming.account, text).await? {
        Err(refused) => answer(scene, refused).await,
        Ok(()) => {
            scene.next.pending = Some(Pending::Consent(text.to_owned()));
            super::consent::ask(scene).await
        }
    }
}

/// Says what became of a code.
pub(super) async fn answer(scene: &mut Scene<'_>, activated: Activated) -> Result<(), Failure> {
    match activated {
        Activated::Linked { person } => {
            scene.speaker = Speaker::Citizen { person };
            scene.work.actor = Actor::Citizen { person };
            scene.say_with_menu(scene.t("bot-activated")).await
        }
        Activated::WrongCode => refuse(scene).await,
        Activated::Expired => say_without_menu(scene, scene.t("bot-code-expired")).await,
        Activated::TooMany { minutes } => {
            let text = scene.work.app.house_words().t("bot-too-many-codes").n("minutes", minutes).to_string();
            say_without_menu(scene, text).await
        }
        Activated::AlreadyLinked => say_connected(scene).await,
        Activated::NotACode => ask(scene).await,
    }
}

async fn refuse(scene: &mut Scene<'_>) -> Result<(), Failure> {
    let text = scene.t("bot-wrong-code");
    if !activation::answers_are_delayed(scene.work).await? {
        return say_without_menu(scene, text).await;
    }
    let draft = outbox::Draft {
        channel: Channel::Messenger(scene.incoming.messenger),
        recipient: scene.incoming.chat.clone(),
        person: None,
        occurrence: None,
        cause: None,
        priority: Priority::Reply,
        payload: Payload::Message(Outgoing::Say { text, keyboard: Keyboard::RemoveMenu }),
        due_at: scene.work.now + HELD_BACK,
        expires_at: Some(scene.work.now + TimeDelta::hours(1)),
    };
    outbox::put(scene.work, draft).await?;
    Ok(())
}

/// «Этот аккаунт уже подключен»: one account, one citizen.
pub(super) async fn say_connected(scene: &mut Scene<'_>) -> Result<(), Failure> {
    let text = scene.work.app.house_words().t("bot-connected").s("messenger", scene.incoming.messenger.name());
    let text = text.to_string();
    scene.say_with_menu(text).await
}
