//! A stand-in for Telegram's bot API that costs next to nothing: it takes every message at once and notes when it came.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    routing::post,
};
use opora_core::foundation::clock::{SharedClock, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify};

/// What has arrived.
#[derive(Clone)]
pub struct FakeApi {
    clock: SharedClock,
    seen: Arc<Mutex<Vec<(u64, Timestamp)>>>,
    news: Arc<Notify>,
}

#[derive(Deserialize)]
struct Sent {
    chat_id: u64,
    text: String,
}

impl FakeApi {
    /// Starts the server on a free port of this machine.
    pub async fn start(clock: SharedClock) -> Result<(Self, SocketAddr)> {
        let api = Self { clock, seen: Arc::default(), news: Arc::default() };
        let router = Router::new().route("/{bot}/{method}", post(answer)).with_state(api.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok((api, address))
    }

    /// Waits until so many messages have arrived; gives all of them: the chat and the moment.
    pub async fn arrived(&self, count: usize) -> Vec<(u64, Timestamp)> {
        loop {
            let news = self.news.notified();
            {
                let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
                if seen.len() >= count {
                    return seen.clone();
                }
            }
            news.await;
        }
    }

    fn note(&self, chat: u64) -> usize {
        let now = self.clock.now();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push((chat, now));
        self.news.notify_one();
        seen.len()
    }
}

async fn answer(State(api): State<FakeApi>, Path((_, method)): Path<(String, String)>, body: Bytes) -> Json<Value> {
    let result = match method.to_ascii_lowercase().as_str() {
        "sendmessage" => match serde_json::from_slice::<Sent>(&body) {
            Ok(sent) => message(&api, &sent),
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

fn message(api: &FakeApi, sent: &Sent) -> Value {
    let number = api.note(sent.chat_id);
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
