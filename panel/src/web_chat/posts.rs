//! What is done in the chat: the code, a message or a button of the menu, a button under a line.

use std::time::Duration;

use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use chrono::TimeDelta;
use opora_core::{
    foundation::{errors::StorageError, ids::SubmissionId},
    messaging::web_chat::{self, Key, Post, Watch, WebChat},
    people::throttle::{self, Rule, Verdict},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Known, keep_key, key_of, known, must_be_on, page, to_end};
use crate::{errors::PanelError, extract::CsrfForm, visit::Visit};

/// Characters of a message; what is longer is cut, as messengers do.
const TEXT_LIMIT: usize = 4000;

/// Tries of codes from one network address, whoever makes them: an office full of people stays below, a guesser does not
/// get around the counter of each chat by opening new ones (PT-090).
const ADDRESS: Rule = Rule {
    failures: 30,
    window: TimeDelta::minutes(15),
    refusal: TimeDelta::minutes(15),
    longest: TimeDelta::minutes(15),
};

/// How long a post waits for its answer.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// A wake-up of another process is not heard here, so the wait looks by itself now and then.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// An answer may have several parts.
const QUIET: Duration = Duration::from_millis(120);

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct CodeForm {
    code: String,
    submission: String,
}

/// Tries the code.
pub(super) async fn start(
    visit: Visit,
    headers: HeaderMap,
    CsrfForm(form): CsrfForm<CodeForm>,
) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    try_code(&visit, &headers, form).await
}

async fn try_code(visit: &Visit, headers: &HeaderMap, form: CodeForm) -> Result<Response, PanelError> {
    if !form.code.chars().any(|c| c.is_ascii_digit()) {
        let trouble = visit.lang.t("web-chat-code-missing").to_string();
        return page::refuse(visit, headers, form.code, StatusCode::UNPROCESSABLE_ENTITY, trouble).await;
    }
    if let Verdict::Refused { minutes } = count_try(visit).await? {
        let trouble = visit.lang.t("web-chat-too-many").n("minutes", minutes).to_string();
        return page::refuse(visit, headers, form.code, StatusCode::TOO_MANY_REQUESTS, trouble).await;
    }
    let (key, chat) = opened(visit, headers).await?;
    send(visit, &chat, &form.submission, Post::Start { code: Some(form.code) }).await?;
    let mut response = to_end();
    keep_key(visit, &mut response, &key);
    Ok(response)
}

async fn count_try(visit: &Visit) -> Result<Verdict, StorageError> {
    let mut work = visit.panel.app.begin(visit.actor()).await?;
    let verdict =
        throttle::fail_unless_refused(&mut work, &format!("web-chat-code:{}", visit.address), &ADDRESS).await?;
    work.commit().await?;
    Ok(verdict)
}

/// The browser's chat, or a new one.
async fn opened(visit: &Visit, headers: &HeaderMap) -> Result<(Key, WebChat), PanelError> {
    let app = &visit.panel.app;
    let mut work = app.begin(visit.actor()).await?;
    if let Some(key) = key_of(headers)
        && let Some(chat) = web_chat::resume(&mut work, &key).await?
    {
        return Ok((key, chat));
    }
    let key = Key::draw(work.now, &*app.chance);
    let chat = web_chat::open(&mut work, &key).await?.ok_or(PanelError::Internal)?;
    work.commit().await?;
    Ok((key, chat))
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct MessageForm {
    text: String,
    submission: String,
}

/// A message or a button of the menu. Before the connection it can only be a code.
pub(super) async fn say(
    visit: Visit,
    headers: HeaderMap,
    CsrfForm(form): CsrfForm<MessageForm>,
) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let Some(chat) = connected(&visit, &headers).await? else {
        return try_code(&visit, &headers, CodeForm { code: form.text, submission: form.submission }).await;
    };
    let text: String = form.text.replace("\r\n", "\n").trim().chars().take(TEXT_LIMIT).collect();
    if !text.is_empty() {
        send(&visit, &chat, &form.submission, Post::Text(text)).await?;
    }
    Ok(to_end())
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct PressForm {
    data: String,
    line: String,
    submission: String,
}

/// A button under a line.
pub(super) async fn press(
    visit: Visit,
    headers: HeaderMap,
    CsrfForm(form): CsrfForm<PressForm>,
) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let chat = connected(&visit, &headers).await?;
    if let (Some(chat), Ok(line)) = (chat, form.line.parse()) {
        send(&visit, &chat, &form.submission, Post::Press { data: form.data, line }).await?;
    }
    Ok(to_end())
}

/// The chat of a browser that is connected.
pub(super) async fn connected(visit: &Visit, headers: &HeaderMap) -> Result<Option<WebChat>, StorageError> {
    let mut work = visit.panel.app.look(visit.actor()).await?;
    Ok(known(&mut work, headers).await?.filter(|known| known.link.is_some()).map(|Known { chat, .. }| chat))
}

/// Posts and waits a moment for the answer, so that it is on the page already.
pub(super) async fn send(visit: &Visit, chat: &WebChat, submission: &str, post: Post) -> Result<(), PanelError> {
    let app = &visit.panel.app;
    let mut watch = web_chat::watch(app, chat.id);
    let submission = distinct(submission, &post)?;
    let mut work = app.begin(visit.actor()).await?;
    web_chat::post(&mut work, chat, submission, post).await?;
    let before = page::revision(&mut work, chat).await?;
    work.commit().await?;
    // The answer comes or not: then a reload shows it.
    drop(tokio::time::timeout(LONGEST_WAIT, answer(visit, chat, &before, &mut watch)).await);
    Ok(())
}

/// The same button twice from one page is a double click; two buttons of one page are two posts.
fn distinct(submission: &str, post: &Post) -> Result<SubmissionId, PanelError> {
    let id: SubmissionId = submission.parse().map_err(|_| PanelError::BadForm("no submission".to_owned()))?;
    let what = match post {
        Post::Start { code } => code.clone().unwrap_or_default(),
        Post::Text(text) => text.clone(),
        Post::Press { data, line } => format!("{line} {data}"),
        Post::File { file, .. } => file.source.clone(),
    };
    let digest = Sha256::new().chain_update(id.0.as_bytes()).chain_update(what).finalize();
    let bytes = digest.first_chunk::<16>().ok_or(PanelError::Internal)?;
    Ok(SubmissionId(Uuid::from_bytes(*bytes)))
}

/// Resolves when the chat has been answered and is quiet for a moment.
async fn answer(visit: &Visit, chat: &WebChat, before: &str, watch: &mut Watch) -> Result<(), StorageError> {
    loop {
        let heard = tokio::time::timeout(LOOK_EVERY, watch.changed()).await.is_ok();
        if heard || has_news(visit, chat, before).await? {
            break;
        }
    }
    while tokio::time::timeout(QUIET, watch.changed()).await.is_ok() {}
    Ok(())
}

/// Whether anything has changed since.
pub(super) async fn has_news(visit: &Visit, chat: &WebChat, since: &str) -> Result<bool, StorageError> {
    let mut work = visit.panel.app.look(visit.actor()).await?;
    Ok(page::revision(&mut work, chat).await? != since)
}
