//! Fetches announced files from the messengers, with retries for ten minutes (PT-126).

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::TimeDelta;
use futures::future::join_all;
use tokio_util::sync::CancellationToken;

use super::{
    Store, StoreError, Stored,
    store::{self, Waiting},
};
use crate::{
    App, Work,
    foundation::{
        clock::Timestamp,
        errors::{Failure, Say, StorageError},
        ids::{FileId, PersonId},
    },
    messaging::{
        message::{Keyboard, Outgoing},
        outbox,
        sender::{Adapter, FetchError},
    },
    people::access::Actor,
    schedule::lease::{self, RETRY, slow_poll},
};

/// Files fetched side by side.
const AT_ONCE: i64 = 4;
/// How long retries go on (PT-126).
const LONGEST: TimeDelta = TimeDelta::minutes(10);
/// Seconds between tries; the last one repeats.
const LADDER: [i64; 5] = [2, 5, 15, 30, 60];
/// One try; a link to a file lives for an hour, but nobody waits so long.
const LONGEST_FETCH: Duration = Duration::from_mins(5);

/// An announced file whose fetching has come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The row of `files`.
    pub file: FileId,
    /// Who sent it.
    pub person: PersonId,
    /// Files of one album share this.
    pub album: Option<String>,
    /// Its name.
    pub name: String,
}

/// What a module does with fetched files. Called in the transaction that records it.
#[async_trait]
pub trait OnFetched: Send + Sync + 'static {
    /// The file is stored: activity record and letter (PT-127).
    async fn stored(&self, work: &mut Work, fetched: &Fetched) -> Result<(), Failure>;

    /// The disk has less free space than the reserve: tell the administrator (PT-D20).
    async fn disk_is_full(&self, work: &mut Work) -> Result<(), Failure>;
}

/// Fetches what was announced until `cancel`. One process at a time does so; the others wait to take over.
pub async fn run(app: App, adapters: Vec<Arc<dyn Adapter>>, on_fetched: Arc<dyn OnFetched>, cancel: CancellationToken) {
    lease::run_while_held(&app, "files", &cancel, |_, stop| {
        let (app, adapters, on_fetched) = (app.clone(), adapters.clone(), Arc::clone(&on_fetched));
        async move { fetch_all(&app, &adapters, &*on_fetched, &stop).await }
    })
    .await;
}

