//! The citizens' chat in the browser. Nobody signs in: a browser is known by its own cookie, a citizen by the activation code.
//! Works without script: a post is answered by the page with the answer in it, a reload shows what is new.

mod devices;
mod install;
mod news;
mod page;
mod posts;
mod upload;

use axum::{
    extract::DefaultBodyLimit,
    http::{HeaderMap, Method},
    response::{IntoResponse, Redirect, Response},
    routing,
};
use axum_extra::extract::cookie::CookieJar;
use opora_core::{
    Work,
    foundation::errors::StorageError,
    messaging::{
        messenger::Messenger,
        web_chat::{self, Key, WebChat},
    },
    patronage::activation::{self, Link},
};

use crate::{
    errors::PanelError,
    routes::Routes,
    visit::{Visit, cookie, set_cookie},
};

/// Cookie of the browser's key to its chat.
const CHAT_COOKIE: &str = "opora_chat";

/// The page, at its end where the newest line and the menu are.
const END: &str = "/chat#end";

/// Routes of the room.
pub fn routes() -> Routes {
    let upload = routing::post(upload::send).layer(DefaultBodyLimit::disable());
    Routes::for_everyone()
        .get("/chat", page::show)
        .get("/chat/start/{code}", page::show_with_code)
        .get("/chat/news", news::tell)
        .get("/chat/device", devices::show)
        .post("/chat/device", devices::invite)
        .post("/chat/device/others", devices::forget_others)
        .get("/chat/enter/{invitation}", devices::enter)
        .post("/chat/enter", devices::take_up)
        .get("/chat/app.webmanifest", install::manifest)
        .get("/chat/worker.js", install::worker)
        .get("/chat/offline", install::offline)
        .post("/chat/start", posts::start)
        .post("/chat/say", posts::say)
        .post("/chat/press", posts::press)
        .add(Method::POST, "/chat/file", upload)
}

/// The browser's chat and, when connected, its link.
struct Known {
    chat: WebChat,
    link: Option<Link>,
}

/// The key this browser brings.
fn key_of(headers: &HeaderMap) -> Option<Key> {
    CookieJar::from_headers(headers).get(CHAT_COOKIE).and_then(|cookie| Key::parse(cookie.value()))
}

/// Lets the browser keep its key.
fn keep_key(visit: &Visit, response: &mut Response, key: &Key) {
    let mut kept = cookie(&visit.panel, CHAT_COOKIE, key.cookie().reveal().to_owned());
    kept.make_permanent();
    set_cookie(response, &kept);
}

/// The chat this browser may see.
async fn known(work: &mut Work, headers: &HeaderMap) -> Result<Option<Known>, StorageError> {
    let Some(key) = key_of(headers) else { return Ok(None) };
    let Some(chat) = web_chat::resume(work, &key).await? else { return Ok(None) };
    let link = activation::link_of(&mut work.tx, Messenger::Web, &chat.id.to_string()).await?;
    Ok(Some(Known { chat, link }))
}

/// Where the web chat is switched off, there is no such page.
fn must_be_on(visit: &Visit) -> Result<(), PanelError> {
    if visit.panel.app.config.web_chat_is_on() { Ok(()) } else { Err(PanelError::NotFound) }
}

fn to_end() -> Response {
    Redirect::to(END).into_response()
}
