//! What is coming (PT-111 … PT-121).

use opora_core::{
    foundation::errors::Failure,
    patronage::reminders::{self, Upcoming},
};

use crate::conversation::{Scene, Speaker, text};

/// Lists what is coming; an empty list is said too.
pub(super) async fn show(scene: &mut Scene<'_>, which: Upcoming) -> Result<(), Failure> {
    let Speaker::Citizen { person } = scene.speaker else { return Err(Failure::Forbidden) };
    let listing = reminders::upcoming(scene.work, person, which).await?;
    if listing.lines.is_empty() {
        return scene.say(scene.t(nothing(which))).await;
    }
    let words = scene.work.app.house_words();
    let mut lines: Vec<String> = listing.lines.iter().map(|line| reminders::line(words, line)).collect();
    if listing.more > 0 {
        lines.push(words.t("bot-and-more").n("count", listing.more).to_string());
    }
    for message in text::split(lines) {
        scene.say(message).await?;
    }
    Ok(())
}

fn nothing(which: Upcoming) -> &'static str {
    match which {
        Upcoming::Days(_) => "bot-nothing-planned",
        Upcoming::OfKind(_) => "bot-no-entries",
    }
}
