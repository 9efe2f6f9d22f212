//! How the fetching of an announced file ended. Called by the fetcher, once for each file; a second call changes nothing.

use super::{letter, store, too_large as too_large_words};
use crate::{
    Work,
    foundation::{
        errors::{Failure, Say},
        ids::FileId,
    },
    messaging::{
        message::{Keyboard, Outgoing},
        outbox,
    },
    patronage::activity,
};

/// The bytes are in the store: «Файл загружен», a record in «Активность», a letter (PT-123, PT-127).
pub async fn stored(
    work: &mut Work,
    id: FileId,
    storage_key: &str,
    size: u64,
    sha256: [u8; 32],
) -> Result<(), Failure> {
    let Some(file) = store::finish_stored(&mut work.tx, id, storage_key, size, sha256).await? else { return Ok(()) };
    activity::record(work, file.person, activity::Cause::File(id)).await?;
    letter::of_file(work, id, &file).await?;
    answer(work, &file, &Say::key("files-stored")).await
}

/// The file turned out larger than allowed (PT-125, PT-D20).
pub async fn too_large(work: &mut Work, id: FileId) -> Result<(), Failure> {
    let limit = work.app.config.file_limit();
    match store::finish_unfetched(&mut work.tx, id, store::State::Rejected).await? {
        Some(file) => answer(work, &file, &too_large_words(limit)).await,
        None => Ok(()),
    }
}

/// The file could not be fetched (PT-126).
pub async fn failed(work: &mut Work, id: FileId) -> Result<(), Failure> {
    match store::finish_unfetched(&mut work.tx, id, store::State::Failed).await? {
        Some(file) => answer(work, &file, &Say::key("files-failed")).await,
        None => Ok(()),
    }
}

async fn answer(work: &mut Work, file: &store::Arrived, say: &Say) -> Result<(), Failure> {
    let text = work.app.house_words().say(say);
    outbox::say(work, file.messenger, &file.chat, Some(file.person), Outgoing::Say { text, keyboard: Keyboard::None })
        .await?;
    Ok(())
}
