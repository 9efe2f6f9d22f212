//! A real browser (Debian's chromium through its chromedriver), used the way a person uses it: by what can be read.
//!
//! ```text
//! let browser = Browser::start().await;
//! browser.open(&format!("{}/sign-in", opora.url())).await;
//! browser.fill("Логин", "admin").await;
//! browser.fill("Пароль", password).await;
//! browser.click("Войти").await;
//! browser.sees("Пользователи").await;
//! browser.screenshot("citizens").await;
//! ```

mod axe;
mod devtools;
mod driver;
mod keyboard;

use std::{fmt::Debug, future::Future, time::Duration};

use fantoccini::{
    Client, ClientBuilder,
    elements::{Element, ElementRef},
    error::CmdError,
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

pub use axe::Barrier;
pub use devtools::Look;
use driver::Driver;
pub use fantoccini::key::Key;

use crate::PATIENCE;

/// How long to wait before looking at the page again.
const GLANCE: Duration = Duration::from_millis(25);

/// Functions for scripts: what a person would call an element, whether it can be seen, and the field of a label.
const EYES: &str = r"
    const plain = text => (text || '').replace(/\s+/g, ' ').trim();
    // Without the star of a required field.
    const named = e => plain(e.getAttribute('aria-label') || e.innerText || e.value).replace(/ [*]$/, '');
    const seen = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
    const pick = (all, wanted) => all.find(e => named(e) === wanted) || all.find(e => named(e).includes(wanted)) || null;
    const wanted = plain(arguments[0]);
    // Behind an open window nothing can be reached.
    const root = document.querySelector('dialog[open]') || document;
";

const CLICKABLE: &str = r"
    const kinds = 'button, a[href], summary, label, input[type=submit], [role=button], [role=tab], [role=menuitem]';
    const all = root.querySelectorAll(kinds);
    return pick([...all].filter(e => seen(e) && !e.disabled), wanted);
";

const FIELD: &str = r"
    const label = pick([...root.querySelectorAll('label, legend')].filter(seen), wanted);
    const inside = label && (label.control || label.querySelector('input, select, textarea'));
    if (inside) return inside;
    return [...root.querySelectorAll('input, select, textarea')].filter(seen)
        .find(e => plain(e.getAttribute('aria-label')) === wanted || plain(e.placeholder) === wanted) || null;
";

/// Writes into fields that take no typing: dates, times, choices, ticks.
const WRITE: &str = r"
    const [field, value] = arguments;
    if (field.type === 'checkbox' || field.type === 'radio') {
        if (field.checked !== (value === 'on')) field.click();
        return true;
    }
    if (field.tagName === 'SELECT') {
        const option = [...field.options].find(o => o.text.replace(/\s+/g, ' ').trim() === value) ||
            [...field.options].find(o => o.value === value);
        if (!option) return false;
        field.value = option.value;
    } else {
        field.value = value;
    }
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
";

/// A browser window of its own, without history or cookies. Gone when dropped.
pub struct Browser {
    client: Client,
    _driver: Driver,
}

impl Browser {
    /// Starts chromedriver and one window, at the size of a desk.
    pub async fn start() -> Self {
        let driver = Driver::start().await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(driver::capabilities());
        let client = builder.connect(driver.url()).await.unwrap_or_else(|error| panic!("starting chromium: {error}"));
        let browser = Self { client, _driver: driver };
        browser.is_in_front().await;
        browser.looks(Look::DESK).await;
        browser
    }

    /// What this wrapper does not offer.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Opens a page.
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap_or_else(|error| panic!("opening {url}: {error}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("a page can be loaded again");
    }

    /// The address shown.
    pub async fn url(&self) -> String {
        self.client.current_url().await.expect("a page has an address").into()
    }

    /// The path of the address shown.
    pub async fn path(&self) -> String {
        self.client.current_url().await.expect("a page has an address").path().to_owned()
    }

    /// All text that can be seen.
    pub async fn text(&self) -> String {
        let text = self.client.execute("return document.body ? document.body.innerText : ''", Vec::new()).await;
        text.ok().and_then(|text| text.as_str().map(plain)).unwrap_or_default()
    }

    /// Clicks the button, link or label that says `text`; waits for it.
    pub async fn click(&self, text: &str) {
        self.until(&format!("«{text}» to click"), || async {
            let element = self.find(CLICKABLE, text).await?;
            element.click().await.ok()
        })
        .await;
    }

    /// Clicks what the CSS selector finds; for dots and other things without words.
    pub async fn click_on(&self, selector: &str) {
        self.until(&format!("{selector} to click"), || async {
            let element = self.client.find(fantoccini::Locator::Css(selector)).await.ok()?;
            element.click().await.ok()
        })
        .await;
    }

    /// Writes into the field with this label: typed, chosen or (with `on` and `off`) ticked.
    pub async fn fill(&self, label: &str, value: &str) {
        self.until(&format!("a field «{label}» that takes «{value}»"), || async {
            let field = self.find(FIELD, label).await?;
            self.write(&field, value).await
        })
        .await;
    }

    /// The value of the field with this label.
    pub async fn value(&self, label: &str) -> String {
        self.until(&format!("a field «{label}»"), || async {
            let field = self.find(FIELD, label).await?;
            field.prop("value").await.ok().flatten()
        })
        .await
    }

    /// Waits until `text` can be seen.
    pub async fn sees(&self, text: &str) {
        let wanted = plain(text);
        self.until(&format!("«{text}»"), || async { self.text().await.contains(&wanted).then_some(()) }).await;
    }

    /// Waits until `text` cannot be seen (any more).
    pub async fn does_not_see(&self, text: &str) {
        let gone = plain(text);
        self.until(&format!("no «{text}»"), || async { (!self.text().await.contains(&gone)).then_some(()) }).await;
    }

    /// Waits until something fits the CSS selector.
    pub async fn sees_element(&self, selector: &str) -> Element {
        self.until(selector, || async { self.client.find(fantoccini::Locator::Css(selector)).await.ok() }).await
    }

    /// Presses keys where the focus is; see [`fantoccini::key::Key`] for those without a letter.
    pub async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("something always has the focus");
        focused.send_keys(keys).await.expect("keys can be pressed");
    }

    /// Runs a script in the page and returns its value.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    async fn find(&self, search: &str, name: &str) -> Option<Element> {
        let found = self.client.execute(&format!("{EYES}{search}"), vec![json!(name)]).await.ok()?;
        // The name of an element's reference in WebDriver.
        let id = found.get("element-6066-11e4-a52e-4f735466cecf")?.as_str()?;
        Some(Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned())))
    }

    async fn write(&self, field: &Element, value: &str) -> Option<()> {
        let kind = field.prop("type").await.ok()?.unwrap_or_default();
        if ["text", "password", "email", "tel", "number", "search", "url", "textarea"].contains(&kind.as_str()) {
            field.clear().await.ok()?;
            return field.send_keys(value).await.ok();
        }
        if kind == "file" {
            return field.send_keys(value).await.ok();
        }
        let reference = serde_json::to_value(field).ok()?;
        let written = self.client.execute(WRITE, vec![reference, json!(value)]).await.ok()?;
        (written == json!(true)).then_some(())
    }

    /// Looks until there is something; after [`PATIENCE`] fails with what can be seen.
    async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, look: impl Fn() -> F) -> T {
        let search = async {
            loop {
                if let Some(found) = look().await {
                    return found;
                }
                tokio::time::sleep(GLANCE).await;
            }
        };
        let Ok(found) = tokio::time::timeout(PATIENCE, search).await else {
            panic!("{what} did not come at {}; seen: {}", self.url().await, self.text().await)
        };
        found
    }
}

/// Text with single spaces, as scripts compare it.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn expected<T>(outcome: Result<T, CmdError>, what: &(impl Debug + ?Sized)) -> T {
    outcome.unwrap_or_else(|error| panic!("{what:?}: {error}"))
}
