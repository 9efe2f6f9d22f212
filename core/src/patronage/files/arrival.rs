//! What follows when a file has been fetched: a record in «Активность» and a letter (PT-127). The fetcher answers in the chat.

use async_trait::async_trait;

use super::store;
use crate::{
    Work,
    files::fetcher::{Fetched, OnFetched},
    foundation::errors::{Failure, StorageError},
    messaging::{
        letters::{self, Recipient},
        outbox::Letter,
    },
    patronage::{activity, citizens},
    words::format,
};

/// Patronage's part in the arrival of files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrivals;

#[async_trait]
impl OnFetched for Arrivals {
    async fn stored(&self, work: &mut Work, fetched: &Fetched) -> Result<(), Failure> {
        activity::record(work, fetched.person, activity::Cause::File(fetched.file)).await?;
        Ok(tell(work, fetched).await?)
    }

    async fn disk_is_full(&self, work: &mut Work) -> Result<(), Failure> {
        let words = work.app.house_words();
        let letter = Letter {
            subject: words.t("files-letter-disk-subject").to_string(),
            text: words.t("files-letter-disk").s("folder", work.app.config.data_dir.display().to_string()).to_string(),
        };
        // One a day: the disk stays full for a while.
        let cause = format!("disk-full:{}", work.now.date_naive());
        Ok(letters::notify(work, Recipient::Administrator, letter, &cause).await?)
    }
}

/// The letter names the files and never carries them (PT-032). An album gives one letter, with the names known by then.
async fn tell(work: &mut Work, fetched: &Fetched) -> Result<(), StorageError> {
    let house = work.app.config.time_zone;
    let Some(citizen) = citizens::of_person(&mut work.tx, house, fetched.person).await? else { return Ok(()) };
    let names = match &fetched.album {
        Some(album) => store::album_names(&mut work.tx, fetched.person, album).await?,
        None => vec![fetched.name.clone()],
    };
    let words = work.app.house_words();
    let name = citizen.name.full();
    let mut lines = vec![
        words.t("files-letter-sent").s("name", &name).n("count", names.len()).to_string(),
        words.t("files-letter-when").s("when", format::moment(work.now, citizen.tz)).to_string(),
    ];
    lines.extend(names.iter().map(|name| words.t("files-letter-name").s("name", name).to_string()));
    let subject = words.t("files-letter-subject").s("name", &name).to_string();
    let letter = Letter { subject, text: lines.join("\n") };
    let cause = match &fetched.album {
        Some(album) => format!("album:{}:{album}", fetched.person),
        None => format!("file:{}", fetched.file),
    };
    letters::to_curator_and_administrator(work, fetched.person, letter, &cause).await
}
