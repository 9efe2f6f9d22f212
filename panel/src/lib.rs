//! Opora's web panel for staff, and the pages of the citizens' web chat: axum routes, askama templates, own CSS and JS.
//!
//! # Adding a room
//!
//! 1. A folder `panel/src/<module>/<room>/` with `pub fn routes() -> Routes`, listed in [`routes::all`]; every route says who
//!    may come ([`routes::Routes::for_staff`] …), so nothing is open by omission.
//! 2. A handler takes [`extract::Staff`] (or [`extract::Administrator`]), calls one use case of `opora_core` and answers with
//!    [`page::render`] or a 303 ([`extract::Staff::redirect`], with a flash). A form comes as [`extract::CsrfForm`]; what it
//!    lacks is shown by the same page with status 422 ([`page::render_invalid`]).
//! 3. A page is a private `#[derive(Template)]` struct beside its handler with the field `shell: Shell`; its template in
//!    `panel/templates/<module>/<room>/` extends `base.html` and uses the macros of `templates/components/`.
//! 4. Styles of the room: `panel/assets/css/4x-<room>.css`. No `style` attribute, no inline script: the CSP refuses them.
//! 5. Words: `locales/{ru,en}/<room>.ftl`.

mod account;
pub mod assets;
mod delivery;
pub mod errors;
pub mod extract;
mod guide;
pub mod options;
pub mod page;
pub mod paths;
mod patronage;
mod plot;
mod qr;
pub mod routes;
pub mod security;
mod settings;
mod sign_in;
mod upload;
pub mod visit;
mod web_chat;

use std::sync::Arc;

use axum::{Router, extract::DefaultBodyLimit, middleware};
use opora_core::App;
use tokio_util::sync::CancellationToken;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// Largest body of an ordinary form, bytes; rooms that take files raise it on their own route.
const FORM_LIMIT: usize = 1024 * 1024;

/// What every handler shares. Cheap to clone.
#[derive(Clone)]
pub struct Panel {
    /// The installation.
    pub app: App,
    /// Calls the end of the process: answers that last (the chat's news) end then, so that nobody waits for them.
    pub end: CancellationToken,
    /// The curators to choose from, as pages show them.
    pub curator_options: Arc<options::KnownOptions>,
}

impl Panel {
    /// A panel of this installation that works until `end` is called.
    pub fn new(app: App, end: CancellationToken) -> Self {
        Self { app, end, curator_options: Arc::default() }
    }
}

/// The whole panel. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that addresses are known.
pub fn router(panel: Panel) -> Router {
    let mut router = Router::new();
    for room in routes::all() {
        router = router.merge(room.into_router());
    }
    router
        .fallback(errors::no_such_page)
        .layer(middleware::from_fn(security::same_origin))
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(middleware::from_fn_with_state(panel.clone(), visit::enter))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(panel.clone(), security::headers))
        .with_state(panel)
}
