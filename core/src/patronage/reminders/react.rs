//! «Выполнено» and «Пропущено» pressed in a messenger (PT-131 … PT-137).

use crate::{
    foundation::{errors::Failure, ids::OccurrenceId},
    messaging::{messenger::Messenger, press::Reaction},
    work::Work,
};

/// What became of a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reacted {
    /// It counts; the text is what to say: «Отмечено: Выполнено».
    Taken(Reaction, String),
    /// An earlier reaction stands (PT-136).
    AlreadyTaken(Reaction),
    /// «Напоминание больше не действует» (PT-D26).
    NoLonger,
    /// The account is not that of the reminder's citizen (PT-D27).
    NotLinked,
}

/// Takes a reaction from an account of a messenger. `pressed` is the messenger's id of the message under which the button
/// stood; this and every other copy of the reminder lose their buttons.
pub async fn react(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
    pressed: Option<&str>,
    occurrence: OccurrenceId,
    reaction: Reaction,
) -> Result<Reacted, Failure> {
    let _ = (work, messenger, account, pressed, occurrence, reaction);
    todo!()
}
