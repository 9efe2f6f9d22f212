//! The methods of the bot API.

use serde_json::{Value, json};

use super::{
    Shared,
    state::{self, Button, Message, State, Webhook},
};
use opora_core::foundation::clock::Timestamp;

/// Largest file that bots may fetch, as at the original.
const FETCH_LIMIT: u64 = 20 * 1024 * 1024;

/// A call that was read: parameters by name.
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) params: Value,
}

/// A refusal: status and description.
pub(crate) struct Refusal(pub(crate) u16, pub(crate) String);

type Outcome = Result<Value, Refusal>;

fn bad(description: &str) -> Refusal {
    Refusal(400, format!("Bad Request: {description}"))
}

impl Request {
    /// The chat it is about.
    pub(crate) fn chat(&self) -> Option<i64> {
        self.number("chat_id")
    }

    fn number(&self, name: &str) -> Option<i64> {
        let value = self.params.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.params.get(name)?.as_str()
    }

    /// An object, also when it came as text within a form.
    fn object(&self, name: &str) -> Option<Value> {
        match self.params.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    }
}

/// Carries out a call that does not wait.
pub(crate) fn perform(shared: &Shared, request: &Request) -> Outcome {
    let now = shared.clock.now();
    shared.change(|state| match request.method.to_ascii_lowercase().as_str() {
        "getme" => Ok(me()),
        "sendmessage" => send(state, request, request.text("text").unwrap_or_default(), None, now),
        "senddocument" => send_document(state, request, now),
        "editmessagetext" => edit(state, request, request.text("text")),
        "editmessagereplymarkup" => edit(state, request, None),
        "answercallbackquery" => answer(state, request),
        "getfile" => get_file(state, request),
        "setwebhook" => Ok(set_webhook(state, request)),
        "deletewebhook" => Ok(forget_webhook(state, request)),
        "getwebhookinfo" => Ok(webhook_info(state)),
        "leavechat" => leave(state, request),
        "setmycommands" | "deletemycommands" | "setchatmenubutton" | "sendchataction" | "logout" | "close" => {
            Ok(json!(true))
        }
        _ => Err(Refusal(404, "Not Found".to_owned())),
    })
}

fn me() -> Value {
    let mut me = state::bot();
    for ability in
        ["can_join_groups", "can_read_all_group_messages", "supports_inline_queries", "can_connect_to_business"]
    {
        me[ability] = json!(ability == "can_join_groups");
    }
    me["has_main_web_app"] = json!(false);
    me
}

fn send(state: &mut State, request: &Request, text: &str, document: Option<String>, now: Timestamp) -> Outcome {
    let chat = request.chat().ok_or_else(|| bad("chat_id is empty"))?;
    check_text(text, document.is_some())?;
    let markup = request.object("reply_markup").unwrap_or_default();
    let buttons = buttons_of(&markup)?;
    if state.chat(chat).is_blocked {
        return Err(Refusal(403, "Forbidden: bot was blocked by the user".to_owned()));
    }
    if state.chat(chat).bot_has_left {
        return Err(Refusal(403, "Forbidden: bot is not a member of the supergroup chat".to_owned()));
    }
    if !state.limits.allow(chat, now) {
        return Err(Refusal(429, "Too Many Requests: retry after 1".to_owned()));
    }
    if let Some(menu) = menu_of(&markup) {
        state.chat(chat).menu = menu;
    }
    let message =
        Message { id: 0, chat, from_bot: true, text: text.to_owned(), buttons, is_edited: false, document, at: now };
    Ok(state.keep(message).json())
}

fn send_document(state: &mut State, request: &Request, now: Timestamp) -> Outcome {
    let document = request.params.get("document").ok_or_else(|| bad("there is no document in the request"))?;
    let name = document["file_name"].as_str().unwrap_or("document").to_owned();
    let size = document["size"].as_u64().unwrap_or_default();
    let mut sent = send(state, request, request.text("caption").unwrap_or_default(), Some(name.clone()), now)?;
    let mut shown = state.store_file(&name, b"", size);
    shown["file_name"] = json!(name);
    sent["document"] = shown;
    Ok(sent)
}

fn check_text(text: &str, may_be_empty: bool) -> Result<(), Refusal> {
    if text.trim().is_empty() && !may_be_empty {
        return Err(bad("message text is empty"));
    }
    if text.encode_utf16().count() > 4096 {
        return Err(bad("message is too long"));
    }
    Ok(())
}

fn buttons_of(markup: &Value) -> Result<Vec<Vec<Button>>, Refusal> {
    let rows = markup["inline_keyboard"].as_array().cloned().unwrap_or_default();
    let mut buttons = Vec::new();
    for row in rows {
        let mut labels = Vec::new();
        for button in row.as_array().cloned().unwrap_or_default() {
            let label = button["text"].as_str().unwrap_or_default().to_owned();
            let data = button["callback_data"].as_str().or(button["url"].as_str()).unwrap_or_default().to_owned();
            if label.is_empty() || data.is_empty() || data.len() > 64 {
                return Err(bad("BUTTON_DATA_INVALID"));
            }
            labels.push(Button { label, data });
        }
        buttons.push(labels);
    }
    Ok(buttons)
}

/// The menu a message brings (or takes away, the inner `None`), if it says anything about it.
#[expect(clippy::option_option, reason = "nothing said, taken away and given are three things")]
fn menu_of(markup: &Value) -> Option<Option<Vec<Vec<String>>>> {
    if markup["remove_keyboard"] == json!(true) {
        return Some(None);
    }
    let label = |button: &Value| button["text"].as_str().or(button.as_str()).unwrap_or_default().to_owned();
    let row = |row: &Value| row.as_array().map(|row| row.iter().map(label).collect()).unwrap_or_default();
    markup["keyboard"].as_array().map(|rows| Some(rows.iter().map(row).collect()))
}

