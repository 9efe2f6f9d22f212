//! A messenger that does as it is told, and modules that remember what they were told.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use opora_core::{
    Work,
    foundation::{
        clock::{SharedClock, Timestamp},
        errors::{Failure, StorageError},
    },
    messaging::{
        message::{Keyboard, Outgoing},
        messenger::Messenger,
        outbox::{self, Channel, Draft, Payload, Priority},
        sender::{Abilities, Adapter, Delivery, FetchError, Finished, OnOutcome, Outcome, Verdict},
    },
    on_backend,
    people::access::Actor,
};
use opora_testkit::World;
use sqlx::types::{Json, Uuid};
use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    sync::{Semaphore, watch},
};

/// A message that reached the messenger.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub chat: String,
    pub text: String,
    pub at: Timestamp,
    pub outcome: Outcome,
}

/// Answers «delivered» unless told otherwise, chat by chat.
pub struct FakeMessenger {
    clock: SharedClock,
    script: Mutex<HashMap<String, VecDeque<Outcome>>>,
    sent: watch::Sender<Vec<Sent>>,
    /// Files by handle; what is missing cannot be fetched.
    pub files: Mutex<HashMap<String, Vec<u8>>>,
    gate: Semaphore,
}

pub fn delivered() -> Outcome {
    Outcome::Delivered { external_id: Some("17".to_owned()) }
}

pub fn temporary() -> Outcome {
    Outcome::Temporary("502".to_owned())
}

pub fn unknown() -> Outcome {
    Outcome::Unknown("broke off".to_owned())
}

impl FakeMessenger {
    pub fn of(world: &World) -> Arc<Self> {
        Self::with(world.app.clock.clone())
    }

    pub fn with(clock: SharedClock) -> Arc<Self> {
        Arc::new(Self {
            clock,
            script: Mutex::default(),
            sent: watch::Sender::new(Vec::new()),
            files: Mutex::default(),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        })
    }

    /// The next answers in this chat.
    pub fn answers(&self, chat: &str, outcomes: impl IntoIterator<Item = Outcome>) {
        self.script.lock().unwrap().entry(chat.to_owned()).or_default().extend(outcomes);
    }

    /// From now on takes messages but does not answer, until [`FakeMessenger::wakes`].
    pub fn falls_silent(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub fn wakes(&self) {
        self.gate.add_permits(1000);
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.borrow().clone()
    }

    pub fn texts(&self) -> Vec<String> {
        self.sent().into_iter().map(|sent| sent.text).collect()
    }

    /// Waits until so many messages came.
    pub async fn has_taken(&self, count: usize) -> Vec<Sent> {
        let mut sent = self.sent.subscribe();
        let enough = sent.wait_for(|sent| sent.len() >= count);
        let came = tokio::time::timeout(opora_testkit::PATIENCE, enough).await;
        came.unwrap_or_else(|_| panic!("{count} messages did not come: {:?}", self.sent())).unwrap().clone()
    }
}

#[async_trait]
impl Adapter for FakeMessenger {
    fn messenger(&self) -> Messenger {
        Messenger::Telegram
    }

    fn abilities(&self) -> Abilities {
        Abilities {
            edit: true,
            menu: true,
            recognises_repetition: false,
            inline_buttons: true,
            text_limit: 40,
            file_limit: 1000,
        }
    }

    async fn deliver(&self, delivery: &Delivery) -> Outcome {
        let Outgoing::Say { text, .. } = &delivery.outgoing else { return delivered() };
        let script = self.script.lock().unwrap().get_mut(&delivery.chat).and_then(VecDeque::pop_front);
        let outcome = script.unwrap_or_else(delivered);
        let (chat, text) = (delivery.chat.clone(), text.clone());
        let sent = Sent { chat, text, at: self.clock.now(), outcome: outcome.clone() };
        self.sent.send_modify(|all| all.push(sent));
        self.gate.acquire().await.unwrap().forget();
        outcome
    }

    async fn fetch(
        &self,
        source: &str,
        limit: u64,
        into: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<u64, FetchError> {
        let file = self.files.lock().unwrap().get(source).cloned();
        let file = file.ok_or_else(|| FetchError::Temporary("502".to_owned()))?;
        into.write_all(&file).await.map_err(|error| FetchError::Temporary(error.to_string()))?;
        if file.len() as u64 > limit { Err(FetchError::TooLarge) } else { Ok(file.len() as u64) }
    }
}

/// Modules that remember.
#[derive(Default)]
pub struct Modules {
    pub finished: Mutex<Vec<Finished>>,
    pub blocked: Mutex<Vec<String>>,
    /// Cannot digest the end of messages to this chat.
    pub chokes_on: Mutex<Option<String>>,
    /// Find no room to note anything.
    pub find_no_room: AtomicBool,
    /// How often they were told of ends.
    pub told: watch::Sender<usize>,
}

impl Modules {
    pub fn verdicts(&self) -> Vec<(String, Verdict)> {
        self.finished.lock().unwrap().iter().map(|it| (it.recipient.clone(), it.verdict)).collect()
    }
}

#[async_trait]
impl OnOutcome for Modules {
    async fn finished(&self, _: &mut Work, finished: &[Finished]) -> Result<(), Failure> {
        self.told.send_modify(|told| *told += 1);
        if self.find_no_room.load(Ordering::Relaxed) {
            return Err(StorageError::Full.into());
        }
        let chokes_on = self.chokes_on.lock().unwrap().clone();
        if finished.iter().any(|it| Some(&it.recipient) == chokes_on.as_ref()) {
            return Err(Failure::NotFound);
        }
        self.finished.lock().unwrap().extend(finished.iter().cloned());
        Ok(())
    }

    async fn blocked(&self, _: &mut Work, _: Messenger, chat: &str) -> Result<(), Failure> {
        self.blocked.lock().unwrap().push(chat.to_owned());
        Ok(())
    }
}

/// A message about to be put into the outbox.
pub fn message(world: &World, chat: &str, text: &str) -> Draft {
    Draft {
        channel: Channel::Messenger(Messenger::Telegram),
        recipient: chat.to_owned(),
        person: None,
        occurrence: None,
        cause: None,
        priority: Priority::Reminder,
        payload: Payload::Message(Outgoing::Say { text: text.to_owned(), keyboard: Keyboard::None }),
        due_at: world.app.clock.now(),
        expires_at: None,
    }
}

pub async fn put(world: &World, drafts: &[Draft]) -> u64 {
    let mut work = world.begin(Actor::System).await;
    let added = outbox::put_many(&mut work, drafts).await.unwrap();
    work.commit().await.unwrap();
    added
}

/// Lists the messages to these chats as under way, as a commit of the sender does.
pub async fn list_as_under_way(world: &World, chats: &[&str]) {
    const IDS: &str = "SELECT id FROM outbox WHERE channel = 'telegram' AND recipient = $1";
    const LIST: &str = "INSERT INTO flights (channel, epoch, under_way) VALUES ('telegram', 0, $1)
        ON CONFLICT (channel) DO UPDATE SET under_way = $1";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| {
        let mut listed: Vec<Uuid> = Vec::new();
        for chat in chats {
            let ids: Vec<Uuid> = sqlx::query_scalar(IDS).bind(*chat).fetch_all(&mut *c).await.unwrap();
            listed.extend(ids);
        }
        sqlx::query(LIST).bind(Json(listed)).execute(c).await.map(drop).unwrap();
    });
    tx.commit().await.unwrap();
}
