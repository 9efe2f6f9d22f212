//! A chat as a story tells it: `chat(&world, "1001").says("3 дня").await.sees("…")`.

use std::sync::atomic::{AtomicU32, Ordering};

use opora_bot::conversation::Talk;
use opora_core::{
    messaging::{
        inbox::{self, Conversation},
        message::{Event, Incoming, IncomingFile, Keyboard, Outgoing},
        messenger::Messenger,
        outbox::Payload,
        press::Press,
    },
    on_backend,
    people::access::Actor,
};
use opora_testkit::World;
use sqlx::types::Json;

/// One account's chat with the bot.
pub struct Chat<'a> {
    world: &'a World,
    talk: Talk,
    messenger: Messenger,
    account: String,
    /// What the last thing said brought.
    pub last: Vec<Outgoing>,
}

/// The chat of an account of Telegram, linked or not.
pub fn chat<'a>(world: &'a World, account: &str) -> Chat<'a> {
    chat_in(world, Messenger::Telegram, account)
}

/// The chat of an account of any messenger, linked or not.
pub fn chat_in<'a>(world: &'a World, messenger: Messenger, account: &str) -> Chat<'a> {
    Chat { world, talk: Talk::new(), messenger, account: account.to_owned(), last: Vec::new() }
}

impl Chat<'_> {
    /// Writes a message.
    pub async fn says(&mut self, text: &str) -> &mut Self {
        self.does(Event::Text { text: text.to_owned() }).await
    }

    /// Presses «Старт», perhaps of a link with a code.
    pub async fn starts(&mut self, code: Option<&str>) -> &mut Self {
        self.does(Event::Started { payload: code.map(str::to_owned) }).await
    }

    /// Sends a file.
    pub async fn sends(&mut self, name: &str, size: u64) -> &mut Self {
        let file = IncomingFile {
            source: format!("file-{name}"),
            name: Some(name.to_owned()),
            media_type: None,
            size: Some(size),
            caption: None,
            album: None,
        };
        self.does(Event::File(file)).await
    }

    /// Presses a button under a message, whatever data it carries.
    pub async fn presses(&mut self, data: impl ToString) -> &mut Self {
        let pressed = Event::Pressed {
            press: "press-1".to_owned(),
            data: data.to_string(),
            message: Some("77".to_owned()),
            text: Some("Сообщение".to_owned()),
        };
        self.does(pressed).await
    }

    /// Anything at all, through the durable inbox.
    pub async fn does(&mut self, what: Event) -> &mut Self {
        static UPDATES: AtomicU32 = AtomicU32::new(1);
        let incoming = Incoming {
            messenger: self.messenger,
            update: UPDATES.fetch_add(1, Ordering::Relaxed).to_string(),
            account: self.account.clone(),
            chat: self.account.clone(),
            at: self.world.app.clock.now(),
            what,
        };
        self.hears(&incoming).await
    }

    /// The same thing once more, as after a crash.
    pub async fn hears(&mut self, incoming: &Incoming) -> &mut Self {
        let before = self.outbox().await.len();
        let mut work = self.world.begin(Actor::System).await;
        inbox::store(&mut work, std::slice::from_ref(incoming)).await.expect("it can be stored");
        work.commit().await.expect("it stays");
        let talk: &dyn Conversation = &self.talk;
        inbox::process_waiting(&self.world.app, talk).await.expect("it is processed");
        assert_eq!(self.errors().await, Vec::<String>::new());
        self.last = self.outbox().await.split_off(before);
        self
    }

    async fn errors(&self) -> Vec<String> {
        const SQL: &str = "SELECT last_error FROM inbox WHERE last_error IS NOT NULL";
        let mut tx = self.world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).fetch_all(c).await).expect("the inbox can be read")
    }

    /// Everything said to this chat so far, in order.
    pub async fn outbox(&self) -> Vec<Outgoing> {
        const SQL: &str = "SELECT payload FROM outbox WHERE recipient = $1 AND channel = $2 ORDER BY id";
        let mut tx = self.world.tx().await;
        let rows: Vec<Json<Payload>> = on_backend!(&mut tx, |c| {
            sqlx::query_scalar(SQL)
                .bind(&self.account)
                .bind(self.messenger.name())
                .fetch_all(c)
                .await
                .expect("the outbox can be read")
        });
        let message = |payload: Json<Payload>| match payload.0 {
            Payload::Message(outgoing) => outgoing,
            Payload::Letter(letter) => panic!("a letter in a chat: {letter:?}"),
        };
        rows.into_iter().map(message).collect()
    }

    /// The texts the last thing said brought: messages, changed messages, pop-ups.
    pub fn texts(&self) -> Vec<String> {
        let text = |outgoing: &Outgoing| match outgoing {
            Outgoing::Say { text, .. } | Outgoing::Edit { text, .. } | Outgoing::Answer { text, .. } => text.clone(),
            Outgoing::Leave => "(leaves)".to_owned(),
        };
        self.last.iter().map(text).collect()
    }

    /// Checks that exactly these texts came.
    #[track_caller]
    pub fn sees(&mut self, texts: &[&str]) -> &mut Self {
        assert_eq!(self.texts(), texts);
        self
    }

    /// Checks that the menu came along.
    #[track_caller]
    pub fn with_menu(&mut self) -> &mut Self {
        let rows = self.menu().unwrap_or_else(|| panic!("no menu in {:?}", self.last));
        assert_eq!(rows.concat().len(), 9, "{rows:?}");
        self
    }

    /// Checks that no menu came along.
    #[track_caller]
    pub fn without_menu(&mut self) -> &mut Self {
        assert_eq!(self.menu(), None);
        self
    }

    /// The menu that came along.
    pub fn menu(&self) -> Option<Vec<Vec<String>>> {
        self.last.iter().find_map(|outgoing| match outgoing {
            Outgoing::Say { keyboard: Keyboard::Menu(rows), .. } => Some(rows.clone()),
            _ => None,
        })
    }

    /// The button with this label under what was said last.
    #[track_caller]
    pub fn button(&self, label: &str) -> Press {
        let found = self.last.iter().find_map(|outgoing| match outgoing {
            Outgoing::Say { keyboard: Keyboard::Inline(rows), .. } => {
                rows.iter().flatten().find(|button| button.label == label).map(|button| button.press)
            }
            _ => None,
        });
        found.unwrap_or_else(|| panic!("no button {label} in {:?}", self.last))
    }
}
