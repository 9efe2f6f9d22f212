//! The outbox and its sender: nothing lost, nothing twice.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use opora_core::{
    messaging::{
        outbox::Priority,
        sender::{self, Outcome, Verdict},
    },
    on_backend,
};
use opora_testkit::{World, on_both_databases};
use tokio_util::sync::CancellationToken;

use crate::messenger::{FakeMessenger, Modules, message, put, temporary, unknown};

mod pace;
mod property;
mod turns;

/// A world with its messenger and modules.
struct Post {
    messenger: Arc<FakeMessenger>,
    modules: Arc<Modules>,
}

impl Post {
    fn of(world: &World) -> Self {
        Self { messenger: FakeMessenger::of(world), modules: Arc::default() }
    }

    /// Sends what may go now.
    async fn sends(&self, world: &World) {
        let done = sender::send_waiting(&world.app, self.messenger.clone(), self.modules.clone()).await.unwrap();
        assert!(done, "another sender holds the lease");
    }

    /// Starts the sender as the installation does; dropping the guard kills it on the spot.
    fn runs(&self, world: &World) -> Running {
        let cancel = CancellationToken::new();
        let (messenger, modules) = (self.messenger.clone(), self.modules.clone());
        let task = tokio::spawn(sender::run(world.app.clone(), messenger, modules, cancel.clone()));
        Running { task, cancel }
    }
}

struct Running {
    task: tokio::task::JoinHandle<()>,
    cancel: CancellationToken,
}

impl Running {
    async fn stops(mut self) {
        self.cancel.cancel();
        (&mut self.task).await.unwrap();
    }

