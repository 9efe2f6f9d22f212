//! Files sent at any time (PT-123 … PT-125).

use opora_core::{
    foundation::errors::Failure,
    messaging::message::IncomingFile,
    patronage::files::{self, Announced},
};

use crate::conversation::{Scene, Speaker};

/// Takes a file. The answer «Файл загружен» comes when it has been fetched; one that is too large is refused at once.
pub(super) async fn take(scene: &mut Scene<'_>, file: &IncomingFile) -> Result<(), Failure> {
    let Speaker::Citizen { person } = scene.speaker else { return Err(Failure::Forbidden) };
    let (messenger, chat) = (scene.incoming.messenger, &scene.incoming.chat);
    match files::announce(scene.work, person, messenger, chat, file).await? {
        Announced::Receiving(_) => Ok(()),
        Announced::TooLarge { limit } => {
            let text = scene.work.app.house_words().say(&files::too_large(limit));
            scene.say(text).await
        }
    }
}
