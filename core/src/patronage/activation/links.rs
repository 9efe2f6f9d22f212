//! Links as the conversation and the senders use them.

use super::{Link, store};
use crate::{
    Work,
    foundation::{db::Tx, errors::StorageError, ids::PersonId},
    messaging::{
        letters::{self, Recipient},
        messenger::Messenger,
        outbox::Letter,
    },
    patronage::citizens,
    people::contact,
};

/// The live link of an account, blocked or not.
pub async fn link_of(tx: &mut Tx, messenger: Messenger, account: &str) -> Result<Option<Link>, StorageError> {
    store::link_of(tx, messenger, account).await
}

/// The live links of a citizen, blocked ones included.
pub async fn live_links(tx: &mut Tx, person: PersonId) -> Result<Vec<Link>, StorageError> {
    store::links_of(tx, person).await
}

/// The citizen stopped the bot; `Some` when this is news. Then the curator gets a letter, one for each time (PT-D17).
pub async fn mark_blocked(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
) -> Result<Option<PersonId>, StorageError> {
    let blocked = store::block(&mut work.tx, messenger, account, work.now).await?;
    if let Some(person) = blocked {
        tell_curator(work, person).await?;
    }
    Ok(blocked)
}

async fn tell_curator(work: &mut Work, person: PersonId) -> Result<(), StorageError> {
    let house = work.app.config.time_zone;
    let Some(citizen) = citizens::of_person(&mut work.tx, house, person).await? else { return Ok(()) };
    let words = work.app.house_words();
    let name = citizen.name.full();
    let text = words.t("activation-blocked-text").s("name", &name).s("phone", contact::shown(&citizen.phone));
    let subject = words.t("activation-blocked-subject").s("name", &name);
    let letter = Letter { subject: subject.to_string(), text: text.to_string() };
    let cause = format!("blocked:{person}:{}", work.now.timestamp_micros());
    letters::notify(work, Recipient::CuratorOf(person), letter, &cause).await
}

/// The citizen came back; `Some` when this is news.
pub async fn mark_unblocked(
    work: &mut Work,
    messenger: Messenger,
    account: &str,
) -> Result<Option<PersonId>, StorageError> {
    store::unblock(&mut work.tx, messenger, account, work.now).await
}
