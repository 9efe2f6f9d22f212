//! «Добавить файл»: where no bot brings files, the curator does (PT-D18).

use axum::{
    extract::{Request, State},
    response::Response,
};
use opora_core::{
    files::{Store, StoreError, Upload},
    foundation::{
        config::BotMode,
        errors::{Failure, Say},
        ids::{FileId, PersonId},
    },
    patronage::{
        citizens,
        files::{self, Attachment},
    },
};

use super::{Asked, FilesPage};
use crate::{
    Panel,
    errors::PanelError,
    extract::{Id, Staff},
    page::{Wrong, render_invalid},
    paths,
    upload::{Received, not_written, receive},
};

/// Receives a file, then attaches it.
pub(super) async fn attach(
    State(panel): State<Panel>,
    staff: Staff,
    Id(person): Id<PersonId>,
    request: Request,
) -> Result<Response, PanelError> {
    let app = &panel.app;
    let limit = app.config.file_limit();
    let (_, received) = receive(request, &panel, limit, async || {
        may_attach(&staff, person).await?;
        let id = FileId::draw(app.clock.now(), &*app.chance);
        let store = Store::under(&app.config.data_dir).keeping_free(app.config.disk_reserve());
        store.begin(id, limit).await.map_err(store_trouble)
    })
    .await?;
    let outcome = match received {
        None => Err(Failure::invalid("file", Say::key("files-none-chosen"))),
        Some(received) if received.is_too_large => {
            received.into.discard().await;
            Err(Failure::invalid("file", files::too_large(limit)))
        }
        Some(received) => keep(&staff, person, received).await?,
    };
    match outcome {
        Ok(()) => staff.done(&paths::files(person), Say::key("files-added")).await,
        Err(failure) => {
            let wrong: Wrong = staff.wrong(failure)?;
            let page = FilesPage::of(&staff, person, Asked::default(), wrong).await?;
            render_invalid(&page.wrong, &page)
        }
    }
}

/// Looked at before anything is written to the disk.
async fn may_attach(staff: &Staff, person: PersonId) -> Result<(), PanelError> {
    let mut work = staff.look().await?;
    citizens::card(&mut work, person).await?;
    if work.app.config.bot_mode == BotMode::On {
        return Err(PanelError::Refused(Say::key("files-attach-only-without-bot")));
    }
    Ok(())
}

async fn keep(staff: &Staff, person: PersonId, received: Received<Upload>) -> Result<Result<(), Failure>, PanelError> {
    let stored = received.into.finish().await.map_err(store_trouble)?;
    let attachment = Attachment {
        name: received.name.unwrap_or_default(),
        media_type: received.media_type,
        size: stored.size,
        storage_key: stored.key,
        sha256: stored.sha256,
    };
    let mut work = staff.begin().await?;
    if let Err(failure) = files::attach(&mut work, person, &attachment).await {
        return Ok(Err(failure));
    }
    work.commit().await?;
    Ok(Ok(()))
}

fn store_trouble(error: StoreError) -> PanelError {
    match error {
        StoreError::DiskFull => PanelError::Refused(Say::key("files-disk-full")),
        other => not_written(other),
    }
}
