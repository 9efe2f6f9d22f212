//! The final erasure: what remains is a skeleton without a word about the person, so that figures of past months stay right.
//!
//! A room that keeps something about citizens clears it in `store::SWEEPS`; the test of erasure looks through every column of
//! every table.

mod store;

use async_trait::async_trait;
use serde_json::json;

use crate::{
    App, Work,
    audit::{self, Entry},
    files::Store,
    foundation::{errors::Failure, ids::PersonId},
    messaging::{forget, web_chat},
    patronage::{citizens, exports},
    people::{
        access::{Action, Actor},
        contact,
        name::FullName,
    },
    schedule::periodic::Job,
};

/// Citizens looked up at once.
const BATCH: i64 = 100;

/// Erases a deleted citizen for good: person and card, files on the disk, messages, letters, updates, web chat, history, texts
/// of reminders, and the values in the audit. Only a deleted one, so that a wrong id costs nothing. Twice is once.
pub async fn erase(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    work.must(Action::HandlePersonalData)?;
    let who = store::find(&mut work.tx, person).await?.ok_or(Failure::NotFound)?;
    match (who.deleted_at, who.erased_at) {
        (_, Some(_)) => return Ok(()),
        (None, None) => return Err(Failure::refused("privacy-not-deleted")),
        (Some(_), None) => {}
    }
    let traces = super::store::traces(&mut work.tx, person).await?;
    // Files go first: after a crash in between the rows still name what is left.
    remove_files(work, person).await?;
    remove_exports(work, person).await?;
    forget::forget(work, person, &traces, &names(&who)).await?;
    let addresses: Vec<String> = traces.iter().map(forget::Trace::address).collect();
    audit::redact(work, person.0, &addresses).await?;
    for subject in super::store::subjects(&mut work.tx, person).await? {
        audit::redact(work, subject, &addresses).await?;
    }
    store::sweep(&mut work.tx, person, work.now).await?;
    let entry = Entry { action: "citizen.erased", subject: "citizen", subject_id: Some(person.0), changes: json!({}) };
    audit::note(work, entry).await?;
    Ok(())
}

/// How letters may name the person.
fn names(who: &store::Found) -> Vec<String> {
    let name = FullName { surname: who.surname.clone(), name: who.name.clone(), patronymic: who.patronymic.clone() };
    let phone = who.phone.clone().unwrap_or_default();
    vec![name.full(), name.short(), contact::shown(&phone), phone]
}

async fn remove_files(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    let app = &work.app;
    let (files, incoming) = (Store::under(&app.config.data_dir), web_chat::incoming_folder(app));
    for file in super::store::files(&mut work.tx, person).await? {
        if let Some(key) = &file.storage_key {
            files.remove(key).await.map_err(unremoved)?;
        }
        files.remove(&format!("incoming/{}", file.id.0.simple())).await.map_err(unremoved)?;
        // A file posted in the browser waits there under its handle.
        let waiting = file.source.filter(|_| file.messenger == "web").map(|source| incoming.join(source));
        if let Some(Err(error)) = waiting.map(std::fs::remove_file)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(unremoved(error));
        }
    }
    Ok(())
}

/// Prepared exports that name the person go as a whole: they are asked for again in a minute.
async fn remove_exports(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    for export in store::exports(&mut work.tx, person).await? {
        let path = exports::path(&work.app, export);
        for file in [path.with_extension("part"), path] {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(unremoved(error)),
                _ => {}
            }
        }
        store::delete_export(&mut work.tx, export).await?;
    }
    Ok(())
}

/// The disk's trouble: nothing is erased until the files can be.
fn unremoved(error: std::io::Error) -> Failure {
    tracing::error!(%error, "a file could not be erased");
    Failure::refused("privacy-file-stays")
}

/// Erases everybody whose respite is over; tells how many. One that cannot be erased does not hold up the others.
pub async fn erase_overdue(app: &App) -> Result<usize, Failure> {
    let mut erased = 0;
    let mut after = None;
    loop {
        let before = citizens::undo_since(app.clock.now());
        let overdue = store::overdue(&mut app.db.glance().await?, before, after, BATCH).await?;
        for (_, person) in &overdue {
            match erase_one(app, *person).await {
                Ok(()) => erased += 1,
                Err(Failure::Storage(error)) if error.is_passing() => return Err(error.into()),
                Err(failure) => tracing::error!(%failure, %person, "a citizen could not be erased"),
            }
        }
        match overdue.last() {
            Some(last) => after = Some(*last),
            None => break,
        }
    }
    if erased > 0 {
        app.db.settle().await?;
    }
    Ok(erased)
}

async fn erase_one(app: &App, person: PersonId) -> Result<(), Failure> {
    let mut work = app.begin(Actor::System).await?;
    erase(&mut work, person).await?;
    Ok(work.commit().await?)
}

/// Every night: the final erasure thirty days after the deletion (PT-D12).
#[derive(Debug, Clone, Copy, Default)]
pub struct EraseOverdue;

#[async_trait]
impl Job for EraseOverdue {
    fn name(&self) -> &'static str {
        "final erasure"
    }

    fn cron(&self) -> &'static str {
        "0 10 2 * * *"
    }

    async fn run(&self, app: &App) -> Result<(), Failure> {
        let erased = erase_overdue(app).await?;
        if erased > 0 {
            tracing::info!(erased, "citizens erased for good");
        }
        Ok(())
    }
}
