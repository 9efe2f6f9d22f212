//! What the operator decides: `opora.toml` and environment variables `OPORA_…` (the environment wins), read once at start.
//!
//! A table of the file becomes a prefix: `[telegram] token` is `OPORA_TELEGRAM_TOKEN`. Everything has a default that works.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use chrono::TimeDelta;
use chrono_tz::Tz;
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use super::secrets::Secret;

/// Tables of the file whose names are prefixes of variables.
const TABLES: [&str; 10] =
    ["telegram", "max", "web_chat", "admin", "terms", "labels", "sections", "patronage", "mail", "consent"];

/// The whole configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `sqlite://…` or `postgres://…`; empty means `opora.db` in the data folder.
    pub database_url: Secret,
    /// Folder of the embedded database, the uploads and the key file.
    pub data_dir: PathBuf,
    /// Address the panel listens on.
    pub listen: SocketAddr,
    /// Address under which browsers reach the panel, for links in letters; empty means `http://<listen>`.
    pub public_url: String,
    /// Filter of the log, in the syntax of `tracing` (`info`, `opora=debug,warn`).
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Lets `/metrics` be read from other machines with `Authorization: Bearer …`; empty means only from this one.
    pub metrics_token: Secret,
    /// Address that is asked for every minute while all is well; empty means none. It is a secret: whoever knows it can pretend.
    pub heartbeat_url: Secret,
    /// Language of the bot, of letters and of new browsers: `ru` or `en`.
    pub locale: String,
    /// Full name of the product (PT-001); empty means the one of the language, message `product-name`.
    pub product_name: String,
    /// Working name, for narrow places (PT-001); empty means `product-short-name`.
    pub product_short_name: String,
    /// The installation's time zone.
    pub time_zone: Tz,
    /// Modules switched on.
    pub modules: Vec<String>,
    /// Whether citizens are reached by messengers at all (PT-011).
    pub bot_mode: BotMode,
    /// Telegram.
    pub telegram: Messenger,
    /// MAX.
    pub max: Messenger,
    /// The web chat.
    pub web_chat: WebChat,
    /// The administrator's first credentials.
    pub admin: Admin,
    /// Words for citizen and curator (PT-002, PT-003).
    pub terms: Terms,
    /// Renamed functions (PT-005): Fluent key to text.
    pub labels: BTreeMap<String, String>,
    /// Optional sections (PT-010).
    pub sections: Sections,
    /// Rules of patronage.
    pub patronage: Patronage,
    /// Consent to the processing of personal data.
    pub consent: Consent,
    /// Rules of mail.
    pub mail: Mail,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Whether citizens are reached by messengers (PT-011, PT-D18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BotMode {
    /// Through Telegram when it has a token, and the web chat.
    On,
    /// Not at all: everything works by hand.
    Off,
}

/// How to reach a messenger's bot API.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Messenger {
    /// The bot's token; empty switches the messenger off.
    pub token: Secret,
    /// Address of the bot API.
    pub api_url: String,
    /// Messages a second in all (0 = no limit).
    pub rate: f64,
    /// Messages a second to one chat (0 = no limit).
    pub chat_rate: f64,
    /// Public HTTPS address to which the messenger shall push updates; empty means long polling.
    pub webhook_url: String,
    /// Take the bot over even if another address holds its webhook.
    pub take_over_webhook: bool,
}

impl Default for Messenger {
    fn default() -> Self {
        Self {
            token: Secret::default(),
            api_url: String::new(),
            rate: 25.0,
            chat_rate: 1.0,
            webhook_url: String::new(),
            take_over_webhook: false,
        }
    }
}

/// The citizens' chat in the browser.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebChat {
    /// Whether it is offered.
    pub enabled: bool,
}

/// The administrator's first credentials; without a password a one-time password is printed (PT-024).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admin {
    /// Login.
    pub login: String,
    /// Password; empty means "draw one and print it".
    pub password: Secret,
}

/// The term sets in use: names of files in `locales/terms` or of files given by path.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Terms {
    /// The word for the people looked after: `user`, `resident`, `patient`, `client` or a path to a `.toml` file.
    pub citizen: String,
    /// The word for those who look after them: `social_curator_short`, `social_curator`, `social_coordinator`, `doctor` or a path.
    pub curator: String,
}

/// Optional sections (PT-010).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are switches")]
pub struct Sections {
    /// «Районы».
    pub districts: bool,
    /// «Типы сообщений (файлов)».
    pub file_types: bool,
    /// «Особые группы».
    pub special_groups: bool,
    /// «Отклонения».
    pub deviations: bool,
    /// The record «без назначений (2 дня)».
    pub no_assignments_monitor: bool,
}

/// Whose citizens a curator sees (PT-D05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CuratorVisibility {
    /// Only those assigned to him.
    Own,
    /// Everybody's.
    All,
}

