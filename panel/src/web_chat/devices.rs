//! The chat on a further phone or computer: a link that works once, shown as QR code, and the way in for it.

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use opora_core::messaging::web_chat::{self, Key, WebChat};
use serde::Deserialize;

use super::{keep_key, key_of, must_be_on, posts::connected, to_end};
use crate::{
    errors::PanelError,
    extract::CsrfForm,
    page::{Shell, html, render},
    qr,
    visit::Visit,
};

#[derive(Template)]
#[template(path = "web_chat/device.html")]
struct DevicePage {
    shell: Shell,
    others: i64,
    invitation: Option<Invitation>,
    minutes: i64,
}

/// A link into the chat.
struct Invitation {
    address: String,
    picture: String,
}

/// What may be done about other devices.
pub(super) async fn show(visit: Visit, headers: HeaderMap) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let Some(chat) = connected(&visit, &headers).await? else { return Ok(to_end()) };
    page(&visit, &chat, None).await
}

/// Shows a fresh link. It is not kept anywhere: loading the page again draws another one.
pub(super) async fn invite(visit: Visit, headers: HeaderMap, _: CsrfForm<Nothing>) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let Some(chat) = connected(&visit, &headers).await? else { return Ok(to_end()) };
    let mut work = visit.panel.app.begin(visit.actor()).await?;
    let (key, _) = web_chat::invite(&mut work, &chat).await?;
    work.commit().await?;
    let address = format!("{}/chat/enter/{}", visit.panel.app.config.public_url(), key.cookie().reveal());
    page(&visit, &chat, Some(Invitation { picture: qr::picture(&address), address })).await
}

async fn page(visit: &Visit, chat: &WebChat, invitation: Option<Invitation>) -> Result<Response, PanelError> {
    let mut work = visit.panel.app.look(visit.actor()).await?;
    let others = web_chat::others(&mut work, chat).await?;
    drop(work);
    let shell = Shell::bare(visit, visit.lang.t("web-chat-device"));
    render(&DevicePage { shell, others, invitation, minutes: web_chat::INVITATION_LIFE.num_minutes() })
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Nothing {}

/// Shuts the other browsers out.
pub(super) async fn forget_others(
    visit: Visit,
    headers: HeaderMap,
    _: CsrfForm<Nothing>,
) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    if let (Some(chat), Some(mine)) = (connected(&visit, &headers).await?, key_of(&headers)) {
        let mut work = visit.panel.app.begin(visit.actor()).await?;
        web_chat::forget_others(&mut work, &chat, &mine).await?;
        work.commit().await?;
    }
    Ok(to_end())
}

#[derive(Template)]
#[template(path = "web_chat/enter.html")]
struct EnterPage {
    shell: Shell,
    /// Empty when the link does not work.
    invitation: String,
}

/// The question behind a link. Looking uses nothing up.
pub(super) async fn enter(visit: Visit, Path(invitation): Path<String>) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let mut work = visit.panel.app.look(visit.actor()).await?;
    let works = match Key::parse(&invitation) {
        Some(key) => web_chat::is_invitation(&mut work, &key).await?,
        None => false,
    };
    drop(work);
    entrance(&visit, if works { invitation } else { String::new() })
}

fn entrance(visit: &Visit, invitation: String) -> Result<Response, PanelError> {
    let status = if invitation.is_empty() { StatusCode::GONE } else { StatusCode::OK };
    let shell = Shell::bare(visit, visit.lang.t("web-chat-enter-title"));
    Ok((status, html(EnterPage { shell, invitation }.render()?)).into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct EnterForm {
    invitation: String,
}

/// Opens the chat in this browser, too.
pub(super) async fn take_up(visit: Visit, CsrfForm(form): CsrfForm<EnterForm>) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let Some(invitation) = Key::parse(&form.invitation) else { return entrance(&visit, String::new()) };
    let mut work = visit.panel.app.begin(visit.actor()).await?;
    let Some(key) = web_chat::take_up(&mut work, &invitation).await? else { return entrance(&visit, String::new()) };
    work.commit().await?;
    let mut response = to_end();
    keep_key(&visit, &mut response, &key);
    Ok(response)
}
