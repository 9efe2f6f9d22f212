//! A visitor who clicks through the panel without a network: keeps cookies and tokens, looks at pages by CSS selectors.
//!
//! ```ignore
//! let mut visitor = Visitor::administrator(&world).await;
//! let page = visitor.get("/curators").await;
//! assert_eq!(page.text_of("h1"), "Соц. кураторы");
//! let answer = visitor.post("/curators", &[("surname", "Иванова")]).await;
//! assert_eq!(answer.location(), "/curators");
//! ```

use std::{collections::BTreeMap, fmt::Write};

use axum::{
    Router,
    body::{Body, BodyDataStream, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use opora_core::{
    foundation::{db::Tx, ids::AccountId, secrets::Secret},
    on_backend,
};
use opora_panel::{Panel, router};
use opora_testkit::{Curator, World};
use scraper::{Html, Selector};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The password of everybody who signs in here.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody with a browser.
pub struct Visitor {
    router: Router,
    /// Calls the end of the process.
    pub end: CancellationToken,
    cookies: BTreeMap<String, String>,
    csrf: String,
}

/// What came back.
pub struct Page {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its source.
    pub body: String,
}

impl Visitor {
    /// Somebody who is not signed in.
    pub fn stranger(world: &World) -> Self {
        let end = CancellationToken::new();
        Self {
            router: router(Panel::new(world.app.clone(), end.clone())),
            end,
            cookies: BTreeMap::new(),
            csrf: String::new(),
        }
    }

    /// The administrator (`admin`), made if need be, signed in.
    pub async fn administrator(world: &World) -> Self {
        if world.count("accounts WHERE role = 'administrator'").await == 0 {
            world.administrator().await;
        }
        give_password(world, "role = 'administrator'").await;
        Self::signed_in(world, "admin").await
    }

    /// A curator, signed in.
    pub async fn curator(world: &World, curator: &Curator) -> Self {
        give_password(world, "role = 'curator'").await;
        let login = login_of(world, curator.account).await;
        Self::signed_in(world, &login).await
    }

    /// Whoever has this login and [`PASSWORD`].
    pub async fn signed_in(world: &World, login: &str) -> Self {
        let mut visitor = Self::stranger(world);
        let answer = visitor.sign_in(login, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login} cannot sign in: {}", answer.text_of("main"));
        visitor
    }

    /// Fills in the sign-in window.
    pub async fn sign_in(&mut self, login: &str, password: &str) -> Page {
        self.get("/sign-in").await;
        self.post("/sign-in", &[("login", login), ("password", password)]).await
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, None, &[]).await
    }

    /// Sends a form with the token of the last page that had one.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.csrf.clone();
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
        self.send(Method::POST, path, Some(&fields), &[]).await
    }

    /// Sends a form without a token.
    pub async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(Method::POST, path, Some(fields), &[]).await
    }

    /// Sends a form with the token and further headers.
    pub async fn post_with(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let token = self.csrf.clone();
        let fields: Vec<_> = fields.iter().copied().chain([("csrf", token.as_str())]).collect();
        self.send(Method::POST, path, Some(&fields), headers).await
    }

    /// Sends a body of any kind, such as a form with a file.
    pub async fn post_body(&mut self, path: &str, kind: &str, body: String) -> Page {
        self.hand_over(Method::POST, path, Some((kind, body)), &[]).await
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Puts a cookie into the browser.
    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Opens an answer that lasts.
    pub async fn listen(&self, path: &str) -> BodyDataStream {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder().uri(path).header(header::COOKIE, cookies.join("; ")).body(Body::empty());
        let request = request.expect("the request is well formed");
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        assert_eq!(response.status(), StatusCode::OK);
        response.into_body().into_data_stream()
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        fields: Option<&[(&str, &str)]>,
        headers: &[(&str, &str)],
    ) -> Page {
        let body = fields.map(|fields| serde_html_form::to_string(fields).expect("pairs of text make a form"));
        self.hand_over(method, path, body.map(|body| ("application/x-www-form-urlencoded", body)), headers).await
    }

    async fn hand_over(
        &mut self,
        method: Method,
        path: &str,
        body: Option<(&str, String)>,
        headers: &[(&str, &str)],
    ) -> Page {
        let cookies = self.cookies.iter().fold(String::new(), |mut line, (name, value)| {
            let _ = write!(line, "{name}={value}; ");
            line
        });
        let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, cookies);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some((kind, _)) = &body {
            request = request.header(header::CONTENT_TYPE, *kind);
        }
        let body = body.map(|(_, body)| body);
        let request = request.body(body.map_or_else(Body::empty, Body::from)).expect("the request is well formed");
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        self.keep_cookies(response.headers());
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("the body can be read");
        let page =
            Page { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() };
        if let Some(token) = page.attribute("input[name=csrf]", "value") {
            self.csrf = token;
        }
        page
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("cookies are ASCII");
            let (name, value) =
                line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie is a pair");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Page {
    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "no redirect: {}", self.body);
        self.headers.get(header::LOCATION).and_then(|path| path.to_str().ok()).expect("a redirect says where to")
    }

    /// The texts of all elements that match.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        html.select(&parse(selector)).map(|element| words(&element.text().collect::<String>())).collect()
    }

    /// The text of the only element that matches.
    pub fn text_of(&self, selector: &str) -> String {
        let texts = self.texts(selector);
        assert_eq!(texts.len(), 1, "{selector} is there {} times in {}", texts.len(), self.body);
        texts.into_iter().next().unwrap_or_default()
    }

    /// Whether anything matches.
    pub fn has(&self, selector: &str) -> bool {
        !self.texts(selector).is_empty()
    }

    /// An attribute of the first element that matches.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let html = Html::parse_document(&self.body);
        html.select(&parse(selector)).next().and_then(|element| element.attr(name)).map(str::to_owned)
    }

    /// Values of an attribute of all elements that match.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let html = Html::parse_document(&self.body);
        html.select(&parse(selector)).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// The page as text for a snapshot: what is read, what is filled in, what can be pressed.
    pub fn outline(&self) -> String {
        let html = Html::parse_document(&self.body);
        let mut lines = vec![format!("{} {}", self.status.as_u16(), self.texts("title").join(""))];
        let wanted = "nav.menu a, main h1, main h2, main h3, main p, main li:not(:has(*)), main th, main td, main label, \
             main legend, main input:not([type=hidden]), main select, main textarea, main button, main a.button, main dt, main dd";
        for element in html.select(&parse(wanted)) {
            let text = words(&element.text().collect::<String>());
            let tag = element.value().name();
            let off = if element.attr("disabled").is_some() { " (inactive)" } else { "" };
            lines.push(match tag {
                "input" | "select" | "textarea" => {
                    let value = element.attr("value").unwrap_or_default();
                    let must = if element.attr("required").is_some() { " (required)" } else { "" };
                    format!("  {tag} {} = {value:?}{must}{off}", element.attr("name").unwrap_or_default())
                }
                "a" => format!("  a {text} → {}", element.attr("href").unwrap_or_default()),
                _ => format!("  {tag} {text}{off}"),
            });
        }
        lines.dedup();
        lines.join("\n")
    }
}

fn parse(selector: &str) -> Selector {
    Selector::parse(selector).expect("the selector is well formed")
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Gives all accounts that meet the condition [`PASSWORD`].
async fn give_password(world: &World, condition: &str) {
    let app = &world.app;
    let hash = app.hasher.hash(&Secret::new(PASSWORD), &*app.chance).await;
    let sql = sqlx::AssertSqlSafe(format!(
        "UPDATE accounts SET password_hash = $1 WHERE password_hash = '!' AND {condition}"
    ));
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(sql).bind(hash).execute(c).await.map(drop)).expect("a password can be given");
    tx.commit().await.expect("a password can be kept");
}

async fn login_of(world: &World, account: AccountId) -> String {
    const SQL: &str = "SELECT login FROM accounts WHERE id = $1";
    let mut tx: Tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).bind(account).fetch_one(c).await).expect("the account is there")
}
