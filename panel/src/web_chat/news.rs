//! Tells our script that the chat has something new, so that reminders appear without a reload.

use std::time::Duration;

use axum::{
    extract::Query,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use opora_core::messaging::web_chat;
use serde::Deserialize;

use super::{known, must_be_on, posts::has_news};
use crate::{errors::PanelError, visit::Visit};

/// One request stays open so long.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// News of another process is not heard here.
const LOOK_EVERY: Duration = Duration::from_secs(5);

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Since {
    since: String,
}

/// 200 as soon as something has changed since, 204 when nothing did for a while, 404 without a chat.
pub(super) async fn wait(
    visit: Visit,
    headers: HeaderMap,
    Query(Since { since }): Query<Since>,
) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let mut work = visit.panel.app.look(visit.actor()).await?;
    let known = known(&mut work, &headers).await?.ok_or(PanelError::NotFound)?;
    drop(work);
    let mut watch = web_chat::watch(&visit.panel.app, known.chat.id);
    let news = async {
        while !has_news(&visit, &known.chat, &since).await? {
            // Heard or not: look.
            drop(tokio::time::timeout(LOOK_EVERY, watch.changed()).await);
        }
        Ok::<_, PanelError>(StatusCode::OK)
    };
    match tokio::time::timeout(LONGEST_WAIT, news).await {
        Ok(status) => Ok(status?.into_response()),
        Err(_) => Ok(StatusCode::NO_CONTENT.into_response()),
    }
}
