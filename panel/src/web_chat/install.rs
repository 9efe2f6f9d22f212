//! The chat as an app of one's own: what browsers ask before they install it, and what they keep for bad connections.

use askama::Template;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::must_be_on;
use crate::{
    assets,
    errors::PanelError,
    page::{Shell, render},
    visit::Visit,
};

/// Colours of the installed app's frame: `--paper` and `--accent` of the light theme.
const PAPER: &str = "#f6f5f1";
const ACCENT: &str = "#0d6674";

/// What the installed app is called and where it begins.
pub(super) async fn manifest(visit: Visit) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let shell = Shell::bare(&visit, visit.lang.t("web-chat-title"));
    let manifest = json!({
        "id": "/chat",
        "name": shell.product,
        "short_name": shell.product_short,
        "lang": visit.lang.locale(),
        "start_url": "/chat",
        "scope": "/chat",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": ACCENT,
        "icons": [{ "src": shell.sign, "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    });
    Ok(([(header::CONTENT_TYPE, "application/manifest+json")], manifest.to_string()).into_response())
}

#[derive(Template)]
#[template(path = "web_chat/worker.js", escape = "none")]
struct Worker {
    styles: &'static str,
    sign: &'static str,
}

/// The service worker: a page for when there is no connection, and the click on a notification. It keeps nothing personal.
pub(super) async fn worker(visit: Visit) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    let worker = Worker { styles: &assets::STYLES.path, sign: &assets::SIGN.path };
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, [("service-worker-allowed", "/chat")], worker.render()?).into_response())
}

#[derive(Template)]
#[template(path = "web_chat/offline.html")]
struct Offline {
    shell: Shell,
}

/// What the installed app shows without a connection.
pub(super) async fn offline(visit: Visit) -> Result<Response, PanelError> {
    must_be_on(&visit)?;
    render(&Offline { shell: Shell::bare(&visit, visit.lang.t("web-chat-offline")) })
}
