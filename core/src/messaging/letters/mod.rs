//! Letters: put into the outbox, sent by SMTP with retries (PT-045), skipped when mail is not set up (PT-046).

mod recipient;

pub use recipient::{Addressee, Directory, Recipient};

use crate::{
    Work,
    foundation::{errors::StorageError, ids::PersonId},
    messaging::outbox::Letter,
};

/// Puts a letter into the outbox, unless mail is not set up: then it is skipped, not accumulated (PT-046). One cause gives
/// each recipient one letter.
pub async fn notify(work: &mut Work, to: Recipient, letter: Letter, cause: &str) -> Result<(), StorageError> {
    let _ = (work, to, letter, cause);
    todo!()
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
