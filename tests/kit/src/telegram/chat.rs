//! A person at the other end.

use std::fmt::Write;

use serde_json::json;

use super::{
    Shared,
    state::{Button, Message},
};

/// A chat with the bot, from the person's side.
#[derive(Clone, Copy)]
pub struct Chat<'a> {
    shared: &'a Shared,
    id: i64,
}

impl<'a> Chat<'a> {
    pub(crate) fn new(shared: &'a Shared, id: i64) -> Self {
        Self { shared, id }
    }

    /// Types a text.
    pub fn says(&self, text: &str) {
        let now = self.shared.clock.now();
        self.shared.change(|state| state.person_sends(self.id, text, &json!({"text": text}), now));
    }

    /// Presses «Старт», perhaps by a deep link with this parameter.
    pub fn starts(&self, parameter: Option<&str>) {
        let text = parameter.map_or_else(|| "/start".to_owned(), |parameter| format!("/start {parameter}"));
        let entity = json!([{"type": "bot_command", "offset": 0, "length": 6}]);
        let now = self.shared.clock.now();
        self.shared.change(|state| state.person_sends(self.id, &text, &json!({"text": text, "entities": entity}), now));
    }

    /// Sends a file.
    pub fn sends_file(&self, name: &str, bytes: &[u8]) {
        self.sends_file_of(name, bytes, bytes.len() as u64, None);
    }

    /// Sends a file with a caption.
    pub fn sends_file_saying(&self, name: &str, bytes: &[u8], caption: &str) {
        self.sends_file_of(name, bytes, bytes.len() as u64, Some(caption));
    }

    /// Sends a file said to be of this size, however little it holds.
    pub fn sends_huge_file(&self, name: &str, size: u64) {
        self.sends_file_of(name, b"beginning", size, None);
    }

    fn sends_file_of(&self, name: &str, bytes: &[u8], size: u64, caption: Option<&str>) {
        let now = self.shared.clock.now();
        self.shared.change(|state| {
            let mut document = state.store_file(name, bytes, size);
            document["file_name"] = json!(name);
            document["mime_type"] = json!("application/octet-stream");
            let mut content = json!({"document": document});
            if let Some(caption) = caption {
                content["caption"] = json!(caption);
            }
            state.person_sends(self.id, "", &content, now)
        });
    }

    /// Sends a photo (Telegram gives no name for it).
    pub fn sends_photo(&self, bytes: &[u8]) {
        self.sends_album(&[bytes], None);
    }

    /// Sends photos together; the caption stands at the first.
    pub fn sends_album(&self, photos: &[&[u8]], caption: Option<&str>) {
        let now = self.shared.clock.now();
        self.shared.change(|state| {
            let album = (photos.len() > 1).then(|| format!("album-{}", state.next()));
            for (index, bytes) in photos.iter().enumerate() {
                let mut photo = state.store_file("photo.jpg", bytes, bytes.len() as u64);
                photo["width"] = json!(640);
                photo["height"] = json!(480);
                let mut content = json!({"photo": [photo]});
                if let Some(album) = &album {
                    content["media_group_id"] = json!(album);
                }
                if let (0, Some(caption)) = (index, caption) {
                    content["caption"] = json!(caption);
                }
                state.person_sends(self.id, "", &content, now);
            }
        });
    }

    /// Sends a place on the map, which is neither text nor file.
    pub fn sends_location(&self) {
        let now = self.shared.clock.now();
        let content = json!({"location": {"longitude": 82.92, "latitude": 55.03}});
        self.shared.change(|state| state.person_sends(self.id, "", &content, now));
    }

    /// Presses the newest button that says `label`: under a message, or of the menu. Returns the number of the press.
    pub fn presses(&self, label: &str) -> Option<String> {
        let pressed = self.shared.change(|state| {
            let (message, button) = newest_button(&state.chat(self.id).messages, label)?;
            Some(state.person_presses(&message, &button.data))
        });
        if pressed.is_some() {
            return pressed;
        }
        let menu = self.menu().unwrap_or_default();
        assert!(menu.iter().flatten().any(|known| known == label), "no button «{label}» in {}", self.shown());
        self.says(label);
        None
    }

    /// Presses a button under this message, which may have lost it meanwhile.
    pub fn presses_under(&self, message: &Message, label: &str) -> String {
        let button = message.buttons.iter().flatten().find(|button| button.label == label);
        let data = &button.unwrap_or_else(|| panic!("no button «{label}» under «{}»", message.text)).data;
        self.shared.change(|state| state.person_presses(message, data))
    }

