//! Letters: put into the outbox, sent by SMTP with retries (PT-045), skipped when mail is not set up (PT-046).

mod cause;
mod notices;
mod post;
mod recipient;
mod smtp;
#[cfg(test)]
mod tests;

pub use cause::Cause;
pub use notices::ByMail;
pub(in crate::messaging) use post::LEASE;
pub use post::{run, send_waiting};
pub use recipient::{Addressee, Directory, Recipient};
pub use smtp::{MailTrouble, check_connection};

use crate::{
    Work,
    foundation::{errors::StorageError, ids::PersonId},
    messaging::outbox::{self, Channel, Draft, Letter, Payload, Priority},
    settings,
};

/// Puts a letter into the outbox, unless mail is not set up: then it is skipped, not accumulated (PT-046). One cause gives
/// each recipient one letter.
pub async fn notify(work: &mut Work, to: Recipient, letter: Letter, cause: &str) -> Result<(), StorageError> {
    let sealer = work.app.sealer.clone();
    if settings::mail_sender(&mut work.tx, &sealer).await?.is_none() {
        return Ok(());
    }
    if to.is_administrator() && settings::admin_email(&mut work.tx).await?.is_none() {
        return Ok(());
    }
    let draft = Draft {
        channel: Channel::Email,
        recipient: to.to_string(),
        person: None,
        occurrence: None,
        cause: Some(format!("letter:{cause}:{to}")),
        priority: Priority::Rest,
        payload: Payload::Letter(letter),
        due_at: work.now,
        expires_at: None,
    };
    outbox::put(work, draft).await.map(drop)
}

/// Puts a letter to the curator of `citizen` and its copy to the administrator, who gets none if the addresses are equal
/// (PT-D54). Both are chosen when the letter leaves (PT-D11).
pub async fn to_curator_and_administrator(
    work: &mut Work,
    citizen: PersonId,
    letter: Letter,
    cause: &str,
) -> Result<(), StorageError> {
    notify(work, Recipient::CuratorOf(citizen), letter.clone(), cause).await?;
    notify(work, Recipient::AdministratorBesides(citizen), letter, cause).await
}

/// «Не отправлено писем: N»†: how many letters have failed for good (PT-045).
pub async fn failed(work: &mut Work) -> Result<i64, StorageError> {
    outbox::store::failed(&mut work.tx, Channel::Email).await
}
