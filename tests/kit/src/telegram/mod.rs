//! Telegram's bot API, in this process or as the program `fake-telegram`: real HTTP, real long polling, files, webhooks, and
//! every kind of trouble on order.
//!
//! ```text
//! let telegram = FakeTelegram::start().await;
//! telegram.chat(1001).says("123456");
//! telegram.chat(1001).sees("Успешная активация").await;
//! telegram.order(Trouble::TooMany { retry_after: 3 }).for_chat(1001).once();
//! telegram.chat(1001).presses("Выполнено");
//! ```
//!
//! It is as strict as the original where it matters: texts have 1 … 4096 characters, button data at most 64 bytes, an edit
//! must change something, a press is answered once, only one reader polls.

mod chaos;
mod chat;
mod control;
mod limits;
mod methods;
mod orders;
mod server;
mod state;
mod updates;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use opora_core::foundation::clock::{SharedClock, SystemClock};
use tokio::{sync::watch, task::JoinHandle};

pub use chat::Chat;
pub use orders::{Garbage, Order, Trouble};
pub use state::{Button, Call, Message};

use crate::PATIENCE;
use state::State;

/// A running fake. Stops when dropped.
pub struct FakeTelegram {
    shared: Arc<Shared>,
    address: SocketAddr,
    token: String,
    server: Mutex<Option<JoinHandle<()>>>,
}

/// What the handle and the server share.
pub(crate) struct Shared {
    state: Mutex<State>,
    /// Counts changes, so that waiters look again.
    changes: watch::Sender<u64>,
    clock: SharedClock,
}

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes those who wait for something.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.lock());
        self.changes.send_modify(|count| *count += 1);
        changed
    }

    /// Waits until `look` finds something; gives up after [`PATIENCE`].
    pub(crate) async fn wait<T>(&self, mut look: impl FnMut(&State) -> Option<T>) -> Option<T> {
        let mut changes = self.changes.subscribe();
        let search = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = look(&self.lock()) {
                    return found;
                }
                changes.changed().await.expect("the sender lives in self");
            }
        };
        tokio::time::timeout(PATIENCE, search).await.ok()
    }
}

impl FakeTelegram {
    /// Starts on a free port of this machine, with real time.
    pub async fn start() -> Self {
        Self::start_on(SocketAddr::from(([127, 0, 0, 1], 0)), Arc::new(SystemClock)).await
    }

    /// Starts on a free port, with the clock of a test: message dates and limits follow it.
    pub async fn start_with(clock: SharedClock) -> Self {
        Self::start_on(SocketAddr::from(([127, 0, 0, 1], 0)), clock).await
    }

    /// Starts on this address.
    pub async fn start_on(address: SocketAddr, clock: SharedClock) -> Self {
        let shared = Arc::new(Shared { state: Mutex::new(State::new()), changes: watch::Sender::new(0), clock });
        let (address, server) = server::start(address, shared.clone()).await;
        Self { shared, address, token: "1000:fake-token".to_owned(), server: Mutex::new(Some(server)) }
    }