/// Rules of patronage that an installation may change (section 2.1 of the spec).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Patronage {
    /// Life of an activation code in hours, 1 … 720.
    pub activation_code_hours: i64,
    /// How late a reminder may still be sent, minutes, 0 … 1440.
    pub late_send_grace_minutes: i64,
    /// How long a reminder waits before it counts as a deviation, minutes, 0 … 1440.
    pub deviation_grace_minutes: i64,
    /// Whose citizens a curator sees.
    pub curator_visibility: CuratorVisibility,
    /// Largest file a citizen may send, megabytes.
    pub file_limit_megabytes: u64,
    /// Files are refused while less of the disk is free, megabytes (PT-D20).
    pub disk_reserve_megabytes: u64,
    /// Answer an unknown login like a wrong password (PT-D03).
    pub uniform_sign_in_error: bool,
    /// Show the curator's Telegram name to citizens (PT-053).
    pub show_curator_telegram: bool,
    /// Tell citizens who looks after them after a transfer (PT-D11).
    pub notify_on_transfer: bool,
}

/// Consent to the processing of personal data, asked by the bot.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Consent {
    /// Ask before an account is connected; whoever does not agree gets nothing but the question.
    pub required: bool,
    /// What is agreed to; empty means the text of the language, message `consent-text`.
    pub text: String,
}

/// Rules of mail.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// Allow an unencrypted connection to the mail server (for one on the same machine).
    pub allow_plain: bool,
    /// PEM file of an additional certificate authority to trust.
    pub ca_file: Option<PathBuf>,
    /// One letter a day to each curator whose records in «Активность» wait for a tick (PT-D51).
    pub daily_digest: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: Secret::default(),
            data_dir: PathBuf::from("./data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            metrics_token: Secret::default(),
            heartbeat_url: Secret::default(),
            locale: "ru".to_owned(),
            product_name: String::new(),
            product_short_name: String::new(),
            time_zone: chrono_tz::Europe::Moscow,
            modules: vec!["patronage".to_owned()],
            bot_mode: BotMode::On,
            telegram: Messenger { api_url: "https://api.telegram.org".to_owned(), ..Messenger::default() },
            max: Messenger::default(),
            web_chat: WebChat::default(),
            admin: Admin::default(),
            terms: Terms::default(),
            labels: BTreeMap::new(),
            sections: Sections::default(),
            patronage: Patronage::default(),
            consent: Consent::default(),
            mail: Mail::default(),
        }
    }
}

impl Default for WebChat {
    fn default() -> Self {
        Self { enabled: true }
    }
}

impl Default for Admin {
    fn default() -> Self {
        Self { login: "admin".to_owned(), password: Secret::default() }
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self { citizen: "user".to_owned(), curator: "social_curator_short".to_owned() }
    }
}

impl Default for Sections {
    fn default() -> Self {
        Self { districts: true, file_types: true, special_groups: true, deviations: true, no_assignments_monitor: true }
    }
}

impl Default for Patronage {
    fn default() -> Self {
        Self {
            activation_code_hours: 72,
            late_send_grace_minutes: 120,
            deviation_grace_minutes: 30,
            curator_visibility: CuratorVisibility::Own,
            file_limit_megabytes: 20,
            disk_reserve_megabytes: 200,
            uniform_sign_in_error: false,
            show_curator_telegram: false,
            notify_on_transfer: false,
        }
    }
}

/// A setting that cannot be used, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {mend}")]
pub struct Misconfiguration {
    /// The setting's name as the operator writes it.
    pub setting: String,
    /// What is wrong and what to write instead.
    pub mend: String,
}

impl Config {
    /// Reads `file` (if it exists) and the environment.
    pub fn load(file: &Path) -> Result<Self, Vec<Misconfiguration>> {
        let environment =
            Env::prefixed("OPORA_").ignore(&["config", "test_clock"]).map(|key| dotted(key.as_str()).into()).split(".");
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(environment)
            .extract()
            .map_err(|errors| errors.into_iter().map(|error| misconfiguration(&error)).collect())
    }

    /// The database's address, filled in when none is given.
    pub fn database_url(&self) -> Secret {
        if self.database_url.reveal().is_empty() {
            return Secret::new(format!("sqlite://{}", self.data_dir.join("opora.db").display()));
        }
        self.database_url.clone()
    }

    /// The panel's public address without a slash at its end.
    pub fn public_url(&self) -> String {
        if self.public_url.is_empty() {
            return format!("http://{}", self.listen);
        }
        self.public_url.trim_end_matches('/').to_owned()
    }

    /// Whether Telegram is in use.
    pub fn telegram_is_on(&self) -> bool {
        self.bot_mode == BotMode::On && !self.telegram.token.reveal().is_empty()
    }

