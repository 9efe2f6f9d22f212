//! «Выполнено» and «Пропущено» pressed in a messenger (PT-131 … PT-137).

use super::{
    copies::{self, Pressed},
    message::Wording,
    occurrence::{Occurrence, store},
    series,
    state::OccurrenceState,
};
use crate::{
    foundation::{
        errors::{Failure, StorageError},
        ids::OccurrenceId,
    },
    messaging::{messenger::Messenger, press::Reaction},
    patronage::{activation, activity},
    people::access::{Action, Author},
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
/// stood; this and every other copy of the reminder lose their buttons. The actor is the citizen or, before it is known who
/// presses, a stranger: only the account counts.
pub async fn react(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
    pressed: Option<&str>,
    occurrence: OccurrenceId,
    reaction: Reaction,
) -> Result<Reacted, Failure> {
    let Some(link) = activation::link_of(&mut work.tx, messenger, account).await? else {
        return Ok(Reacted::NotLinked);
    };
    let Some(row) = store::find(&mut work.tx, occurrence).await? else { return Ok(Reacted::NoLonger) };
    if row.person != link.person {
        return Ok(Reacted::NotLinked);
    }
    work.must(Action::React)?;
    if let Some(stands) = row.state.reaction() {
        return Ok(Reacted::AlreadyTaken(stands));
    }
    if !is_in_force(work, &row).await? {
        return Ok(Reacted::NoLonger);
    }
    let by = Author::Citizen(link.person);
    if !store::react(&mut work.tx, row.id, reaction.into(), by, work.now).await? {
        return already(work, row.id).await;
    }
    if reaction == Reaction::Missed {
        activity::follow_missed(work, row.person, row.date).await?;
    }
    let pressed = Pressed { messenger, chat: &link.chat, message: pressed };
    copies::close(work, &row, reaction, Some(pressed)).await?;
    let marked = Wording::of(work.app.clone().house_words()).marked(reaction);
    Ok(Reacted::Taken(reaction, marked))
}

/// A reminder stays in force until its series or card is deleted (PT-D26).
async fn is_in_force(work: &mut Work, row: &Occurrence) -> Result<bool, StorageError> {
    if row.state == OccurrenceState::Cancelled {
        return Ok(false);
    }
    let series = series::store::find(&mut work.tx, row.series).await?;
    Ok(series.is_some_and(|series| series.ended_at.is_none()))
}

/// Somebody was faster between the look and the write.
async fn already(work: &mut Work, id: OccurrenceId) -> Result<Reacted, Failure> {
    let stands = store::find(&mut work.tx, id).await?.and_then(|row| row.state.reaction());
    Ok(stands.map_or(Reacted::NoLonger, Reacted::AlreadyTaken))
}
