//! What the fake remembers.

use std::collections::{BTreeMap, HashMap, VecDeque};

use opora_core::foundation::clock::Timestamp;
use serde_json::{Value, json};

use super::{chaos::Chaos, limits::Limits, orders::Standing};

/// The bot's own number.
pub(crate) const BOT: i64 = 1000;

/// A message in a chat, as the person sees it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Number within Telegram.
    pub id: i64,
    /// The chat.
    pub chat: i64,
    /// Whether the bot wrote it.
    pub from_bot: bool,
    /// The text now.
    pub text: String,
    /// Buttons below it.
    pub buttons: Vec<Vec<Button>>,
    /// Whether its text or buttons were changed.
    pub is_edited: bool,
    /// Name of the file with it.
    pub document: Option<String>,
    /// When it was sent.
    pub at: Timestamp,
}

/// A button under a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// What a press sends.
    pub data: String,
}

/// A call of the bot.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The method as called.
    pub method: String,
    /// Its parameters.
    pub params: Value,
    /// The chat it is about.
    pub chat: Option<i64>,
    /// When it came.
    pub at: Timestamp,
    /// HTTP status of the answer; 0 when there was none.
    pub status: u16,
    /// Whether it did what it said, whatever the bot got to know of it.
    pub was_taken: bool,
}

/// A chat.
#[derive(Debug, Default)]
pub(crate) struct ChatState {
    pub(crate) messages: Vec<Message>,
    /// The reply keyboard.
    pub(crate) menu: Option<Vec<Vec<String>>>,
    pub(crate) is_blocked: bool,
    pub(crate) bot_has_left: bool,
}

/// A file that can be fetched.
#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    /// What Telegram says the size is; may be larger than what it has, for tests of limits.
    pub(crate) size: u64,
}

/// Where updates are pushed.
#[derive(Debug, Clone)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) secret: Option<String>,
}

/// Everything the fake remembers.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) chats: HashMap<i64, ChatState>,
    pub(crate) updates: VecDeque<(i64, Value)>,
    pub(crate) last_update: Option<(i64, Value)>,
    pub(crate) files: HashMap<String, StoredFile>,
    /// Press id → what popped up, once answered.
    pub(crate) presses: HashMap<String, Option<String>>,
    /// Kinds of updates the bot asked for; empty means all.
    pub(crate) wanted: Vec<String>,
    pub(crate) calls: Vec<Call>,
    pub(crate) orders: Vec<Standing>,
    pub(crate) limits: Limits,
    pub(crate) chaos: Chaos,
    pub(crate) webhook: Option<Webhook>,
    /// How many wait in `getUpdates` now.
    pub(crate) readers: usize,
    /// Raised by every `getUpdates`: the older one is turned away.
    pub(crate) poll: u64,
    pub(crate) keeps_little: bool,
    /// (moment, chat, text) of each message, when only little is kept.
    pub(crate) lines: Vec<(Timestamp, i64, Box<str>)>,
    pub(crate) counts: BTreeMap<String, u64>,
    next_number: i64,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            chats: HashMap::new(),
            updates: VecDeque::new(),
            last_update: None,
            files: HashMap::new(),
            presses: HashMap::new(),
            wanted: Vec::new(),
            calls: Vec::new(),
            orders: Vec::new(),
            limits: Limits::default(),
            chaos: Chaos::default(),
            webhook: None,
            readers: 0,
            poll: 0,
            keeps_little: false,
            lines: Vec::new(),
            counts: BTreeMap::new(),
            next_number: 1,
        }
    }

    /// A number never given before: for messages, updates, files and presses.
    pub(crate) fn next(&mut self) -> i64 {
        self.next_number += 1;
        self.next_number
    }

    pub(crate) fn chat(&mut self, id: i64) -> &mut ChatState {
        self.chats.entry(id).or_default()
    }

    /// Puts an update into the queue: `content` without its number.
    pub(crate) fn push_update(&mut self, content: Value) {
        let id = self.next();
        let mut update = content;
        update["update_id"] = json!(id);
        self.last_update = Some((id, update.clone()));
        self.updates.push_back((id, update));
    }

    /// Puts the latest update into the queue again, under its old number.
    pub(crate) fn repeat_last_update(&mut self) {
        if let Some((id, update)) = self.last_update.clone()
            && self.updates.iter().all(|(queued, _)| *queued != id)
        {
            self.updates.push_front((id, update));
        }
    }

    /// Keeps a message and gives it its number.
    pub(crate) fn keep(&mut self, mut message: Message) -> Message {
        message.id = self.next();
        if self.keeps_little {
            self.lines.push((message.at, message.chat, message.text.as_str().into()));
            // The newest alone stays, so that its buttons can be pressed.
            self.chat(message.chat).messages.clear();
        }
        self.chat(message.chat).messages.push(message.clone());
        self.press_at_once(&message);
        message
    }

    fn press_at_once(&mut self, message: &Message) {
        let Some(button) =
            message.buttons.iter().flatten().find(|button| self.chaos.is_pressed(&button.label)).cloned()
        else {
            return;
        };
        self.person_presses(message, &button.data);
        self.chaos.pressed.push(button.data);
    }

    /// Notes a call.
    pub(crate) fn note(&mut self, call: Call) {
        *self.counts.entry(call.method.to_ascii_lowercase()).or_default() += 1;
        if !self.keeps_little {
            self.calls.push(call);
        }
    }
}

/// The bot as a user.
pub(crate) fn bot() -> Value {
    json!({"id": BOT, "is_bot": true, "first_name": "Опора", "username": "opora_fake_bot"})
}

/// A person, or a member of a group.
pub(crate) fn user(id: i64) -> Value {
    json!({"id": id.abs(), "is_bot": false, "first_name": format!("Человек {}", id.abs()), "language_code": "ru"})
}

/// A chat as Telegram shows it.
pub(crate) fn chat(id: i64) -> Value {
    if id > 0 {
        return json!({"id": id, "type": "private", "first_name": format!("Человек {id}")});
    }
    json!({"id": id, "type": "supergroup", "title": format!("Группа {}", id.abs())})
}

impl Message {
    /// As Telegram shows it.
    pub(crate) fn json(&self) -> Value {
        let from = if self.from_bot { bot() } else { user(self.chat) };
        let mut shown = json!({
            "message_id": self.id, "from": from, "chat": chat(self.chat), "date": self.at.timestamp(), "text": self.text,
        });
        if !self.buttons.is_empty() {
            let rows: Vec<Vec<Value>> = self.buttons.iter().map(|row| row.iter().map(Button::json).collect()).collect();
            shown["reply_markup"] = json!({"inline_keyboard": rows});
        }
        if self.is_edited {
            shown["edit_date"] = json!(self.at.timestamp());
        }
        shown
    }
}

impl Button {
    fn json(&self) -> Value {
        json!({"text": self.label, "callback_data": self.data})
    }
}