    /// Whether the web chat is in use.
    pub fn web_chat_is_on(&self) -> bool {
        self.bot_mode == BotMode::On && self.web_chat.enabled
    }

    /// Life of an activation code.
    pub fn activation_code_life(&self) -> TimeDelta {
        TimeDelta::hours(self.patronage.activation_code_hours)
    }

    /// How late a reminder may still be sent (PT-D40).
    pub fn late_send_grace(&self) -> TimeDelta {
        TimeDelta::minutes(self.patronage.late_send_grace_minutes)
    }

    /// How long a reminder waits before it counts as a deviation (PT-D48).
    pub fn deviation_grace(&self) -> TimeDelta {
        TimeDelta::minutes(self.patronage.deviation_grace_minutes)
    }

    /// Largest file a citizen may send, bytes.
    pub fn file_limit(&self) -> u64 {
        self.patronage.file_limit_megabytes * 1024 * 1024
    }

    /// What is kept free on the disk of the uploads, bytes.
    pub fn disk_reserve(&self) -> u64 {
        self.patronage.disk_reserve_megabytes.saturating_mul(1024 * 1024)
    }

    /// Everything that is wrong with the values, each with its mend.
    pub fn misconfigurations(&self) -> Vec<Misconfiguration> {
        let mut found = Vec::new();
        let mut demand = |holds: bool, setting: &str, mend: &str| {
            if !holds {
                found.push(Misconfiguration { setting: setting.to_owned(), mend: mend.to_owned() });
            }
        };
        let rules = &self.patronage;
        demand(
            (1..=720).contains(&rules.activation_code_hours),
            "patronage.activation_code_hours",
            "give 1 … 720 hours",
        );
        demand(
            (0..=1440).contains(&rules.late_send_grace_minutes),
            "patronage.late_send_grace_minutes",
            "give 0 … 1440 minutes",
        );
        demand(
            (0..=1440).contains(&rules.deviation_grace_minutes),
            "patronage.deviation_grace_minutes",
            "give 0 … 1440 minutes",
        );
        demand(
            (1..=2000).contains(&rules.file_limit_megabytes),
            "patronage.file_limit_megabytes",
            "give 1 … 2000 megabytes",
        );
        let public_api = self.telegram.api_url.contains("api.telegram.org");
        demand(
            !public_api || rules.file_limit_megabytes <= 20,
            "patronage.file_limit_megabytes",
            "Telegram's public bot API lets bots download at most 20 MB: give 20 or less, or set telegram.api_url to your own bot API server",
        );
        demand(
            self.consent.text.chars().count() <= 3500,
            "consent.text",
            "give at most 3500 characters: messengers take no longer messages",
        );
        demand(["ru", "en"].contains(&self.locale.as_str()), "locale", "give ru or en");
        demand(
            self.modules.iter().all(|module| module == "patronage"),
            "modules",
            "this version knows the module patronage only",
        );
        demand(
            self.telegram.rate >= 0.0 && self.telegram.chat_rate >= 0.0,
            "telegram.rate",
            "give messages a second, 0 for no limit",
        );
        let web = |url: &str| url.starts_with("http://") || url.starts_with("https://");
        demand(
            self.public_url.is_empty() || web(&self.public_url),
            "public_url",
            "give an address that begins with http:// or https://",
        );
        demand(web(&self.telegram.api_url), "telegram.api_url", "give an address that begins with http:// or https://");
        let heartbeat = self.heartbeat_url.reveal();
        let host = heartbeat.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
        let is_address = web(heartbeat) && host.is_some_and(|host| !host.is_empty()) && !heartbeat.contains(' ');
        demand(
            heartbeat.is_empty() || is_address,
            "heartbeat_url",
            "give the whole address that the watching service names, such as https://hc.example/ping/…",
        );
        let url = self.database_url();
        let scheme = ["sqlite:", "postgres:", "postgresql:"].iter().any(|known| url.reveal().starts_with(known));
        demand(scheme, "database_url", "give sqlite://path/to/file or postgres://user:password@host/database");
        found
    }
}

/// Turns `telegram_api_url` into `telegram.api_url`.
fn dotted(variable: &str) -> String {
    let name = variable.to_ascii_lowercase();
    for table in TABLES {
        if let Some(rest) = name.strip_prefix(table).and_then(|rest| rest.strip_prefix('_')) {
            return format!("{table}.{rest}");
        }
    }
    name
}

fn misconfiguration(error: &figment::Error) -> Misconfiguration {
    let setting = if error.path.is_empty() { "opora.toml".to_owned() } else { error.path.join(".") };
    let mend = match setting.as_str() {
        "time_zone" => format!("{}: give a name of the IANA list, such as Europe/Moscow", error.kind),
        "listen" => format!("{}: give an address and a port, such as 127.0.0.1:8080", error.kind),
        _ => error.kind.to_string(),
    };
    Misconfiguration { setting, mend }
}
