//! The HTTP side: one small server without a router, so that a call costs microseconds.

use std::{future::pending, net::SocketAddr, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequest, Multipart},
    http::{Request as Http, Response, StatusCode, header},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Map, Value, json};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

use super::{
    Shared, control,
    methods::{self, Refusal, Request},
    orders::{self, Garbage, Trouble},
    state::Call,
};

/// Bodies of calls; the largest is an uploaded document.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// The connection breaks instead of an answer.
#[derive(Debug)]
pub(crate) struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken on order")
    }
}

impl std::error::Error for Broken {}

/// Listens on `address`; all connections end with the returned task.
pub(crate) async fn start(address: SocketAddr, shared: Arc<Shared>) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind(address).await.unwrap_or_else(|error| panic!("listening on {address}: {error}"));
    let address = listener.local_addr().expect("a bound socket has an address");
    (address, tokio::spawn(accept(listener, shared)))
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut tasks = JoinSet::new();
    tasks.spawn(push_to_webhook(shared.clone()));
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        // Small answers must not wait for more of them.
        stream.set_nodelay(true).unwrap_or_default();
        let shared = shared.clone();
        tasks.spawn(async move {
            let service = service_fn(move |request| {
                let shared = shared.clone();
                async move { answer(&shared, request).await }
            });
            let connection =
                http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
            // An error is a broken connection: the bot's business.
            drop(connection.await);
        });
        while tasks.try_join_next().is_some() {}
    }
}

async fn answer(shared: &Shared, request: Http<Incoming>) -> Result<Response<Body>, Broken> {
    let path = request.uri().path().to_owned();
    let request = request.map(Body::new);
    if let Some(rest) = path.strip_prefix("/file/bot") {
        // teloxide writes the slashes within a file's path so; the original takes both.
        let rest = rest.replace("%2F", "/");
        return file(shared, rest.split_once('/').map_or("", |(_, path)| path)).await;
    }
    if let Some((_, method)) = path.strip_prefix("/bot").and_then(|rest| rest.split_once('/')) {
        let call = Request { method: method.to_owned(), params: parameters(request).await };
        return api(shared, call).await;
    }
    Ok(control::answer(shared, &path, request).await)
}

async fn api(shared: &Shared, request: Request) -> Result<Response<Body>, Broken> {
    let trouble = shared.change(|state| {
        let ordered = orders::due(&mut state.orders, &request.method, request.chat());
        ordered.or_else(|| state.chaos.trouble(&request.method))
    });
    let outcome = match &trouble {
        Some(trouble) if !trouble.lets_through() => Err(refusal(trouble)),
        _ => perform(shared, &request).await,
    };
    let was_taken = outcome.is_ok();
    let (status, body) = match outcome {
        Ok(result) => (200, json!({"ok": true, "result": result})),
        Err(Refusal(status, description)) => (status, refused(status, &description)),
    };
    let is_lost = matches!(trouble, Some(Trouble::Hang | Trouble::DropBefore | Trouble::DropAfter));
    let is_idle_poll = request.method.eq_ignore_ascii_case("getUpdates") && body["result"] == json!([]);
    if !is_idle_poll {
        let at = shared.clock.now();
        let (chat, status) = (request.chat(), if is_lost { 0 } else { status });
        shared.change(|state| {
            state.note(Call { method: request.method, params: request.params, chat, at, status, was_taken });
        });
    }
    match trouble {
        Some(Trouble::Hang) => pending().await,
        Some(Trouble::DropBefore | Trouble::DropAfter) => Err(Broken),
        Some(Trouble::Garbage(how)) => Ok(garbled(how, body.to_string())),
        Some(Trouble::ProxyRefuses) => Ok(answer_with(403, "text/html", "<html>Access denied by our proxy</html>")),
        Some(Trouble::Gateway { .. }) => Ok(answer_with(502, "text/html", "<html>502 Bad Gateway</html>")),
        Some(Trouble::Portal) => {
            let mut response = answer_with(302, "text/html", "<html>Please sign in</html>");
            response.headers_mut().insert(header::LOCATION, header::HeaderValue::from_static("/portal"));
            Ok(response)
        }
        _ => Ok(answer_with(status, "application/json", body.to_string())),
    }
}

async fn perform(shared: &Shared, request: &Request) -> Result<Value, Refusal> {
    if request.method.eq_ignore_ascii_case("getUpdates") {
        return methods::get_updates(shared, request).await;
    }
    methods::perform(shared, request)
}

fn refusal(trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::TooMany { retry_after } => Refusal(429, format!("Too Many Requests: retry after {retry_after}")),
        Trouble::Blocked => Refusal(403, "Forbidden: bot was blocked by the user".to_owned()),
        Trouble::BadRequest(description) => Refusal(400, format!("Bad Request: {description}")),
        Trouble::Unauthorized => Refusal(401, "Unauthorized".to_owned()),
        Trouble::ServerError => Refusal(502, "Bad Gateway".to_owned()),
        Trouble::Hang
        | Trouble::DropBefore
        | Trouble::DropAfter
        | Trouble::Garbage(_)
        | Trouble::ProxyRefuses
        | Trouble::Portal
        | Trouble::Gateway { .. } => Refusal(0, "no answer".to_owned()),
    }
}

