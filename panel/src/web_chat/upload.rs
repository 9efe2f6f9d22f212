//! A file from the browser: written as it arrives, then announced like one of any messenger.

use std::{path::Path, time::SystemTime};

use axum::{
    extract::{Request, State},
    response::Response,
};
use chrono::TimeDelta;
use opora_core::{
    foundation::ids,
    messaging::{
        message::IncomingFile,
        web_chat::{self, Post},
    },
    patronage::files,
    words::format,
};
use tokio::fs::{self, File};

use super::{
    must_be_on,
    posts::{connected, send as post},
    to_end,
};
use crate::{
    Panel,
    errors::PanelError,
    upload::{Received, not_written, receive},
    visit::Visit,
};

/// After so long the fetcher has taken a file or given it up.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Takes a file of a connected citizen.
pub(super) async fn send(State(panel): State<Panel>, visit: Visit, request: Request) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let chat = connected(&visit, request.headers()).await?;
    let app = &panel.app;
    let folder = web_chat::incoming_folder(app);
    let source = ids::short(ids::draw(app.clock.now(), &*app.chance));
    let place = folder.join(&source);
    let limit = app.config.file_limit();
    let is_connected = chat.is_some();
    let (fields, received) = receive(request, &panel, limit, async || {
        if !is_connected {
            return Err(PanelError::Forbidden);
        }
        fs::create_dir_all(&folder).await.map_err(not_written)?;
        File::create_new(&place).await.map_err(not_written)
    })
    .await?;
    let (Some(chat), Some(received)) = (chat, received) else { return Ok(to_end()) };
    let file = announcement(&received, source);
    keep(received, &place).await?;
    let shown = shown(&visit, &file);
    post(&visit, &chat, fields.get("submission"), Post::File { file, shown }).await?;
    forget_old(&folder, app.clock.now() - KEPT).await;
    Ok(to_end())
}

fn announcement(received: &Received<File>, source: String) -> IncomingFile {
    IncomingFile {
        source,
        name: received.name.as_deref().map(files::name::cleaned),
        media_type: received.media_type.clone(),
        size: Some(received.size),
        caption: None,
        album: None,
    }
}

/// What was acknowledged must outlive a power cut. What is too large is not kept: the conversation says so.
async fn keep(received: Received<File>, place: &Path) -> Result<(), PanelError> {
    if received.is_too_large {
        return fs::remove_file(place).await.map_err(not_written);
    }
    received.into.sync_all().await.map_err(not_written)
}

/// «Справка.pdf · 1,2 МБ».
fn shown(visit: &Visit, file: &IncomingFile) -> String {
    let name = file.name.clone().unwrap_or_default();
    format!("{name} · {}", format::bytes(visit.panel.app.house_words(), file.size.unwrap_or_default()))
}

/// Removes uploads that lie here for long.
async fn forget_old(folder: &Path, before: chrono::DateTime<chrono::Utc>) {
    let before = SystemTime::from(before);
    let Ok(mut entries) = fs::read_dir(folder).await else { return };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let changed_at = entry.metadata().await.and_then(|metadata| metadata.modified());
        if changed_at.is_ok_and(|at| at < before)
            && let Err(error) = fs::remove_file(entry.path()).await
        {
            tracing::warn!(%error, "an old upload of the web chat stays");
        }
    }
}