    /// What belongs into `telegram.api_url`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What belongs into `telegram.token`.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The private chat with the person of this number.
    pub fn chat(&self, id: i64) -> Chat<'_> {
        assert!(id > 0, "private chats have positive numbers; see FakeTelegram::group");
        Chat::new(&self.shared, id)
    }

    /// A group; its number is negative.
    pub fn group(&self, id: i64) -> Chat<'_> {
        assert!(id < 0, "groups have negative numbers; see FakeTelegram::chat");
        Chat::new(&self.shared, id)
    }

    /// Begins an order to make trouble.
    pub fn order(&self, trouble: Trouble) -> Order<'_> {
        Order::new(&self.shared, trouble)
    }

    /// Forgets all orders, and ends chaos.
    pub fn behave(&self) {
        self.shared.change(|state| {
            state.orders.clear();
            state.chaos.troubles = 0;
        });
    }

    /// From now on, of a thousand calls so many go wrong, in every way there is; and under `share` of a thousand
    /// messages people press `label` at once. The same seed gives the same trouble.
    pub fn chaos(&self, seed: u64, troubles: u64, label: &str, share: u64) {
        self.shared.change(|state| state.chaos.begin(seed, troubles, Some((label.to_owned(), share))));
    }

    /// How many calls went wrong in the chaos so far, by kind.
    pub fn troubles(&self) -> BTreeMap<&'static str, usize> {
        self.shared.lock().chaos.made.clone()
    }

    /// Of how many messages the bot could not know, in the chaos so far, whether they were taken.
    pub fn doubts(&self) -> usize {
        self.shared.lock().chaos.doubts
    }

    /// The data of the buttons that people pressed by themselves in the chaos.
    pub fn pressed(&self) -> Vec<String> {
        self.shared.lock().chaos.pressed.clone()
    }

    /// How many updates nobody has read yet.
    pub fn unread(&self) -> usize {
        self.shared.lock().updates.len()
    }

    /// From now on answers 429 to more than one message a second in a chat or thirty in all, and counts these.
    pub fn enforce_limits(&self) {
        self.shared.change(|state| state.limits.enforce());
    }

    /// How many messages came faster than allowed.
    pub fn violations(&self) -> usize {
        self.shared.lock().limits.violations()
    }

    /// All calls so far, oldest first (without `getUpdates` that brought nothing).
    pub fn calls(&self) -> Vec<Call> {
        self.shared.lock().calls.clone()
    }

    /// Calls of one method, such as `sendMessage`.
    pub fn calls_of(&self, method: &str) -> Vec<Call> {
        let mut calls = self.calls();
        calls.retain(|call| call.method.eq_ignore_ascii_case(method));
        calls
    }

    /// Waits until the calls satisfy `holds`; after [`PATIENCE`] fails with the list of calls.
    pub async fn wait_for(&self, holds: impl Fn(&[Call]) -> bool) {
        let came = self.shared.wait(|state| holds(&state.calls).then_some(())).await;
        assert!(came.is_some(), "Telegram waited in vain; calls so far: {:#?}", self.calls());
    }

    /// Waits until a reader polls and has confirmed every update: everything said so far has arrived in an inbox.
    pub async fn everything_is_read(&self) {
        let read = self.shared.wait(|state| (state.updates.is_empty() && state.readers > 0).then_some(())).await;
        assert!(read.is_some(), "nobody reads the updates: {:#?}", self.shared.lock().updates);
    }

    /// Hands the latest update out once more, as Telegram does when a confirmation got lost.
    pub fn repeats_the_last_update(&self) {
        self.shared.change(State::repeat_last_update);
    }

    /// The address set by `setWebhook`, if any.
    pub fn webhook(&self) -> Option<String> {
        self.shared.lock().webhook.as_ref().map(|webhook| webhook.url.clone())
    }

    /// Another program has set this webhook before.
    pub fn has_webhook(&self, url: &str) {
        self.shared.change(|state| state.webhook = Some(state::Webhook { url: url.to_owned(), secret: None }));
    }

    /// Refuses connections and drops the open ones, until [`FakeTelegram::comes_back`].
    pub async fn goes_down(&self) {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(server) = server {
            server.abort();
            // Its error only says that it was stopped.
            drop(server.await);
        }
    }

    /// Listens again, on the same address and with all it knew.
    pub async fn comes_back(&self) {
        let (_, server) = server::start(self.address, self.shared.clone()).await;
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
    }

    /// Keeps only numbers and one short line a message from now on: for measurements with a million messages.
    pub fn keep_little(&self) {
        self.shared.change(|state| state.keeps_little = true);
    }
}

impl Drop for FakeTelegram {
    fn drop(&mut self) {
        if let Some(server) = self.server.lock().unwrap_or_else(PoisonError::into_inner).take() {
            server.abort();
        }
    }
}
