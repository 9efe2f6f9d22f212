//! Who comes, and how: the session, language, theme and anti-forgery token of one request.

use std::{convert::Infallible, net::SocketAddr, ops::Deref, sync::Arc};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use opora_core::{
    foundation::{chance, errors::StorageError, secrets::Secret},
    people::{
        access::{Actor, Role},
        sessions::{self, Session},
    },
    words::{Dictionary, LOCALES, Words},
};

use crate::{Panel, errors};

/// Cookie of the session.
pub const SESSION_COOKIE: &str = "opora_session";
/// Cookie of who gave the right password and owes the code of the second factor.
pub const PENDING_COOKIE: &str = "opora_pending";
/// Cookie with the anti-forgery token of who is not signed in.
pub const VISITOR_COOKIE: &str = "opora_visitor";
/// Cookie of the chosen language.
pub const LANGUAGE_COOKIE: &str = "opora_language";
/// Cookie of the chosen theme.
pub const THEME_COOKIE: &str = "opora_theme";
/// Header in which our script names the part of the page it wants.
pub const SWAP_HEADER: &str = "x-swap";

const DEVICE_CHARS: usize = 200;

/// The reader's dictionary; cheap to clone.
#[derive(Clone)]
pub struct Lang {
    words: Arc<Words>,
    locale: &'static str,
}

impl Lang {
    /// The texts in `locale`.
    pub fn new(words: Arc<Words>, locale: &str) -> Self {
        let locale = words.in_locale(locale).locale();
        Self { words, locale }
    }
}

impl Deref for Lang {
    type Target = Dictionary;

    fn deref(&self) -> &Dictionary {
        self.words.in_locale(self.locale)
    }
}

/// Light, dark, or as the system is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All themes, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name in the cookie, in `data-theme` and in keys of the locales.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Key of its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "account-theme-system",
            Self::Light => "account-theme-light",
            Self::Dark => "account-theme-dark",
        }
    }

    /// The theme of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// One request's visitor.
#[derive(Clone)]
pub struct Visit {
    /// The panel visited.
    pub panel: Panel,
    /// The session, when signed in.
    pub session: Option<Arc<Session>>,
    /// The reader's texts.
    pub lang: Lang,
    /// The chosen theme.
    pub theme: Theme,
    /// What every form must bring along.
    pub csrf: Secret,
    /// Path and query asked for.
    pub target: String,
    /// Network address.
    pub address: String,
    /// What the browser says of itself.
    pub device: String,
    /// The part of the page our script wants, if it asks.
    pub swap: Option<String>,
}

impl Visit {
    /// Whether the administrator is here.
    pub fn is_administrator(&self) -> bool {
        self.session.as_ref().is_some_and(|session| session.actor.role() == Role::Administrator)
    }

    /// The path asked for, without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// On whose behalf work is done.
    pub fn actor(&self) -> Actor {
        match &self.session {
            Some(session) => session.actor.clone(),
            None => Actor::Stranger { address: self.address.clone() },
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().expect("`enter` wraps every route"))
    }
}

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Visit::from_request_parts(parts, state).await.map(|visit| visit.lang)
    }
}

/// Finds out who comes, lets the request pass and dresses errors as pages.
pub async fn enter(State(panel): State<Panel>, mut request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    let mut visit = stranger(&panel, &request, &jar);
    let is_new = visit.csrf.reveal().is_empty();
    if is_new {
        visit.csrf = Secret::new(URL_SAFE_NO_PAD.encode(chance::bytes::<24>(&*panel.app.chance)));
    }
    let response = match recognise(&mut visit, &jar).await {
        Ok(()) => {
            request.extensions_mut().insert(visit.clone());
            next.run(request).await
        }
        Err(error) => errors::PanelError::from(error).into_response(),
    };
    let mut response = errors::dress(response, &visit).await;
    let is_page =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_new && visit.session.is_none() && is_page {
        set_cookie(&mut response, &cookie(&panel, VISITOR_COOKIE, visit.csrf.reveal().to_owned()));
    }
    response
}

fn stranger(panel: &Panel, request: &Request, jar: &CookieJar) -> Visit {
    let value = |name: &str| jar.get(name).map(|cookie| cookie.value().to_owned());
    let locale = value(LANGUAGE_COOKIE)
        .filter(|chosen| LOCALES.contains(&chosen.as_str()))
        .unwrap_or_else(|| panel.app.config.locale.clone());
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    Visit {
        panel: panel.clone(),
        session: None,
        lang: Lang::new(Arc::clone(&panel.app.words), &locale),
        theme: value(THEME_COOKIE).and_then(|name| Theme::named(&name)).unwrap_or_default(),
        csrf: Secret::new(value(VISITOR_COOKIE).unwrap_or_default()),
        target: target.to_owned(),
        address: address(request),
        device: header_text(request.headers(), header::USER_AGENT.as_str()).chars().take(DEVICE_CHARS).collect(),
        swap: Some(header_text(request.headers(), SWAP_HEADER)).filter(|swap| !swap.is_empty()),
    }
}

/// Resumes the session of the cookie. Assets need none.
async fn recognise(visit: &mut Visit, jar: &CookieJar) -> Result<(), StorageError> {
    let Some(cookie) = jar.get(SESSION_COOKIE) else { return Ok(()) };
    if visit.target.starts_with("/assets/") {
        return Ok(());
    }
    let app = &visit.panel.app;
    if let Some(session) = sessions::resume(app, cookie.value(), &visit.address).await? {
        if let Some(locale) = &session.locale {
            visit.lang = Lang::new(Arc::clone(&app.words), locale);
        }
        visit.csrf = session.csrf.clone();
        visit.session = Some(Arc::new(session));
    }
    Ok(())
}

/// The visitor's address: the peer's, or what a reverse proxy on the same machine says of its peer.
fn address(request: &Request) -> String {
    let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else {
        return "unknown".to_owned();
    };
    let forwarded = header_text(request.headers(), "x-forwarded-for");
    let nearest = forwarded.rsplit(',').next().map(str::trim).and_then(|text| text.parse::<std::net::IpAddr>().ok());
    match nearest {
        Some(address) if peer.ip().is_loopback() => address.to_string(),
        _ => peer.ip().to_string(),
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// A cookie that scripts cannot read, sent over https only when the panel is reached so.
pub fn cookie(panel: &Panel, name: &'static str, value: String) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(panel.app.config.public_url().starts_with("https://"))
        .build()
}

/// Adds a cookie to an answer.
pub fn set_cookie(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
