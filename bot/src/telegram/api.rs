//! One call of the bot API, without retries and without waiting: what happened is the caller's business.

use std::{fmt, time::Duration};

use opora_core::{foundation::config, messaging::sender::MOST_IN_FLIGHT};
use reqwest::{
    Url,
    header::{CONTENT_TYPE, HeaderValue},
    redirect::Policy,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use teloxide::requests::Payload;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const CALL_LIMIT: Duration = Duration::from_secs(20);
/// A file that stands still for so long is given up.
const READ_LIMIT: Duration = Duration::from_mins(1);

/// The bot API of one bot. Its addresses contain the token, so they never appear in errors or logs.
#[derive(Clone)]
pub struct Api {
    client: reqwest::Client,
    methods: Url,
    files: String,
}

/// Why a bot cannot be reached at all.
#[derive(Debug, thiserror::Error)]
pub enum NoApi {
    /// The settings name no address.
    #[error("telegram.api_url: not an address")]
    Address,
    /// No connections can be made.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api(…)")
    }
}

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// Telegram said no.
    Refused {
        /// HTTP-like code: 400, 401, 403, 404, 409, 429…
        code: u16,
        /// In its own words.
        description: String,
        /// For 429: when to come again.
        retry_after: Option<Duration>,
    },
    /// It never got there.
    NotSent(String),
    /// It was not taken, and may be later: the server is in trouble (5xx), or something in between keeps us from it.
    Down(String),
    /// It may have been taken: no answer, or one that makes no sense.
    Unknown(String),
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { code, description, .. } => write!(f, "{code} {description}"),
            Self::NotSent(why) | Self::Down(why) | Self::Unknown(why) => f.write_str(why),
        }
    }
}

impl CallError {
    /// Whether Telegram does not know this bot: a wrong token.
    pub fn is_no_entry(&self) -> bool {
        matches!(self, Self::Refused { code: 401 | 404, .. })
    }
}

#[derive(Deserialize)]
struct Answer<R> {
    ok: bool,
    result: Option<R>,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
}

impl Api {
    /// Reaches the bot of this configuration.
    pub fn new(config: &config::Messenger) -> Result<Self, NoApi> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_LIMIT)
            .read_timeout(READ_LIMIT)
            .pool_max_idle_per_host(MOST_IN_FLIGHT)
            .tcp_nodelay(true)
            // Telegram sends nobody elsewhere; a portal that wants somebody to sign in does.
            .redirect(Policy::none())
            .user_agent(concat!("opora/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let (server, token) = (config.api_url.trim_end_matches('/'), config.token.reveal());
        // Read once: it costs as much as writing the message.
        let methods = Url::parse(&format!("{server}/bot{token}/")).map_err(|_| NoApi::Address)?;
        Ok(Self { client, methods, files: format!("{server}/file/bot{token}/") })
    }

    /// Calls the payload's method and reads its result as `R`: a caller who needs little of it reads little.
    pub async fn call<P: Payload + Serialize, R: DeserializeOwned>(&self, payload: &P) -> Result<R, CallError> {
        self.call_within(payload, CALL_LIMIT).await
    }

    /// The same with another time limit, for long polling.
    pub async fn call_within<P, R>(&self, payload: &P, limit: Duration) -> Result<R, CallError>
    where
        P: Payload + Serialize,
        R: DeserializeOwned,
    {
        let body = serde_json::to_vec(payload).map_err(|error| CallError::NotSent(error.to_string()))?;
        let response = self
            .client
            .post(self.methods.join(&method(P::NAME)).map_err(|error| CallError::NotSent(error.to_string()))?)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .timeout(limit)
            .body(body)
            .send()
            .await
            .map_err(trouble)?;
        let status = response.status();
        let body = response.bytes().await.map_err(trouble)?;
        read(status.as_u16(), &body)
    }

    /// Begins to fetch a file by its path.
    pub async fn download(&self, path: &str) -> Result<reqwest::Response, CallError> {
        let response = self.client.get(self.files.clone() + path).send().await.map_err(trouble)?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let description = status.to_string();
        if status.is_server_error() {
            return Err(CallError::Down(description));
        }
        Err(CallError::Refused { code: status.as_u16(), description, retry_after: None })
    }
}

/// Telegram's method names begin with a small letter, teloxide's do not.
fn method(name: &str) -> String {
    let mut signs = name.chars();
    signs.next().map(|first| first.to_ascii_lowercase().to_string() + signs.as_str()).unwrap_or_default()
}

fn trouble(error: reqwest::Error) -> CallError {
    // The address contains the token.
    let error = error.without_url();
    let mut why = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        why = format!("{why}: {inner}");
        cause = inner.source();
    }
    if error.is_connect() || error.is_builder() { CallError::NotSent(why) } else { CallError::Unknown(why) }
}

fn read<R: DeserializeOwned>(status: u16, body: &[u8]) -> Result<R, CallError> {
    let Ok(answer) = serde_json::from_slice::<Answer<R>>(body) else { return Err(not_telegram(status)) };
    if answer.ok {
        return answer.result.ok_or_else(|| CallError::Unknown("an answer without a result".to_owned()));
    }
    // A refusal was not taken, whoever says it. Without a reason it may pass.
    let code = answer.error_code.unwrap_or(if status < 400 { 500 } else { status });
    let description = answer.description.unwrap_or_default();
    if code >= 500 {
        return Err(CallError::Down(format!("{code} {description}")));
    }
    let retry_after = answer.parameters.and_then(|it| it.retry_after).map(Duration::from_secs);
    Err(CallError::Refused { code, description, retry_after })
}

/// An answer that is none of Telegram's: of a proxy, a portal, or cut off. What it says of the person or the message means nothing;
/// all that counts is whether the call can have got through.
fn not_telegram(status: u16) -> CallError {
    let why = format!("status {status} with an answer that is not Telegram's");
    match status {
        // No such bot or address; or slower, please: these hold for whatever stands there.
        401 | 404 | 429 => CallError::Refused { code: status, description: why, retry_after: None },
        // Waited in vain for us or for the server behind it; or that server answered nonsense.
        408 | 500..=502 | 504.. => CallError::Unknown(why),
        // Turned away at the door: the call went no further.
        300..=499 | 503 => CallError::Down(why),
        _ => CallError::Unknown(why),
    }
}
