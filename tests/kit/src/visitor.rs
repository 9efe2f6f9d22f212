//! A visitor of the panel without a browser: keeps cookies, follows redirects, fills in forms as they stand in the page.
//!
//! ```text
//! let mut anna = Visitor::of(&opora.url());
//! let page = anna.get("/sign-in").await;
//! let page = anna.submit(page.form("/sign-in").with("login", "anna").with("password", "…")).await;
//! page.says("Пользователи");
//! ```

use std::collections::{BTreeMap, BTreeSet};

use reqwest::{
    Client, Method, StatusCode, Url,
    header::{COOKIE, HeaderMap, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use scraper::{ElementRef, Html, Selector};

/// Redirects in a row that no page of ours needs.
const TOO_MANY_REDIRECTS: usize = 5;

/// A visitor.
#[derive(Debug, Clone)]
pub struct Visitor {
    base: Url,
    client: Client,
    cookies: BTreeMap<String, String>,
}

/// A page as it came.
#[derive(Debug, Clone)]
pub struct Page {
    /// HTTP status.
    pub status: StatusCode,
    /// Where it is, after redirects.
    pub url: Url,
    /// Headers.
    pub headers: HeaderMap,
    /// The source.
    pub html: String,
}

/// A form with the values it stands at.
#[derive(Debug, Clone)]
pub struct Form {
    method: Method,
    action: Url,
    names: BTreeSet<String>,
    fields: Vec<(String, String)>,
    is_multipart: bool,
    files: Vec<(String, String, Vec<u8>)>,
}

impl Visitor {
    /// A visitor who was never here.
    pub fn of(url: &str) -> Self {
        let client = Client::builder().redirect(Policy::none()).build().expect("a client can be built");
        Self { base: Url::parse(url).expect("the panel has an address"), client, cookies: BTreeMap::new() }
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        let url = self.base.join(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        self.fetch(self.client.request(Method::GET, url.clone()), url).await
    }

    /// Sends a form.
    pub async fn submit(&mut self, form: Form) -> Page {
        let Form { method, mut action, fields, is_multipart, files, .. } = form;
        if method == Method::GET {
            action.query_pairs_mut().clear().extend_pairs(&fields);
            return self.fetch(self.client.get(action.clone()), action).await;
        }
        let request = self.client.request(method, action.clone()).header("Origin", self.origin());
        if !is_multipart {
            return self.fetch(request.form(&fields), action).await;
        }
        let mut parts = reqwest::multipart::Form::new();
        for (name, value) in fields {
            parts = parts.text(name, value);
        }
        for (name, file, bytes) in files {
            parts = parts.part(name, reqwest::multipart::Part::bytes(bytes).file_name(file));
        }
        self.fetch(request.multipart(parts), action).await
    }

    /// Fetches bytes, such as a file.
    pub async fn download(&mut self, path: &str) -> Vec<u8> {
        let url = self.base.join(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let answer = self.client.get(url).header(COOKIE, self.cookie_header()).send().await;
        let answer = answer.and_then(reqwest::Response::error_for_status).unwrap_or_else(|error| panic!("{error}"));
        answer.bytes().await.expect("a download has a body").to_vec()
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    fn origin(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    async fn fetch(&mut self, request: reqwest::RequestBuilder, url: Url) -> Page {
        let (mut request, mut url) = (request, url);
        for _ in 0..TOO_MANY_REDIRECTS {
            let answer = request.header(COOKIE, self.cookie_header()).send().await;
            let answer = answer.unwrap_or_else(|error| panic!("{url}: {error}"));
            self.keep_cookies(answer.headers());
            let (status, headers) = (answer.status(), answer.headers().clone());
            let Some(location) = headers.get(LOCATION).filter(|_| status.is_redirection()) else {
                let html = answer.text().await.unwrap_or_else(|error| panic!("{url}: {error}"));
                return Page { status, url, headers, html };
            };
            let location = location.to_str().expect("addresses are ASCII");
            url = url.join(location).unwrap_or_else(|error| panic!("{location}: {error}"));
            request = self.client.get(url.clone());
        }
        panic!("{url} redirects for ever")
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok()) {
            let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else { continue };
            let is_taken_away = value.is_empty() || cookie.to_ascii_lowercase().contains("max-age=0");
            if is_taken_away {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"))
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Page {
    /// The words of the page, with single spaces.
    pub fn text(&self) -> String {
        let document = Html::parse_document(&self.html);
        let body = select("body");
        let Some(body) = document.select(&body).next() else { return plain(&self.html) };
        let hidden = ["script", "style", "template"];
        let words = body.descendants().filter_map(|node| {
            let parent = node.parent().and_then(ElementRef::wrap).map(|parent| parent.value().name());
            let text = node.value().as_text()?;
            (!parent.is_some_and(|name| hidden.contains(&name))).then_some(&**text)
        });
        plain(&words.collect::<Vec<_>>().join(" "))
    }

    /// Demands that the page is well and says so.
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.status.is_success(), "{} answered {}: {}", self.url, self.status, self.text());
        assert!(self.text().contains(&plain(text)), "{} does not say «{text}»: {}", self.url, self.text());
        self
    }

    /// Demands that the page was refused so, with these words.
    pub fn refuses(&self, status: u16, text: &str) -> &Self {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.url, self.text());
        assert!(self.text().contains(&plain(text)), "{} does not say «{text}»: {}", self.url, self.text());
        self
    }

    /// The text of the first element that fits the CSS selector.
    pub fn find(&self, selector: &str) -> Option<String> {
        self.find_all(selector).into_iter().next()
    }

    /// The texts of all elements that fit the CSS selector.
    pub fn find_all(&self, selector: &str) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        document.select(&select(selector)).map(|element| plain(&element.text().collect::<String>())).collect()
    }

    /// An attribute of the first element that fits the CSS selector.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = Html::parse_document(&self.html);
        document.select(&select(selector)).find_map(|element| element.attr(name).map(str::to_owned))
    }

    /// An attribute of all elements that fit the CSS selector.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let document = Html::parse_document(&self.html);
        document.select(&select(selector)).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    }

    /// The address of the link that says `text`.
    pub fn link(&self, text: &str) -> String {
        let document = Html::parse_document(&self.html);
        let found =
            document.select(&select("a[href]")).find(|link| plain(&link.text().collect::<String>()).contains(text));
        let link = found.unwrap_or_else(|| panic!("no link «{text}» at {}: {}", self.url, self.text()));
        link.attr("href").unwrap_or_default().to_owned()
    }

    /// The form whose action ends so (an empty action is the page's own address).
    pub fn form(&self, action: &str) -> Form {
        let document = Html::parse_document(&self.html);
        let fits = |form: &ElementRef| self.action_of(form).path().ends_with(action);
        let found = document.select(&select("form")).find(fits);
        let form = found.unwrap_or_else(|| panic!("no form to {action} at {}: {}", self.url, self.html));
        self.read(&form)
    }

    /// The form with a button that says `text`; the button's own value is sent, too.
    pub fn form_with_button(&self, text: &str) -> Form {
        let document = Html::parse_document(&self.html);
        for form in document.select(&select("form")) {
            for button in form.select(&select("button")) {
                if plain(&button.text().collect::<String>()) == text {
                    let mut read = self.read(&form);
                    if let Some(action) = button.attr("formaction") {
                        read.action = self.url.join(action).unwrap_or_else(|error| panic!("{action}: {error}"));
                    }
                    if let Some(name) = button.attr("name") {
                        read.fields.push((name.to_owned(), button.attr("value").unwrap_or_default().to_owned()));
                    }
                    return read;
                }
            }
        }
        panic!("no form with a button «{text}» at {}: {}", self.url, self.text())
    }

    fn action_of(&self, form: &ElementRef) -> Url {
        let action = form.attr("action").unwrap_or_default();
        if action.is_empty() {
            return self.url.clone();
        }
        self.url.join(action).unwrap_or_else(|error| panic!("{action}: {error}"))
    }

    fn read(&self, form: &ElementRef) -> Form {
        let method = form.attr("method").unwrap_or("get").to_ascii_uppercase();
        let named = select("input[name], textarea[name], select[name]");
        let fields: Vec<ElementRef> = form.select(&named).collect();
        Form {
            method: Method::from_bytes(method.as_bytes()).expect("forms have methods"),
            action: self.action_of(form),
            names: fields.iter().filter_map(|field| field.attr("name")).map(str::to_owned).collect(),
            fields: fields.iter().flat_map(values).collect(),
            is_multipart: form.attr("enctype") == Some("multipart/form-data"),
            files: Vec::new(),
        }
    }
}

/// What a browser would send for the field as it stands.
fn values(field: &ElementRef) -> Vec<(String, String)> {
    let name = field.attr("name").unwrap_or_default().to_owned();
    let is_off = field.attr("disabled").is_some();
    let kind = field.attr("type").unwrap_or("text");
    if is_off || ["submit", "button", "file", "image"].contains(&kind) {
        return Vec::new();
    }
    match field.value().name() {
        "textarea" => vec![(name, field.text().collect::<String>().trim_start_matches('\n').to_owned())],
        "select" => {
            let (options, chosen) = (select("option"), select("option[selected]"));
            let option = field.select(&chosen).next().or_else(|| field.select(&options).next());
            option.map(|option| (name, option_value(&option))).into_iter().collect()
        }
        _ if ["checkbox", "radio"].contains(&kind) && field.attr("checked").is_none() => Vec::new(),
        _ if ["checkbox", "radio"].contains(&kind) => vec![(name, field.attr("value").unwrap_or("on").to_owned())],
        _ => vec![(name, field.attr("value").unwrap_or_default().to_owned())],
    }
}

fn option_value(option: &ElementRef) -> String {
    option.attr("value").map_or_else(|| plain(&option.text().collect::<String>()), str::to_owned)
}

impl Form {
    /// Writes a value into the field of this name, which must be there.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        assert!(self.names.contains(name), "the form has no field {name}; it has {:?}", self.names);
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds one more value of this name, as ticking one of several boxes does.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Unticks or leaves out the field of this name.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// Chooses a file.
    #[must_use]
    pub fn with_file(mut self, name: &str, file: &str, bytes: &[u8]) -> Self {
        self.files.push((name.to_owned(), file.to_owned(), bytes.to_vec()));
        self
    }

    /// The value the field of this name stands at.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