async fn fetch_all(app: &App, adapters: &[Arc<dyn Adapter>], on_fetched: &dyn OnFetched, stop: &CancellationToken) {
    if let Err(error) = Store::under(&app.config.data_dir).sweep().await {
        tracing::warn!(%error, "half-received files of an earlier run could not be removed");
    }
    let mut ear = app.wake.files.listen();
    while !stop.is_cancelled() {
        let round = tokio::select! {
            () = stop.cancelled() => return,
            round = round(app, adapters, on_fetched) => round,
        };
        let poll = app.clock.now() + slow_poll(app);
        let again_at = match round {
            Ok(tried) if tried > 0 => continue,
            Ok(_) => next_moment(app).await.unwrap_or(None).map_or(poll, |at| at.min(poll)),
            Err(failure) => {
                tracing::warn!(%failure, "files could not be fetched; trying again");
                app.clock.now() + RETRY
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = ear.heard() => {}
            () = app.clock.sleep_until(again_at) => {}
        }
    }
}

async fn next_moment(app: &App) -> Result<Option<Timestamp>, StorageError> {
    store::next_moment(&mut app.db.glance().await?).await
}

/// Fetches what waits now, without waiting for retries that are not due, and tells how many were tried.
pub async fn fetch_waiting(
    app: &App,
    adapters: &[Arc<dyn Adapter>],
    on_fetched: &dyn OnFetched,
) -> Result<usize, Failure> {
    let mut tried = 0;
    loop {
        match round(app, adapters, on_fetched).await? {
            0 => return Ok(tried),
            count => tried += count,
        }
    }
}

/// Fetches a few files side by side and notes what became of each.
async fn round(app: &App, adapters: &[Arc<dyn Adapter>], on_fetched: &dyn OnFetched) -> Result<usize, Failure> {
    let waiting = store::waiting(&mut app.db.glance().await?, app.clock.now(), AT_ONCE).await?;
    let fetched = join_all(waiting.iter().map(|file| fetch(app, adapters, file))).await;
    for (file, outcome) in waiting.iter().zip(fetched) {
        let mut work = app.begin(Actor::System).await?;
        note(&mut work, on_fetched, file, outcome).await?;
        work.commit().await?;
    }
    Ok(waiting.len())
}

/// Why a file did not come.
enum Missed {
    TooLarge,
    DiskFull,
    Later(String),
}

async fn fetch(app: &App, adapters: &[Arc<dyn Adapter>], file: &Waiting) -> Result<Stored, Missed> {
    let adapter = adapters.iter().find(|adapter| adapter.messenger() == file.messenger);
    let (Some(adapter), Some(source)) = (adapter, &file.source) else {
        return Err(Missed::Later("its messenger is switched off".to_owned()));
    };
    let limit = app.config.file_limit();
    let store = Store::under(&app.config.data_dir).keeping_free(app.config.disk_reserve());
    let mut upload = store.begin(file.id, limit).await.map_err(missed)?;
    let fetched = tokio::time::timeout(LONGEST_FETCH, adapter.fetch(source, limit, &mut upload)).await;
    let trouble = match fetched {
        Ok(Ok(_)) => return upload.finish().await.map_err(missed),
        Ok(Err(FetchError::TooLarge)) => Missed::TooLarge,
        _ if upload.is_too_large() => Missed::TooLarge,
        Ok(Err(error)) => Missed::Later(error.to_string()),
        Err(_) => Missed::Later("it took too long".to_owned()),
    };
    upload.discard().await;
    Err(trouble)
}

fn missed(error: StoreError) -> Missed {
    match error {
        StoreError::TooLarge => Missed::TooLarge,
        StoreError::DiskFull => Missed::DiskFull,
        StoreError::Io(error) => Missed::Later(error.to_string()),
    }
}

async fn note(
    work: &mut Work,
    on_fetched: &dyn OnFetched,
    file: &Waiting,
    outcome: Result<Stored, Missed>,
) -> Result<(), Failure> {
    let result = match outcome {
        Ok(stored) => {
            if store::stored(&mut work.tx, file.id, &stored).await? {
                answer(work, file, Say::key("uploads-stored")).await?;
                on_fetched.stored(work, &fetched(file)).await?;
            }
            "stored"
        }
        Err(Missed::TooLarge) => {
            if store::ended(&mut work.tx, file.id, "rejected").await? {
                let megabytes = work.app.config.patronage.file_limit_megabytes;
                answer(work, file, Say::key("uploads-too-large").number("megabytes", megabytes)).await?;
            }
            "too_large"
        }
        Err(Missed::DiskFull) => {
            on_fetched.disk_is_full(work).await?;
            give_up(work, file, "the disk is nearly full").await?;
            "disk_full"
        }
        Err(Missed::Later(why)) if work.now + pause_after(file.attempts) - file.received_at > LONGEST => {
            give_up(work, file, &why).await?;
            "failed"
        }
        Err(Missed::Later(why)) => {
            tracing::warn!(%why, attempts = file.attempts, "a file will be fetched again");
            store::retry(&mut work.tx, file.id, work.now + pause_after(file.attempts)).await?;
            "retried"
        }
    };
    metrics::counter!("opora_files_total", "result" => result).increment(1);
    Ok(())
}

async fn give_up(work: &mut Work, file: &Waiting, why: &str) -> Result<(), Failure> {
    tracing::error!(why, "a file could not be fetched");
    if store::ended(&mut work.tx, file.id, "failed").await? {
        answer(work, file, Say::key("uploads-failed")).await?;
    }
    Ok(())
}

async fn answer(work: &mut Work, file: &Waiting, say: Say) -> Result<(), StorageError> {
    let text = work.app.house_words().say(&say);
    let what = Outgoing::Say { text, keyboard: Keyboard::None };
    outbox::say(work, file.messenger, &file.chat, Some(file.person_id), what).await
}

fn fetched(file: &Waiting) -> Fetched {
    Fetched { file: file.id, person: file.person_id, album: file.album.clone(), name: file.name.clone() }
}

fn pause_after(failures: i64) -> TimeDelta {
    let step = usize::try_from(failures).unwrap_or_default().min(LADDER.len() - 1);
    TimeDelta::seconds(LADDER.get(step).copied().unwrap_or(60))
}