/// The answer as it comes out of a bad line.
fn garbled(how: Garbage, mut answer: String) -> Response<Body> {
    let half = (0..=answer.len() / 2).rev().find(|at| answer.is_char_boundary(*at)).unwrap_or_default();
    match how {
        Garbage::Page => answer_with(200, "text/html", "<html>Welcome to our proxy</html>"),
        Garbage::Half => {
            answer.truncate(half);
            answer_with(200, "application/json", answer)
        }
        Garbage::BrokenOff => {
            answer.truncate(half);
            let parts = futures::stream::iter([Ok(answer.into_bytes()), Err(Broken)]);
            answer_with(200, "application/json", Body::from_stream(parts))
        }
        Garbage::WrongShape => answer_with(200, "application/json", r#"{"ok":true,"result":["as you like it"]}"#),
        Garbage::Empty => answer_with(200, "application/json", ""),
    }
}

/// The body of a refusal; one about too many requests says in a field, too, how long to wait.
fn refused(status: u16, description: &str) -> Value {
    let mut body = json!({"ok": false, "error_code": status, "description": description});
    if let Some(seconds) = description.strip_prefix("Too Many Requests: retry after ") {
        body["parameters"] = json!({"retry_after": seconds.parse::<u64>().unwrap_or(1)});
    }
    body
}

async fn file(shared: &Shared, path: &str) -> Result<Response<Body>, Broken> {
    match shared.change(|state| orders::due(&mut state.orders, "download", None)) {
        Some(Trouble::Hang) => return pending().await,
        Some(Trouble::DropBefore | Trouble::DropAfter) => return Err(Broken),
        Some(trouble) => {
            let Refusal(status, text) = refusal(&trouble);
            return Ok(answer_with(status, "application/json", refused(status, &text).to_string()));
        }
        None => {}
    }
    let found = shared.lock().files.values().find(|file| file.path == path).map(|file| file.bytes.clone());
    Ok(match found {
        Some(bytes) => answer_with(200, "application/octet-stream", bytes),
        None => answer_with(404, "application/json", refused(404, "Not Found").to_string()),
    })
}

pub(crate) fn answer_with(status: u16, kind: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    response
}

/// The parameters of a call, whichever way they came: JSON, form, multipart or in the address.
async fn parameters(request: Http<Body>) -> Value {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return multipart(request).await.unwrap_or_default();
    }
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    let body = axum::body::to_bytes(request.into_body(), BODY_LIMIT).await.unwrap_or_default();
    match serde_json::from_slice::<Value>(&body) {
        Ok(params @ Value::Object(_)) => params,
        _ if is_form => pairs(&String::from_utf8_lossy(&body)),
        _ => pairs(&query),
    }
}

fn pairs(query: &str) -> Value {
    let address = reqwest::Url::parse(&format!("http://form/?{query}"));
    let pairs = address.map(|address| address.query_pairs().into_owned().collect::<Vec<_>>()).unwrap_or_default();
    Value::Object(pairs.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
}

async fn multipart(request: Http<Body>) -> Option<Value> {
    let mut form: Multipart = Multipart::from_request(request, &()).await.ok()?;
    let mut params = Map::new();
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name()?.to_owned();
        let value = match field.file_name().map(str::to_owned) {
            Some(file) => json!({"file_name": file, "size": field.bytes().await.ok()?.len()}),
            None => Value::String(field.text().await.ok()?),
        };
        params.insert(name, value);
    }
    // teloxide sends the file under a name of its own and refers to it.
    let reference = params.get("document").and_then(Value::as_str).and_then(|text| text.strip_prefix("attach://"));
    if let Some(file) = reference.and_then(|name| params.get(name)).cloned() {
        params.insert("document".to_owned(), file);
    }
    Some(Value::Object(params))
}

/// Pushes updates to the webhook, one after the other, each until it is taken.
async fn push_to_webhook(shared: Arc<Shared>) {
    let client = reqwest::Client::new();
    let mut changes = shared.changes.subscribe();
    loop {
        changes.borrow_and_update();
        let next = {
            let state = shared.lock();
            state.webhook.clone().zip(state.updates.front().cloned())
        };
        let Some((webhook, (id, update))) = next else {
            changes.changed().await.expect("the sender lives in shared");
            continue;
        };
        let mut request = client.post(&webhook.url).json(&update);
        if let Some(secret) = &webhook.secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        if request.send().await.is_ok_and(|answer| answer.status().is_success()) {
            shared.change(|state| state.updates.retain(|(queued, _)| *queued != id));
        } else {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }
}
