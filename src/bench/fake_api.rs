//! A stand-in for Telegram's bot API that costs next to nothing: it takes every message at once and notes when it came. Told to, it
//! is strict: whatever breaks the limits gets a 429. It works in a thread of its own, so that its cost is not taken for ours.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    routing::post,
};
use chrono::TimeDelta;
use opora_core::foundation::clock::{SharedClock, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
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
struct Sent {
    chat_id: u64,
    text: String,
}

impl FakeApi {
    /// Starts the server on a free port of this machine.
    pub fn start(clock: SharedClock, limits: Limits) -> Result<(Self, SocketAddr)> {
        let api = Self { clock, limits, seen: Arc::default(), news: Arc::default() };
        let router = Router::new().route("/{bot}/{method}", post(answer)).with_state(api.clone());
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let serve = async move { axum::serve(TcpListener::from_std(listener)?, router).await };
        std::thread::Builder::new()
            .name(THREAD.to_owned())
            .spawn(move || runtime.block_on(serve))
            .context("the stand-in's thread cannot be started")?;
        Ok((api, address))
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

async fn answer(State(api): State<FakeApi>, Path((_, method)): Path<(String, String)>, body: Bytes) -> Json<Value> {
    let result = match method.to_ascii_lowercase().as_str() {
        "sendmessage" => match serde_json::from_slice::<Sent>(&body) {
            Ok(sent) => match api.take(sent.chat_id) {
                Some(number) => message(&api, number, &sent),
                None => return Json(too_many()),
            },
            Err(_) => return Json(json!({"ok": false, "error_code": 400, "description": "Bad Request"})),
        },
        "getme" => me(),
        "getupdates" => {
            // A long poll to which nothing ever comes.
            std::future::pending::<()>().await;
            json!([])
        }
        "getwebhookinfo" => json!({"url": "", "has_custom_certificate": false, "pending_update_count": 0}),
        _ => json!(true),
    };
    Json(json!({"ok": true, "result": result}))
}

fn too_many() -> Value {
    json!({
        "ok": false, "error_code": 429, "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    })
}

fn message(api: &FakeApi, number: usize, sent: &Sent) -> Value {
    json!({
        "message_id": number,
        "date": api.clock.now().timestamp(),
        "chat": {"id": sent.chat_id, "type": "private", "first_name": "bench"},
        "text": sent.text,
    })
}

fn me() -> Value {
    json!({
        "id": 1, "is_bot": true, "first_name": "Bench", "username": "bench_bot",
        "can_join_groups": false, "can_read_all_group_messages": false, "supports_inline_queries": false,
        "can_connect_to_business": false, "has_main_web_app": false,
    })
}