    /// Sends button data that no button of ours has, as from a forged or very old message.
    pub fn presses_data(&self, data: &str) -> String {
        self.shared.change(|state| {
            let last = state.chat(self.id).messages.last().cloned().expect("something was said before");
            state.person_presses(&last, data)
        })
    }

    /// Blocks the bot: it is told, and its messages are refused.
    pub fn blocks(&self) {
        self.blocks_silently();
        let now = self.shared.clock.now();
        self.shared.change(|state| state.membership_changes(self.id, "member", "kicked", now));
    }

    /// Blocks the bot without its being told (the update is lost, or came while nobody listened).
    pub fn blocks_silently(&self) {
        self.shared.change(|state| state.chat(self.id).is_blocked = true);
    }

    /// Unblocks the bot: it is told.
    pub fn returns(&self) {
        let now = self.shared.clock.now();
        self.shared.change(|state| {
            state.chat(self.id).is_blocked = false;
            state.membership_changes(self.id, "kicked", "member", now);
        });
    }

    /// Somebody adds the bot to this group.
    pub fn adds_the_bot(&self) {
        let now = self.shared.clock.now();
        self.shared.change(|state| {
            state.chat(self.id).bot_has_left = false;
            state.membership_changes(self.id, "left", "member", now);
        });
    }

    /// Whether the bot has left this group.
    pub fn bot_has_left(&self) -> bool {
        self.shared.change(|state| state.chat(self.id).bot_has_left)
    }

    /// All messages, oldest first, as they look now.
    pub fn messages(&self) -> Vec<Message> {
        self.shared.change(|state| state.chat(self.id).messages.clone())
    }

    /// The bot's messages, oldest first, as they look now.
    pub fn received(&self) -> Vec<Message> {
        let mut messages = self.messages();
        messages.retain(|message| message.from_bot);
        messages
    }

    /// The menu below the message line: rows of labels.
    pub fn menu(&self) -> Option<Vec<Vec<String>>> {
        self.shared.change(|state| state.chat(self.id).menu.clone())
    }

    /// Waits for a message of the bot that contains `text`, now or soon; the newest such.
    pub async fn sees(&self, text: &str) -> Message {
        self.sees_where(&format!("«{text}»"), |message| message.text.contains(text)).await
    }

    /// Waits until so many messages of the bot contain `text`.
    pub async fn sees_times(&self, text: &str, times: usize) -> Vec<Message> {
        let found = self.shared.wait(|state| {
            let messages = state.chats.get(&self.id)?.messages.iter();
            let found: Vec<_> = messages.filter(|it| it.from_bot && it.text.contains(text)).cloned().collect();
            (found.len() >= times).then_some(found)
        });
        found.await.unwrap_or_else(|| panic!("«{text}» did not come {times} times to {}", self.shown()))
    }

    /// Waits for a message of the bot with a button that says `label`.
    pub async fn sees_button(&self, label: &str) -> Message {
        let has = |message: &Message| message.buttons.iter().flatten().any(|button| button.label == label);
        self.sees_where(&format!("a button «{label}»"), has).await
    }

    /// Waits for a message of the bot for which `fits` holds; `what` names it in the failure.
    pub async fn sees_where(&self, what: &str, fits: impl Fn(&Message) -> bool) -> Message {
        let found = self.shared.wait(|state| {
            let messages = &state.chats.get(&self.id)?.messages;
            messages.iter().rev().find(|message| message.from_bot && fits(message)).cloned()
        });
        found.await.unwrap_or_else(|| panic!("{what} did not come to {}", self.shown()))
    }

    /// Waits until the press was answered and returns what popped up.
    pub async fn sees_popup(&self, press: &str) -> String {
        let found = self.shared.wait(|state| state.presses.get(press)?.clone());
        found.await.unwrap_or_else(|| panic!("{press} was not answered in {}", self.shown()))
    }

    /// The chat as text, for failures.
    pub fn shown(&self) -> String {
        let mut shown = format!("chat {}:", self.id);
        for message in self.messages() {
            let who = if message.from_bot { "бот" } else { "человек" };
            let labels: Vec<_> = message.buttons.iter().flatten().map(|button| format!("[{}]", button.label)).collect();
            write!(shown, "\n  {who} #{}: {} {}", message.id, message.text, labels.join(" ")).expect("text grows");
        }
        write!(shown, "\n  menu: {:?}", self.menu().unwrap_or_default()).expect("text grows");
        shown
    }
}

fn newest_button(messages: &[Message], label: &str) -> Option<(Message, Button)> {
    messages.iter().rev().find_map(|message| {
        let button = message.buttons.iter().flatten().find(|button| button.label == label)?;
        Some((message.clone(), button.clone()))
    })
}
