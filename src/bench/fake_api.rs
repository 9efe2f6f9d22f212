//! A stand-in for Telegram's bot API that costs next to nothing: it takes every message at once and notes when it came. Told to, it
//! is strict: whatever breaks the limits gets a 429. It works in a thread of its own, so that its cost is not taken for ours.

use std::{
    borrow::Cow,
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use chrono::TimeDelta;
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use opora_core::foundation::clock::{SharedClock, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::{net::TcpListener, sync::Notify};

/// The stand-in's thread.
pub const THREAD: &str = "stand-in";

/// What has arrived.
#[derive(Clone)]
pub struct FakeApi {
    clock: SharedClock,
    limits: Limits,
    seen: Arc<Mutex<Seen>>,
    news: Arc<Notify>,
}

/// How many messages a second it takes in all and in one chat; 0 = any number.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    pub all: u32,
    pub chat: u32,
}

#[derive(Default)]
struct Seen {
    messages: Vec<(u64, Timestamp)>,
    /// Somebody waits for so many.
    awaited: usize,
    refused: usize,
    /// The messages of the last second.
    recent: VecDeque<Timestamp>,
    recent_in_chat: HashMap<u64, VecDeque<Timestamp>>,
}

#[derive(Deserialize)]
struct Sent<'a> {
    chat_id: u64,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// An answer of the bot API.
#[derive(Serialize)]
struct Answer<R> {
    ok: bool,
    result: R,
}

/// A message as the API gives it back.
#[derive(Serialize)]
struct Message<'a> {
    message_id: usize,
    date: i64,
    chat: Chat,
    text: &'a str,
}

#[derive(Serialize)]
struct Chat {
    id: u64,
    #[serde(rename = "type")]
    kind: &'static str,
    first_name: &'static str,
}

impl FakeApi {
    /// Starts the server on a free port of this machine.
    pub fn start(clock: SharedClock, limits: Limits) -> Result<(Self, SocketAddr)> {
        let api = Self { clock, limits, seen: Arc::default(), news: Arc::default() };
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let serve = api.clone().serve(listener);
        std::thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || runtime.block_on(serve))
            .context("the stand-in's thread cannot be started")?;
        Ok((api, address))
    }

    async fn serve(self, listener: std::net::TcpListener) -> std::io::Result<()> {
        let listener = TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let api = self.clone();
            let service = service_fn(move |request| answer(api.clone(), request));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    }

    /// Waits until so many messages have arrived; gives all of them: the chat and the moment.
    pub async fn arrived(&self, count: usize) -> Vec<(u64, Timestamp)> {
        loop {
            let news = self.news.notified();
            {
                let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
                if seen.messages.len() >= count {
                    return seen.messages.clone();
                }
                seen.awaited = count;
            }
            news.await;
        }
    }

    /// How many messages were answered with 429.
    pub fn refused(&self) -> usize {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).refused
    }

    /// Takes a message and gives its number; `None` when it breaks the limits.
    fn take(&self, chat: u64) -> Option<usize> {
        let now = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Seen { recent, recent_in_chat, .. } = &mut *seen;
        // Without limits nothing is remembered: the memory would be taken for ours.
        let mut lines = Vec::new();
        if self.limits.chat > 0 {
            lines.push((recent_in_chat.entry(chat).or_default(), self.limits.chat));
        }
        if self.limits.all > 0 {
            lines.push((recent, self.limits.all));
        }
        if !lines.iter_mut().all(|(recent, limit)| has_room(recent, *limit, now)) {
            seen.refused += 1;
            return None;
        }
        for (recent, _) in lines {
            recent.push_back(now);
        }
        seen.messages.push((chat, now));
        // Waking whoever waits costs as much as a message, and he would be taken for ours.
        if seen.messages.len() >= seen.awaited {
            self.news.notify_one();
        }
        Some(seen.messages.len())
    }
}

fn has_room(recent: &mut VecDeque<Timestamp>, limit: u32, now: Timestamp) -> bool {
    while recent.front().is_some_and(|at| now - *at >= TimeDelta::seconds(1)) {
        recent.pop_front();
    }
    recent.len() < limit as usize
}

async fn answer(api: FakeApi, request: Request<Incoming>) -> hyper::Result<Response<Full<Bytes>>> {
    let method = request.uri().path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let body = request.into_body().collect().await?.to_bytes();
    let said = match method.as_str() {
        "sendmessage" => send(&api, &body),
        "getme" => ok(me()),
        "getupdates" => {
            // A long poll to which nothing ever comes.
            std::future::pending::<()>().await;
            ok(json!([]))
        }
        "getwebhookinfo" => ok(json!({"url": "", "has_custom_certificate": false, "pending_update_count": 0})),
        _ => ok(true),
    };
    let mut response = Response::new(Full::from(said));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

fn send(api: &FakeApi, body: &[u8]) -> Vec<u8> {
    let Ok(sent) = serde_json::from_slice::<Sent<'_>>(body) else {
        return text(&json!({"ok": false, "error_code": 400, "description": "Bad Request"}));
    };
    let Some(number) = api.take(sent.chat_id) else { return text(&too_many()) };
    let chat = Chat { id: sent.chat_id, kind: "private", first_name: "bench" };
    ok(Message { message_id: number, date: api.clock.now().timestamp(), chat, text: &sent.text })
}

fn ok(result: impl Serialize) -> Vec<u8> {
    text(&Answer { ok: true, result })
}

fn text(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("answers have text keys and no failing parts")
}

fn too_many() -> serde_json::Value {
    json!({
        "ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    })
}

fn me() -> serde_json::Value {
    json!({
        "id": 1, "is_bot": true, "first_name": "Bench", "username": "bench_bot",
        "can_join_groups": false, "can_read_all_group_messages": false, "supports_inline_queries": false,
        "can_connect_to_business": false, "has_main_web_app": false,
    })
}
