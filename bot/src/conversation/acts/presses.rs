//! Presses of buttons under messages. Every press is answered, whatever it meant (PT-134).

use opora_core::{
    foundation::{errors::Failure, ids::OccurrenceId},
    messaging::{
        message::{Event, Keyboard, Outgoing},
        press::Reaction,
    },
    patronage::reminders::{self, Reacted},
};

use crate::conversation::Scene;

/// «Выполнено» or «Пропущено» (PT-132 … PT-137).
pub(super) async fn react(scene: &mut Scene<'_>, occurrence: OccurrenceId, reaction: Reaction) -> Result<(), Failure> {
    let (messenger, account) = (scene.incoming.messenger, &scene.incoming.account);
    let pressed = match &scene.incoming.what {
        Event::Pressed { message, .. } => message.as_deref(),
        _ => None,
    };
    match reminders::react(scene.work, messenger, account, pressed, occurrence, reaction).await? {
        Reacted::Taken(_, text) => answer(scene, text).await,
        Reacted::AlreadyTaken(first) => {
            let words = scene.work.app.house_words();
            let label = words.t(label(first)).to_string();
            let text = words.t("bot-already-reacted").s("reaction", label).to_string();
            answer(scene, text).await
        }
        // Somebody else's reminder (PT-D27) reads like one that is gone: nothing is disclosed.
        Reacted::NoLonger | Reacted::NotLinked => answer(scene, scene.t("bot-reminder-gone")).await,
    }
}

fn label(reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::Done => "label-bot-done",
        Reaction::Missed => "label-bot-missed",
    }
}

/// Answers the press.
pub(super) async fn answer(scene: &mut Scene<'_>, text: String) -> Result<(), Failure> {
    match &scene.incoming.what {
        Event::Pressed { press, .. } => {
            let press = press.clone();
            scene.send(Outgoing::Answer { press, text }).await
        }
        _ => Ok(()),
    }
}

/// Answers the press, takes the buttons from its message and adds a line there; where the message is not known, says the line.
pub(super) async fn confirm(scene: &mut Scene<'_>, original: &str, line: String) -> Result<(), Failure> {
    answer(scene, line.clone()).await?;
    let (message, text) = match &scene.incoming.what {
        Event::Pressed { message, text, .. } => (message.clone(), text.clone()),
        _ => (None, None),
    };
    let Some(message) = message else { return scene.say(line).await };
    let text = format!("{}\n\n{line}", text.as_deref().unwrap_or(original));
    scene.send(Outgoing::Edit { message, text, keyboard: Keyboard::None }).await
}