fn edit(state: &mut State, request: &Request, text: Option<&str>) -> Outcome {
    let (chat, id) = (request.chat().unwrap_or_default(), request.number("message_id").unwrap_or_default());
    let buttons = buttons_of(&request.object("reply_markup").unwrap_or_default())?;
    if let Some(text) = text {
        check_text(text, false)?;
    }
    let mut messages = state.chat(chat).messages.iter_mut();
    let message = messages.find(|message| message.id == id && message.from_bot);
    let message = message.ok_or_else(|| bad("message to edit not found"))?;
    let text = text.unwrap_or(&message.text).to_owned();
    if message.text == text && message.buttons == buttons {
        return Err(bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a current \
             content and reply markup of the message",
        ));
    }
    message.text = text;
    message.buttons = buttons;
    message.is_edited = true;
    Ok(message.json())
}

fn answer(state: &mut State, request: &Request) -> Outcome {
    let press = request.text("callback_query_id").unwrap_or_default();
    let text = request.text("text").unwrap_or_default();
    if text.encode_utf16().count() > 200 {
        return Err(bad("MESSAGE_TOO_LONG"));
    }
    match state.presses.get_mut(press) {
        Some(answer @ None) => {
            *answer = Some(text.to_owned());
            Ok(json!(true))
        }
        _ => Err(bad("query is too old and response timeout expired or query ID is invalid")),
    }
}

fn get_file(state: &State, request: &Request) -> Outcome {
    let id = request.text("file_id").unwrap_or_default();
    let file = state.files.get(id).ok_or_else(|| bad("invalid file_id"))?;
    if file.size > FETCH_LIMIT {
        return Err(bad("file is too big"));
    }
    Ok(json!({"file_id": id, "file_unique_id": format!("unique-{id}"), "file_size": file.size, "file_path": file.path}))
}

fn set_webhook(state: &mut State, request: &Request) -> Value {
    let url = request.text("url").unwrap_or_default();
    if url.is_empty() {
        return forget_webhook(state, request);
    }
    state.wanted = kinds(request);
    state.webhook = Some(Webhook { url: url.to_owned(), secret: request.text("secret_token").map(str::to_owned) });
    json!(true)
}

fn forget_webhook(state: &mut State, request: &Request) -> Value {
    state.webhook = None;
    if request.params["drop_pending_updates"] == json!(true) {
        state.updates.clear();
    }
    json!(true)
}

fn webhook_info(state: &State) -> Value {
    let url = state.webhook.as_ref().map_or("", |webhook| &webhook.url);
    json!({"url": url, "has_custom_certificate": false, "pending_update_count": state.updates.len()})
}

fn leave(state: &mut State, request: &Request) -> Outcome {
    let chat = request.chat().ok_or_else(|| bad("chat_id is empty"))?;
    if chat > 0 {
        return Err(bad("chat member status can't be changed in private chats"));
    }
    state.chat(chat).bot_has_left = true;
    Ok(json!(true))
}

/// Kinds of updates that `getUpdates` or `setWebhook` asks for.
pub(crate) fn kinds(request: &Request) -> Vec<String> {
    let kinds = request.object("allowed_updates").unwrap_or_default();
    kinds.as_array().map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned).collect()).unwrap_or_default()
}

/// `getUpdates`: confirms what stands before `offset`, then waits until there is something or the time is over.
pub(crate) async fn get_updates(shared: &Shared, request: &Request) -> Outcome {
    let mine = shared.change(|state| {
        if let Some(webhook) = &state.webhook {
            let reason = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
            return Err(Refusal(409, format!("{reason} ({})", webhook.url)));
        }
        if let Some(offset) = request.number("offset") {
            state.updates.retain(|(id, _)| *id >= offset);
        }
        if request.params.get("allowed_updates").is_some_and(|kinds| !kinds.is_null()) {
            state.wanted = kinds(request);
        }
        state.poll += 1;
        Ok(state.poll)
    })?;
    let _reader = Reader::of(shared);
    let limit = usize::try_from(request.number("limit").unwrap_or(100)).unwrap_or(100).clamp(1, 100);
    let patience = std::time::Duration::from_secs(request.number("timeout").unwrap_or(0).try_into().unwrap_or(0));
    let mut changes = shared.changes.subscribe();
    let waiting = async {
        loop {
            changes.borrow_and_update();
            if let Some(outcome) = waiting_updates(&mut shared.lock(), mine, limit) {
                return outcome;
            }
            changes.changed().await.expect("the sender lives in shared");
        }
    };
    tokio::time::timeout(patience, waiting).await.unwrap_or(Ok(json!([])))
}

fn waiting_updates(state: &mut State, mine: u64, limit: usize) -> Option<Outcome> {
    if state.poll != mine {
        let reason =
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
        return Some(Err(Refusal(409, reason.to_owned())));
    }
    if !state.wanted.is_empty() {
        let State { updates, wanted, .. } = state;
        updates.retain(|(_, update)| wanted.iter().any(|kind| update.get(kind).is_some()));
    }
    let waiting: Vec<Value> = state.updates.iter().take(limit).map(|(_, update)| update.clone()).collect();
    (!waiting.is_empty()).then_some(Ok(Value::Array(waiting)))
}

/// Somebody waits in `getUpdates`; until the call ends, however it ends.
struct Reader<'a>(&'a Shared);

impl<'a> Reader<'a> {
    fn of(shared: &'a Shared) -> Self {
        shared.change(|state| state.readers += 1);
        Self(shared)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        self.0.change(|state| state.readers -= 1);
    }
}