    async fn dies(mut self) {
        self.task.abort();
        (&mut self.task).await.unwrap_err();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn minutes(world: &World, minutes: i64) {
    world.clock.advance(TimeDelta::minutes(minutes));
}

on_both_databases! {
    async fn a_message_is_handed_over_once_and_its_id_is_kept(world: World) {
        let post = Post::of(&world);
        put(&world, &[message(&world, "1", "Здравствуйте")]).await;
        post.sends(&world).await;
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["Здравствуйте"]);
        assert_eq!(post.modules.verdicts(), [("1".to_owned(), Verdict::Delivered)]);
        assert_eq!(world.count("outbox WHERE state = 'delivered' AND external_id = '17' AND attempt = 1").await, 1);
    }

    /// PT-D42
    async fn one_cause_gives_one_message(world: World) {
        let with_cause = |text| {
            let mut draft = message(&world, "1", text);
            draft.cause = Some("occurrence:7".to_owned());
            draft
        };
        assert_eq!(put(&world, &[with_cause("a"), with_cause("b")]).await, 1);
        assert_eq!(put(&world, &[with_cause("c")]).await, 0);
        let post = Post::of(&world);
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a"]);
    }

    async fn nothing_goes_before_it_is_due(world: World) {
        let post = Post::of(&world);
        let mut later = message(&world, "1", "later");
        later.due_at += TimeDelta::seconds(1);
        put(&world, &[later]).await;
        world.clock.advance(TimeDelta::milliseconds(999));
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), Vec::<String>::new());
        world.clock.advance(TimeDelta::milliseconds(1));
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["later"]);
    }

    /// PT-D41
    async fn answers_to_people_go_before_reminders(world: World) {
        let post = Post::of(&world);
        let mut answer = message(&world, "3", "answer");
        answer.priority = Priority::Reply;
        put(&world, &[message(&world, "1", "first"), message(&world, "2", "second"), answer]).await;
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["answer", "first", "second"]);
    }

    async fn messages_of_one_piece_of_work_keep_their_order(world: World) {
        let post = Post::of(&world);
        let texts: Vec<String> = (0..30).map(|number| format!("{number:02}")).collect();
        let drafts: Vec<_> = texts.iter().map(|text| message(&world, "1", text)).collect();
        put(&world, &drafts).await;
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), texts);
    }

    /// PT-D41
    async fn a_chat_that_waits_for_a_retry_holds_back_its_later_messages_and_no_others(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", [temporary()]);
        put(&world, &[message(&world, "1", "a"), message(&world, "1", "b"), message(&world, "2", "c")]).await;
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a", "c"]);
        world.clock.advance_seconds(1);
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a", "c", "a", "b"]);
    }

    /// PT-D41
    async fn retries_follow_the_ladder_until_the_time_is_over(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", vec![temporary(); 100]);
        let began = world.app.clock.now();
        let mut draft = message(&world, "1", "a");
        draft.expires_at = Some(began + TimeDelta::minutes(4));
        put(&world, &[draft]).await;
        while post.modules.verdicts().is_empty() {
            post.sends(&world).await;
            world.clock.advance_seconds(1);
        }
        let tries: Vec<_> = post.messenger.sent().iter().map(|sent| (sent.at - began).num_seconds()).collect();
        assert_eq!(tries, [0, 1, 3, 8, 18, 48, 108, 168, 228]);
        assert_eq!(post.modules.verdicts(), [("1".to_owned(), Verdict::Failed)]);
        assert_eq!(world.count("outbox WHERE state = 'expired'").await, 1);
    }

    /// PT-D40
    async fn what_could_not_be_tried_in_time_is_too_late(world: World) {
        let post = Post::of(&world);
        let mut draft = message(&world, "1", "a");
        draft.expires_at = Some(draft.due_at + TimeDelta::minutes(120));
        put(&world, &[draft]).await;
        minutes(&world, 121);
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), Vec::<String>::new());
        assert_eq!(post.modules.verdicts(), [("1".to_owned(), Verdict::TooLate)]);
    }

    /// PT-141, PT-D17
    async fn a_chat_that_blocked_the_bot_gets_nothing_more(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", [Outcome::Blocked]);
        put(&world, &[message(&world, "1", "a"), message(&world, "1", "b"), message(&world, "2", "c")]).await;
        post.sends(&world).await;
        minutes(&world, 60);
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a", "c"]);
        assert_eq!(*post.modules.blocked.lock().unwrap(), ["1"]);
        let mut verdicts = post.modules.verdicts();
        verdicts.sort_by_key(|(chat, _)| chat.clone());
        assert_eq!(verdicts.iter().map(|it| it.1).collect::<Vec<_>>(), [Verdict::Blocked, Verdict::Blocked, Verdict::Delivered]);
    }

    async fn what_is_refused_for_good_fails_at_once(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", [Outcome::Refused("400 message is too long".to_owned())]);
        put(&world, &[message(&world, "1", "a"), message(&world, "1", "b")]).await;
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a", "b"]);
        assert_eq!(world.count("outbox WHERE state = 'failed' AND last_error = '400 message is too long'").await, 1);
    }

    /// PT-D42
    async fn an_unknown_outcome_is_repeated_once_and_marked(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", [unknown(), unknown()]);
        put(&world, &[message(&world, "1", "Примите лекарство")]).await;
        for _ in 0..5 {
            post.sends(&world).await;
            minutes(&world, 1);
        }
        assert_eq!(post.messenger.texts(), ["Примите лекарство", "Повтор:\nПримите лекарство"]);
        assert_eq!(post.modules.verdicts(), [("1".to_owned(), Verdict::Failed)]);
    }

    async fn a_marked_text_is_cut_to_the_limit(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", [unknown()]);
        put(&world, &[message(&world, "1", &"щ".repeat(40))]).await;
        post.sends(&world).await;
        world.clock.advance_seconds(1);
        post.sends(&world).await;
        assert_eq!(post.messenger.texts()[1], format!("Повтор:\n{}…", "щ".repeat(31)));
    }

    async fn a_wrong_token_fails_nobodys_message(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", [Outcome::NoEntry("401".to_owned())]);
        put(&world, &[message(&world, "1", "a")]).await;
        post.sends(&world).await;
        assert_eq!(world.count("outbox WHERE state = 'queued' AND attempt = 0").await, 1);
        minutes(&world, 1);
        post.sends(&world).await;
        assert_eq!(post.modules.verdicts(), [("1".to_owned(), Verdict::Delivered)]);
    }

    async fn a_module_that_chokes_holds_up_nobody(world: World) {
        let post = Post::of(&world);
        *post.modules.chokes_on.lock().unwrap() = Some("2".to_owned());
        put(&world, &["1", "2", "3"].map(|chat| message(&world, chat, chat))).await;
        post.sends(&world).await;
        assert_eq!(world.count("outbox WHERE state = 'delivered'").await, 3);
        let mut chats: Vec<_> = post.modules.verdicts().into_iter().map(|it| it.0).collect();
        chats.sort();
        assert_eq!(chats, ["1", "3"]);
    }

    /// PT-D40: what is past its time ends wherever it stands, and takes no place from what may go.
    async fn what_is_past_its_time_ends_behind_one_that_waits_for_its_next_try(world: World) {
        let post = Post::of(&world);
        let now = world.app.clock.now();
        post.messenger.answers("1", [temporary(), temporary(), temporary()]);
        let mut second = message(&world, "1", "b");
        second.expires_at = Some(now + TimeDelta::seconds(2));
        put(&world, &[message(&world, "1", "a"), second, message(&world, "2", "c")]).await;
        post.sends(&world).await;
        world.clock.advance_seconds(1);
        post.sends(&world).await;
        assert_eq!(world.count("outbox WHERE state = 'expired'").await, 0);
        // The first one is tried again in two seconds only.
        world.clock.advance_seconds(1);
        post.sends(&world).await;
        assert_eq!(world.count("outbox WHERE state = 'expired' AND fault = 'too_late'").await, 1);
        assert_eq!(world.count("outbox WHERE state = 'queued' AND retry_at IS NOT NULL").await, 1);
        assert_eq!(post.messenger.texts(), ["a", "c", "a"]);
        assert!(post.modules.verdicts().contains(&("1".to_owned(), Verdict::TooLate)));
    }

    async fn a_running_sender_hears_of_new_messages_and_wakes_for_due_ones(mut world: World) {
        world.configure(|config| config.telegram.rate = 0.0);
        let post = Post::of(&world);
        let running = post.runs(&world);
        put(&world, &[message(&world, "1", "now")]).await;
        post.messenger.has_taken(1).await;
        let mut later = message(&world, "2", "later");
        later.due_at += TimeDelta::milliseconds(700);
        let due_at = later.due_at;
        put(&world, &[later]).await;
        world.clock.someone_sleeps_until(due_at).await;
        world.clock.set(due_at);
        post.messenger.has_taken(2).await;
        running.stops().await;
        assert_eq!(world.count("outbox WHERE state = 'delivered'").await, 2);
    }
}

/// Waits until so many rows are so.
pub async fn becomes(world: &World, rows: &str, wanted: i64) {
    let search = async {
        while world.count(rows).await != wanted {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let came = tokio::time::timeout(opora_testkit::PATIENCE, search).await;
    assert!(came.is_ok(), "{rows}: {} of them", world.count(rows).await);
}

async fn execute(world: &World, sql: &'static str) {
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(sql).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}
