//! What a measuring script may ask and tell the program `fake-telegram`, by HTTP under `/fake/`.
//!
//! `GET /fake/stats` (calls by method), `GET /fake/log` (one line a message: microseconds, chat, text),
//! `POST /fake/says` `{"chat":1,"text":"…"}`, `POST /fake/presses` `{"chat":1,"label":"…"}`, `POST /fake/press-all`
//! `{"label":"…"}`, `POST /fake/order` `{"trouble":{"too_many":{"retry_after":3}},"chat":1,"method":"…","times":1}`,
//! `POST /fake/behave`.

use std::fmt::Write;

use axum::{
    body::Body,
    http::{Request, Response},
};
use serde_json::{Value, json};

use super::{
    Chat, Shared,
    orders::{Order, Trouble},
    server::answer_with,
};

pub(crate) async fn answer(shared: &Shared, path: &str, request: Request<Body>) -> Response<Body> {
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap_or_default();
    let told: Value = serde_json::from_slice(&body).unwrap_or_default();
    let chat = Chat::new(shared, told["chat"].as_i64().unwrap_or_default());
    match path {
        "/fake/stats" => return answer_with(200, "application/json", stats(shared).to_string()),
        "/fake/log" => return answer_with(200, "text/plain; charset=utf-8", log(shared)),
        "/fake/says" => chat.says(told["text"].as_str().unwrap_or_default()),
        "/fake/presses" => {
            if !press(shared, told["chat"].as_i64().unwrap_or_default(), told["label"].as_str().unwrap_or_default()) {
                return answer_with(404, "text/plain", "no such button\n");
            }
        }
        "/fake/press-all" => {
            let pressed = press_all(shared, told["label"].as_str().unwrap_or_default());
            return answer_with(200, "application/json", json!({"pressed": pressed}).to_string());
        }
        "/fake/order" => {
            if let Err(error) = order(shared, &told) {
                return answer_with(400, "text/plain", format!("{error}\n"));
            }
        }
        "/fake/behave" => shared.change(|state| state.orders.clear()),
        _ => return answer_with(404, "text/plain", "no such page\n"),
    }
    answer_with(200, "text/plain", "done\n")
}

fn stats(shared: &Shared) -> Value {
    let state = shared.lock();
    json!({
        "calls": state.counts, "violations": state.limits.violations(), "waiting_updates": state.updates.len(),
        "chats": state.chats.len(), "readers": state.readers,
    })
}

fn log(shared: &Shared) -> String {
    let state = shared.lock();
    let mut log = String::with_capacity(state.lines.len() * 64);
    for (at, chat, text) in &state.lines {
        writeln!(log, "{}\t{chat}\t{}", at.timestamp_micros(), text.replace('\n', " ")).expect("text can be extended");
    }
    log
}

fn press(shared: &Shared, chat: i64, label: &str) -> bool {
    shared.change(|state| {
        let messages = &state.chat(chat).messages;
        let found = messages.iter().rev().find_map(|message| {
            let button = message.buttons.iter().flatten().find(|button| button.label == label)?;
            Some((message.clone(), button.data.clone()))
        });
        found.is_some_and(|(message, data)| {
            state.person_presses(&message, &data);
            true
        })
    })
}

fn press_all(shared: &Shared, label: &str) -> usize {
    let chats: Vec<i64> = shared.lock().chats.keys().copied().collect();
    chats.into_iter().filter(|chat| press(shared, *chat, label)).count()
}

fn order(shared: &Shared, told: &Value) -> Result<(), serde_json::Error> {
    let trouble: Trouble = serde_json::from_value(told["trouble"].clone())?;
    let mut order = Order::new(shared, trouble);
    if let Some(chat) = told["chat"].as_i64() {
        order = order.for_chat(chat);
    }
    if let Some(method) = told["method"].as_str() {
        order = order.for_method(method);
    }
    match told["times"].as_u64() {
        Some(times) => order.times(times.try_into().unwrap_or(u32::MAX)),
        None => order.until_told_otherwise(),
    }
    Ok(())
}
