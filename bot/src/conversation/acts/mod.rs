//! The acts, each a thin step: call a use case, choose the answer.

mod activation;
mod consent;
mod contact;
mod files;
mod lists;
mod presses;

use opora_core::{
    foundation::errors::Failure,
    messaging::message::{Keyboard, Outgoing},
    patronage,
};

pub(super) use consent::ask_for_owed_consent;

use super::{Act, Choice, Scene};

/// Does what was decided.
pub(super) async fn play(scene: &mut Scene<'_>, act: Act) -> Result<(), Failure> {
    match act {
        Act::Nothing => Ok(()),
        Act::Leave => scene.send(Outgoing::Leave).await,
        Act::AskForCode => activation::ask(scene).await,
        Act::Activate(text) => activation::try_code(scene, &text).await,
        Act::Agree(mark) => consent::agree(scene, mark).await,
        Act::SayConnected => activation::say_connected(scene).await,
        Act::ShowMenu => scene.say_with_menu(scene.t("bot-menu")).await,
        Act::NoteBlocked => note_blocked(scene).await,
        Act::WelcomeBack => scene.say_with_menu(scene.t("bot-welcome-back")).await,
        Act::Choose(Choice::List(which)) => lists::show(scene, which).await,
        Act::Choose(Choice::Upload) | Act::ExplainUpload => scene.say(scene.t(upload_hint(scene))).await,
        Act::Choose(Choice::Contact) => contact::request(scene).await,
        Act::React(occurrence, reaction) => presses::react(scene, occurrence, reaction).await,
        Act::PassOn(mark) => contact::pass_on(scene, mark).await,
        Act::AnswerOldButton => presses::answer(scene, scene.t("bot-old-button")).await,
        Act::TakeFile(file) => files::take(scene, &file).await,
        Act::Help => scene.say_with_menu(scene.t("bot-help")).await,
        Act::OfferToPassOn(text) => contact::offer_to_pass_on(scene, text).await,
    }
}

/// Where the paperclip is differs (PT-122).
fn upload_hint(scene: &Scene<'_>) -> &'static str {
    match scene.incoming.messenger {
        opora_core::messaging::messenger::Messenger::Web => "bot-upload-hint-web",
        opora_core::messaging::messenger::Messenger::Telegram => "bot-upload-hint",
    }
}

async fn note_blocked(scene: &mut Scene<'_>) -> Result<(), Failure> {
    patronage::activation::mark_blocked(scene.work, scene.incoming.messenger, &scene.incoming.account).await?;
    Ok(())
}

/// No menu for strangers: whatever stood there is taken away.
async fn say_without_menu(scene: &mut Scene<'_>, text: String) -> Result<(), Failure> {
    scene.say_with(text, Keyboard::RemoveMenu).await
}
