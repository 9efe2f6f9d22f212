//! What people do, as Telegram tells the bot.

use serde_json::{Value, json};

use super::state::{self, Message, State, StoredFile};
use opora_core::foundation::clock::Timestamp;

impl State {
    /// A message of the person with `content` beside the usual fields.
    pub(crate) fn person_sends(&mut self, chat: i64, text: &str, content: &Value, now: Timestamp) -> i64 {
        let message = self.keep(Message {
            id: 0,
            chat,
            from_bot: false,
            text: text.to_owned(),
            buttons: Vec::new(),
            is_edited: false,
            document: None,
            at: now,
        });
        let mut shown = message.json();
        if let (Some(shown), Some(content)) = (shown.as_object_mut(), content.as_object()) {
            shown.remove("text");
            shown.extend(content.clone());
        }
        self.push_update(json!({"message": shown}));
        message.id
    }

    /// Keeps a file and returns how messages speak of it.
    pub(crate) fn store_file(&mut self, name: &str, bytes: &[u8], size: u64) -> Value {
        let id = format!("file-{}", self.next());
        let path =
            format!("documents/{id}-{}", name.replace(|sign: char| !sign.is_ascii_alphanumeric() && sign != '.', "_"));
        let stored = StoredFile { path, bytes: bytes.to_vec(), size };
        self.files.insert(id.clone(), stored);
        json!({"file_id": id, "file_unique_id": format!("unique-{id}"), "file_size": size})
    }

    /// A press of a button under `message`.
    pub(crate) fn person_presses(&mut self, message: &Message, data: &str) -> String {
        let press = format!("press-{}", self.next());
        self.presses.insert(press.clone(), None);
        self.push_update(json!({"callback_query": {
            "id": press, "from": state::user(message.chat), "message": message.json(), "chat_instance": "1", "data": data,
        }}));
        press
    }

    /// The bot's own place in a chat changes.
    pub(crate) fn membership_changes(&mut self, chat: i64, from: &str, to: &str, now: Timestamp) {
        self.push_update(json!({"my_chat_member": {
            "chat": state::chat(chat), "from": state::user(chat), "date": now.timestamp(),
            "old_chat_member": member(from), "new_chat_member": member(to),
        }}));
    }
}

fn member(status: &str) -> Value {
    let mut member = json!({"user": state::bot(), "status": status});
    if status == "kicked" {
        member["until_date"] = json!(0);
    }
    member
}
