//! The inbox: stored once, processed once, in order, and never blocked by one poisoned update.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use opora_core::{
    Work,
    foundation::errors::{Failure, StorageError},
    messaging::{
        inbox::{self, Conversation},
        message::{Event, Incoming, Keyboard, Outgoing},
        messenger::Messenger,
        outbox,
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Answers every text with itself; chokes on «яд», breaks down on «беда», and finds no room for «полно» as long as told.
#[derive(Default)]
struct Echo {
    has_no_room: AtomicBool,
    heard: Mutex<Vec<String>>,
    count: watch::Sender<usize>,
}

impl Echo {
    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    async fn has_heard(&self, count: usize) {
        let waiting = async { self.count.subscribe().wait_for(|heard| *heard >= count).await.map(drop) };
        tokio::time::timeout(opora_testkit::PATIENCE, waiting).await.expect("it was not heard").unwrap();
    }
}

#[async_trait]
impl Conversation for Echo {
    async fn receive(&self, work: &mut Work, incoming: &Incoming) -> Result<(), Failure> {
        assert!(matches!(work.actor, Actor::Stranger { .. }));
        let Event::Text { text } = &incoming.what else { return Ok(()) };
        self.heard.lock().unwrap().push(text.clone());
        self.count.send_modify(|count| *count += 1);
        let answer = Outgoing::Say { text: text.clone(), keyboard: Keyboard::None };
        outbox::say(work, incoming.messenger, &incoming.chat, None, answer).await?;
        match text.as_str() {
            "яд" => Err(Failure::NotFound),
            "полно" if self.has_no_room.load(Ordering::Relaxed) => Err(StorageError::Full.into()),
            "беда" => panic!("as ordered"),
            _ => Ok(()),
        }
    }
}

fn text(world: &World, update: u32, chat: &str, text: &str) -> Incoming {
    Incoming {
        messenger: Messenger::Telegram,
        update: update.to_string(),
        account: chat.to_owned(),
        chat: chat.to_owned(),
        at: world.app.clock.now(),
        what: Event::Text { text: text.to_owned() },
    }
}

async fn arrives(world: &World, incoming: &[Incoming]) -> u64 {
    let mut work = world.begin(Actor::System).await;
    let new = inbox::store(&mut work, incoming).await.unwrap();
    work.commit().await.unwrap();
    new
}

on_both_databases! {
    async fn an_update_that_comes_twice_is_processed_once(world: World) {
        let echo = Echo::default();
        assert_eq!(arrives(&world, &[text(&world, 1, "7", "a")]).await, 1);
        assert_eq!(arrives(&world, &[text(&world, 1, "7", "a"), text(&world, 2, "7", "b")]).await, 1);
        assert_eq!(inbox::process_waiting(&world.app, &echo).await.unwrap(), 2);
        assert_eq!(arrives(&world, &[text(&world, 2, "7", "b")]).await, 0);
        assert_eq!(inbox::process_waiting(&world.app, &echo).await.unwrap(), 0);
        assert_eq!(echo.heard(), ["a", "b"]);
        assert_eq!(world.count("outbox").await, 2);
    }

    async fn a_poisoned_update_is_set_aside_and_leaves_no_trace(world: World) {
        let echo = Echo::default();
        let updates = [text(&world, 1, "7", "яд"), text(&world, 2, "7", "a"), text(&world, 3, "8", "b")];
        arrives(&world, &updates).await;
        assert_eq!(inbox::process_waiting(&world.app, &echo).await.unwrap(), 3);
        assert_eq!(echo.heard(), ["яд", "b", "яд", "яд", "a"]);
        assert_eq!(world.count("inbox WHERE attempts = 3 AND last_error = 'not found'").await, 1);
        assert_eq!(world.count("outbox").await, 2, "what the poisoned one answered is taken back");
    }

    async fn a_conversation_that_breaks_down_takes_nobody_along(world: World) {
        let echo = Echo::default();
        let updates = [text(&world, 1, "8", "b"), text(&world, 2, "7", "беда"), text(&world, 3, "7", "a")];
        arrives(&world, &updates).await;
        assert_eq!(inbox::process_waiting(&world.app, &echo).await.unwrap(), 3);
        assert_eq!(world.count("inbox WHERE processed_at IS NOT NULL").await, 3);
        assert_eq!(world.count("inbox WHERE last_error IS NOT NULL").await, 1);
        assert_eq!(world.count("outbox").await, 2);
    }

    async fn the_worker_hears_what_arrives_and_retries_after_a_second(world: World) {
        let echo = Arc::new(Echo::default());
        let cancel = CancellationToken::new();
        let running = tokio::spawn(inbox::run(world.app.clone(), echo.clone(), cancel.clone()));
        arrives(&world, &[text(&world, 1, "7", "яд"), text(&world, 2, "7", "a")]).await;
        echo.has_heard(1).await;
        let began = world.app.clock.now();
        let ticking = async {
            loop {
                world.clock.advance(chrono::TimeDelta::milliseconds(10));
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = echo.has_heard(4) => {}
            () = ticking => unreachable!(),
        }
        assert!(world.app.clock.now() - began >= chrono::TimeDelta::seconds(2), "retries wait");
        assert_eq!(echo.heard(), ["яд", "яд", "яд", "a"]);
        cancel.cancel();
        running.await.unwrap();
        assert_eq!(world.count("inbox WHERE processed_at IS NULL").await, 0);
    }

    /// A reaction is never set aside because a disk was full for a while.
    async fn a_full_disk_is_nobodys_fault_however_often_it_is_met(world: World) {
        let echo = Echo::default();
        echo.has_no_room.store(true, Ordering::Relaxed);
        arrives(&world, &[text(&world, 1, "1", "полно"), text(&world, 2, "2", "b")]).await;
        for _ in 0..5 {
            inbox::process_waiting(&world.app, &echo).await.unwrap_err();
        }
        assert_eq!(world.count("inbox WHERE attempts = 0 AND processed_at IS NULL").await, 2);
        echo.has_no_room.store(false, Ordering::Relaxed);
        assert_eq!(inbox::process_waiting(&world.app, &echo).await.unwrap(), 2);
        assert_eq!(world.count("outbox").await, 2);
    }

    async fn a_clock_that_is_set_back_keeps_no_chat_waiting(world: World) {
        let echo = Arc::new(Echo::default());
        let cancel = CancellationToken::new();
        arrives(&world, &[text(&world, 1, "1", "яд"), text(&world, 2, "1", "a")]).await;
        let running = tokio::spawn(inbox::run(world.app.clone(), echo.clone(), cancel.clone()));
        echo.has_heard(1).await;
        world.clock.advance(chrono::TimeDelta::hours(-3));
        let ticking = async {
            loop {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
                world.clock.advance(chrono::TimeDelta::milliseconds(10));
            }
        };
        tokio::select! {
            () = echo.has_heard(2) => {}
            () = ticking => unreachable!(),
        }
        cancel.cancel();
        running.await.unwrap();
    }
}
