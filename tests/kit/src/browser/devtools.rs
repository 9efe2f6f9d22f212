//! What chromium's developer tools can do beyond WebDriver: sizes, dark mode, pictures, the console.

use std::path::PathBuf;

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Url;
use serde_json::{Value, json};

use super::{Browser, expected};

/// Where pictures go: `target/screenshots` of the workspace.
const PICTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/screenshots");

/// A command below `/session/{id}/` that WebDriver does not know.
#[derive(Debug)]
struct Extra {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extra {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// How a person looks at a page: at a desk (1440×1000) or on a phone (390×844), light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// On a phone.
    pub is_phone: bool,
    /// With `prefers-color-scheme: dark`.
    pub is_dark: bool,
}

impl Look {
    /// At a light desk.
    pub const DESK: Self = Self { is_phone: false, is_dark: false };

    /// On a light phone.
    pub const PHONE: Self = Self { is_phone: true, is_dark: false };

    /// Every look.
    pub const ALL: [Self; 4] =
        [Self::DESK, Self { is_dark: true, ..Self::DESK }, Self::PHONE, Self { is_dark: true, ..Self::PHONE }];

    /// `desk-light`, `phone-dark` …
    pub fn name(self) -> String {
        let place = if self.is_phone { "phone" } else { "desk" };
        let shade = if self.is_dark { "dark" } else { "light" };
        format!("{place}-{shade}")
    }
}

impl Browser {
    /// Takes on this look.
    pub async fn looks(&self, look: Look) {
        let (width, height) = if look.is_phone { (390, 844) } else { (1440, 1000) };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": look.is_phone});
        self.tool("Emulation.setDeviceMetricsOverride", metrics).await;
        let shade = if look.is_dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": shade}]);
        self.tool("Emulation.setEmulatedMedia", json!({"features": features})).await;
    }

    /// Lets pages believe that their window is in front, else the focus would show only sometimes.
    pub(super) async fn is_in_front(&self) {
        self.tool("Emulation.setFocusEmulationEnabled", json!({"enabled": true})).await;
    }

    /// Without scripts, or with them again; counts from the next page on.
    pub async fn without_scripts(&self, is_without: bool) {
        self.tool("Emulation.setScriptExecutionDisabled", json!({"value": is_without})).await;
    }

    /// Pictures of the page in every look: `target/screenshots/<name>-desk-light.png` and so on. Returns where they are.
    /// Afterwards the window is a light desk again.
    pub async fn screenshot(&self, name: &str) -> Vec<PathBuf> {
        let mut pictures = Vec::new();
        for look in Look::ALL {
            self.looks(look).await;
            pictures.push(self.picture(&format!("{name}-{}", look.name())).await);
        }
        self.looks(Look::DESK).await;
        pictures
    }

    /// One picture of what can be seen now, as `target/screenshots/<name>.png`.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let answer = self.tool("Page.captureScreenshot", json!({"format": "png"})).await;
        let data = answer["data"].as_str().expect("a picture has data");
        let picture = STANDARD.decode(data).expect("a picture comes as base64");
        let path = PathBuf::from(PICTURES).join(format!("{name}.png"));
        std::fs::create_dir_all(PICTURES).expect("a folder for pictures can be made");
        std::fs::write(&path, picture).expect("a picture can be kept");
        path
    }

    /// Whether the page is wider than the window, so that a person must push it sideways.
    pub async fn must_be_pushed_sideways(&self) -> bool {
        let root = "document.documentElement";
        self.run(&format!("return {root}.scrollWidth > {root}.clientWidth")).await == json!(true)
    }

    /// What the page complained of in the console since the last look: scripts that failed, content that was blocked.
    pub async fn complaints(&self) -> Vec<String> {
        let entries =
            expected(self.client.issue_cmd(Extra { path: "se/log", body: json!({"type": "browser"}) }).await, "log");
        let severe = entries.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        severe.filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    async fn tool(&self, command: &str, params: Value) -> Value {
        let body = json!({"cmd": command, "params": params});
        expected(self.client.issue_cmd(Extra { path: "goog/cdp/execute", body }).await, command)
    }
}
