//! The same chat in several browsers: one that has it invites another by a link, which works once and not for long.

use chrono::TimeDelta;

use super::{Key, WebChat, store};
use crate::{
    Work,
    foundation::{clock::Timestamp, errors::StorageError},
};

/// How long an invitation may be taken up.
pub const INVITATION_LIFE: TimeDelta = TimeDelta::minutes(15);

/// Draws an invitation into this chat; earlier ones end. Tells until when it works.
pub async fn invite(work: &mut Work, chat: &WebChat) -> Result<(Key, Timestamp), StorageError> {
    let invitation = Key::draw(work.now, &*work.app.chance);
    let valid_until = work.now + INVITATION_LIFE;
    store::delete_invitations(&mut work.tx, chat.id).await?;
    store::insert_key(&mut work.tx, chat.id, &invitation, work.now, valid_until).await?;
    Ok((invitation, valid_until))
}

/// Whether this is an invitation that may be taken up now. Looking uses nothing up: robots look at links too.
pub async fn is_invitation(work: &mut Work, invitation: &Key) -> Result<bool, StorageError> {
    let hash = store::invitation(&mut work.tx, invitation.id(), work.now).await?;
    Ok(hash.is_some_and(|hash| invitation.fits(&hash)))
}

/// Takes up an invitation: the key of a further browser, whose secret was never in an address. `None` when it does not work
/// (any more).
pub async fn take_up(work: &mut Work, invitation: &Key) -> Result<Option<Key>, StorageError> {
    if !is_invitation(work, invitation).await? {
        return Ok(None);
    }
    let key = invitation.with_fresh_secret(&*work.app.chance);
    let is_taken = store::take_up(&mut work.tx, invitation, &key).await?;
    Ok(is_taken.then_some(key))
}

/// How many other browsers have this chat.
pub async fn others(work: &mut Work, chat: &WebChat) -> Result<i64, StorageError> {
    store::further_keys(&mut work.tx, chat.id).await
}

/// Shuts every browser but this one out, and ends an open invitation.
pub async fn forget_others(work: &mut Work, chat: &WebChat, mine: &Key) -> Result<(), StorageError> {
    store::delete_keys_but(&mut work.tx, chat.id, mine.id()).await?;
    if mine.id() != chat.id {
        // The browser that opened the chat keeps its id, but no secret fits any more.
        let nobody = Key::draw(work.now, &*work.app.chance);
        store::set_secret(&mut work.tx, chat.id, &nobody.secret_hash()).await?;
    }
    Ok(())
}
