//! The outbox and its sender: nothing lost, nothing twice.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use chrono::TimeDelta;
use opora_core::{
    foundation::db::Db,
    messaging::{
        outbox::Priority,
        sender::{self, Outcome, Verdict},
    },
    on_backend,
    schedule::lease::Lease,
};
use opora_testkit::{Backend, World, on_both_databases};
use sqlx::types::{Json, Uuid};
use tokio_util::sync::CancellationToken;

use crate::messenger::{FakeMessenger, Modules, Sent, delivered, list_as_under_way, message, put, temporary, unknown};

/// What a sender on a server leaves under way is repeated after this time.
const AFTER_A_RIVAL: TimeDelta = TimeDelta::milliseconds(750);

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

/// PT-D42: the messages of a sender that was held up may be another's by now. Alone on an embedded database it need not ask.
#[test]
fn a_sender_that_was_held_up_asks_whose_turn_it_is_before_it_goes_on() {
    opora_testkit::run(Backend::Postgres, async |mut world| {
        world.configure(|config| config.telegram.rate = 4.0);
        let post = Post::of(&world);
        put(&world, &["1", "2"].map(|chat| message(&world, chat, chat))).await;
        let running = post.runs(&world);
        let gap = post.messenger.has_taken(1).await[0].at + TimeDelta::microseconds(252_500);
        // The second row is taken a little before its gap.
        let taken_at = gap - TimeDelta::milliseconds(20);
        world.clock.someone_sleeps_until(taken_at).await;
        world.clock.advance(taken_at - world.app.clock.now());
        world.clock.someone_sleeps_until(gap).await;
        let Db::Postgres(pool) = &world.app.db else { unreachable!("it is a server") };
        let mut rival = pool.begin().await.unwrap();
        sqlx::query("SELECT 1 FROM flights FOR UPDATE").execute(&mut *rival).await.unwrap();
        world.clock.advance_seconds(1);
        while world.count("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").await == 0
        {
        }
        assert_eq!(post.messenger.texts(), ["1"]);
        rival.rollback().await.unwrap();
        post.messenger.has_taken(2).await;
        running.stops().await;
    });
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

    /// PT-D41
    async fn after_too_many_requests_the_bot_is_silent_as_told_even_across_a_restart(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", [Outcome::TooMany { retry_after: Duration::from_secs(10_072) }]);
        put(&world, &[message(&world, "1", "a")]).await;
        let running = post.runs(&world);
        post.messenger.has_taken(1).await;
        running.stops().await;
        put(&world, &[message(&world, "2", "b")]).await;
        world.clock.advance_seconds(10_071);
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a"]);
        world.clock.advance_seconds(1);
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a", "a", "b"]);
        assert_eq!(world.count("outbox WHERE state = 'delivered' AND attempt = 1").await, 2);
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

    /// PT-D42
    async fn a_sender_that_died_leaves_one_repetition(world: World) {
        let post = Post::of(&world);
        post.messenger.falls_silent();
        put(&world, &[message(&world, "1", "a")]).await;
        let running = post.runs(&world);
        post.messenger.has_taken(1).await;
        running.dies().await;
        post.messenger.wakes();
        // On a server nobody sees here that it died: its lease has to run out.
        world.clock.advance_seconds(7);
        post.sends(&world).await;
        if world.backend() == Backend::Postgres {
            assert_eq!(post.messenger.texts(), ["a"], "it may live all the same, and hand over what it had taken");
            world.clock.advance(AFTER_A_RIVAL);
            post.sends(&world).await;
        }
        assert_eq!(post.messenger.texts(), ["a", "Повтор:\na"]);
        assert_eq!(post.modules.verdicts(), [("1".to_owned(), Verdict::Delivered)]);
    }

    /// PT-D42
    async fn a_sender_that_died_twice_over_one_message_gives_it_up(mut world: World) {
        world.configure(|config| (config.telegram.rate, config.telegram.chat_rate) = (0.0, 0.0));
        let post = Post::of(&world);
        post.messenger.falls_silent();
        put(&world, &[message(&world, "1", "a")]).await;
        for taken in 1..=2 {
            let running = post.runs(&world);
            if taken == 2 && world.backend() == Backend::Postgres {
                world.clock.someone_sleeps_until(world.app.clock.now() + AFTER_A_RIVAL).await;
                world.clock.advance(AFTER_A_RIVAL);
            }
            post.messenger.has_taken(taken).await;
            running.dies().await;
            minutes(&world, 3);
        }
        post.messenger.wakes();
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a", "Повтор:\na"]);
        assert_eq!(post.modules.verdicts(), [("1".to_owned(), Verdict::Failed)]);
    }

    async fn a_result_that_comes_after_a_take_over_changes_nothing(world: World) {
        let post = Post::of(&world);
        post.messenger.falls_silent();
        put(&world, &[message(&world, "1", "a")]).await;
        let old = post.runs(&world);
        post.messenger.has_taken(1).await;
        // The old sender is cut off from time, so it does not notice; the new one takes over.
        execute(&world, "UPDATE leases SET epoch = epoch + 1").await;
        execute(&world, "UPDATE flights SET epoch = epoch + 1").await;
        post.messenger.wakes();
        old.stops().await;
        assert_eq!(post.modules.verdicts(), []);
        assert_eq!(world.count("outbox WHERE state = 'queued' AND attempt = 0").await, 1);
        assert_eq!(under_way(&world).await, 1, "the list is the new sender's");
    }

    async fn a_sender_that_lost_its_lease_takes_nothing_more(world: World) {
        let post = Post::of(&world);
        let old = post.runs(&world);
        let heartbeat = match world.backend() {
            Backend::Postgres => TimeDelta::seconds(2),
            Backend::Sqlite => TimeDelta::seconds(10),
        };
        world.clock.someone_sleeps_until(world.app.clock.now() + heartbeat).await;
        execute(&world, "UPDATE leases SET epoch = epoch + 1").await;
        put(&world, &[message(&world, "1", "a")]).await;
        world.clock.advance(heartbeat);
        // It notices at its heartbeat, ends, and only then may ask for the lease again.
        world.clock.someone_sleeps_until(world.app.clock.now() + TimeDelta::seconds(1)).await;
        assert_eq!(post.messenger.texts(), Vec::<String>::new());
        old.dies().await;
    }

    async fn only_one_sender_works_at_a_time_on_a_server(world: World) {
        let lease = Lease::take(&world.app, "send telegram").await.unwrap().unwrap();
        let second = Lease::take(&world.app, "send telegram").await.unwrap();
        match world.backend() {
            Backend::Postgres => assert_eq!(second, None),
            Backend::Sqlite => assert!(second.unwrap().epoch > lease.epoch, "what stands there is left over"),
        }
        world.clock.advance_seconds(10);
        let third = Lease::take(&world.app, "send telegram").await.unwrap().unwrap();
        assert!(third.epoch > lease.epoch);
        assert!(!lease.renew(&world.app).await.unwrap());
    }

    async fn what_a_stopping_sender_did_not_hand_over_is_given_back(mut world: World) {
        world.configure(|config| config.telegram.rate = 4.0);
        let post = Post::of(&world);
        put(&world, &["1", "2", "3"].map(|chat| message(&world, chat, chat))).await;
        let running = post.runs(&world);
        post.messenger.has_taken(1).await;
        running.stops().await;
        assert_eq!(world.count("outbox WHERE state = 'delivered'").await, 1);
        assert_eq!(world.count("outbox WHERE state = 'queued' AND attempt = 0").await, 2);
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

    /// PT-D41
    async fn no_second_holds_more_than_the_limits_allow(mut world: World) {
        world.configure(|config| {
            config.telegram.rate = 10.0;
            config.telegram.chat_rate = 1.0;
        });
        let post = Post::of(&world);
        let drafts: Vec<_> = (0..60).map(|number| message(&world, &format!("{}", number % 20), "a")).collect();
        put(&world, &drafts).await;
        let running = post.runs(&world);
        let sent = world.time_passes_until(post.messenger.has_taken(60)).await;
        running.stops().await;
        no_second_holds_more_than(&sent, 10);
    }

    /// PT-D42
    async fn no_row_is_taken_before_it_can_be_handed_over(mut world: World) {
        world.configure(|config| config.telegram.rate = 30.0);
        let post = Post::of(&world);
        post.messenger.falls_silent();
        let drafts: Vec<_> = (0..200).map(|number| message(&world, &format!("{number}"), "a")).collect();
        put(&world, &drafts).await;
        let running = post.runs(&world);
        world.time_passes_until(post.messenger.has_taken(5)).await;
        running.dies().await;
        post.messenger.wakes();
        let handed_over = i64::try_from(post.messenger.sent().len()).unwrap();
        let in_doubt = under_way(&world).await;
        assert!((handed_over..=handed_over + 1).contains(&in_doubt), "{in_doubt} in doubt, {handed_over} handed over");
    }

    async fn a_clock_that_is_set_back_stops_nobody(mut world: World) {
        world.configure(|config| config.telegram.rate = 10.0);
        let post = Post::of(&world);
        put(&world, &[message(&world, "1", "before")]).await;
        let running = post.runs(&world);
        post.messenger.has_taken(1).await;
        let drafts = [message(&world, "2", "after"), message(&world, "3", "after")].map(|mut draft| {
            draft.due_at -= TimeDelta::hours(2);
            draft
        });
        world.clock.advance(TimeDelta::minutes(-60));
        put(&world, &drafts).await;
        world.time_passes_until(post.messenger.has_taken(3)).await;
        running.stops().await;
    }

    /// PT-D42. A commit whose confirmation gets lost took rows that its sender never saw.
    async fn while_nothing_can_be_recorded_nothing_is_handed_over_twice_or_forgotten(mut world: World) {
        world.configure(|config| (config.telegram.rate, config.telegram.chat_rate) = (0.0, 0.0));
        let post = Post::of(&world);
        post.modules.find_no_room.store(true, Ordering::Relaxed);
        let mut later = message(&world, "2", "b");
        later.due_at += TimeDelta::hours(1);
        put(&world, &[message(&world, "1", "a"), later]).await;
        let running = post.runs(&world);
        let mut told = post.modules.told.subscribe();
        world.time_passes_until(told.wait_for(|told| *told >= 3)).await.unwrap();
        list_as_under_way(&world, &["2"]).await;
        post.modules.find_no_room.store(false, Ordering::Relaxed);
        world.time_passes_until(becomes(&world, "outbox WHERE state = 'delivered'", 1)).await;
        world.clock.advance(TimeDelta::hours(1));
        world.time_passes_until(becomes(&world, "outbox WHERE state = 'delivered' AND attempt = 1", 2)).await;
        assert_eq!(post.messenger.texts(), ["a", "b"]);
        running.stops().await;
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

    /// PT-D42. After a lost confirmation the results are written once more, and change nothing.
    async fn what_a_commit_without_confirmation_has_told_is_not_told_again(mut world: World) {
        world.configure(|config| (config.telegram.rate, config.telegram.chat_rate) = (0.0, 0.0));
        let post = Post::of(&world);
        post.modules.find_no_room.store(true, Ordering::Relaxed);
        put(&world, &[message(&world, "1", "a")]).await;
        let running = post.runs(&world);
        let mut told = post.modules.told.subscribe();
        world.time_passes_until(told.wait_for(|told| *told >= 2)).await.unwrap();
        execute(&world, "UPDATE outbox SET state = 'delivered', attempt = 1, finished_at = due_at").await;
        post.modules.find_no_room.store(false, Ordering::Relaxed);
        put(&world, &[message(&world, "2", "b")]).await;
        world.time_passes_until(becomes(&world, "outbox WHERE state = 'delivered'", 2)).await;
        running.stops().await;
        assert_eq!(post.messenger.texts(), ["a", "b"]);
        assert_eq!(post.modules.verdicts(), [("2".to_owned(), Verdict::Delivered)]);
    }

    /// PT-D40, PT-D41
    async fn a_clock_that_is_set_back_by_hours_lets_nothing_wait_for_hours(mut world: World) {
        world.configure(|config| (config.telegram.rate, config.telegram.chat_rate) = (0.0, 0.0));
        let post = Post::of(&world);
        post.messenger.answers("1", [temporary()]);
        post.messenger.answers("2", [Outcome::TooMany { retry_after: Duration::from_secs(30) }]);
        let mut answer = message(&world, "1", "answer");
        answer.priority = Priority::Reply;
        put(&world, &[answer]).await;
        let running = post.runs(&world);
        becomes(&world, "outbox WHERE state = 'queued' AND retry_at IS NOT NULL", 1).await;
        world.clock.advance(TimeDelta::hours(-3));
        world.time_passes_until(post.messenger.has_taken(2)).await;

        // Neither does a silence, not even across a restart; and what is due later by the new time is not early.
        put(&world, &[message(&world, "2", "reminder")]).await;
        becomes(&world, "outbox WHERE last_error = 'too many requests'", 1).await;
        world.clock.advance(TimeDelta::hours(-3));
        put(&world, &[message(&world, "3", "now")]).await;
        running.stops().await;
        let running = post.runs(&world);
        world.clock.advance_seconds(20);
        becomes(&world, "leases WHERE name = 'send telegram' AND epoch = 2", 1).await;
        assert_eq!(post.messenger.texts(), ["answer", "answer", "reminder"], "it is silent as told");
        world.clock.advance_seconds(11);
        world.time_passes_until(post.messenger.has_taken(4)).await;
        assert_eq!(post.messenger.texts(), ["answer", "answer", "reminder", "now"]);
        running.stops().await;
    }

    /// PT-D41
    async fn after_a_set_back_in_the_night_of_a_restart_no_try_waits_for_hours(world: World) {
        let post = Post::of(&world);
        post.messenger.answers("1", [temporary()]);
        let mut draft = message(&world, "1", "a");
        draft.due_at -= TimeDelta::hours(6);
        put(&world, &[draft]).await;
        post.sends(&world).await;
        world.clock.advance(TimeDelta::hours(-3));
        // On a server nobody sees here that the first sender is gone.
        execute(&world, "DELETE FROM leases").await;
        post.sends(&world).await;
        assert_eq!(post.messenger.texts(), ["a", "a"]);
    }

    async fn the_pace_is_kept_across_a_restart(mut world: World) {
        world.configure(|config| config.telegram.chat_rate = 1.0);
        let post = Post::of(&world);
        put(&world, &[message(&world, "1", "a")]).await;
        let running = post.runs(&world);
        post.messenger.has_taken(1).await;
        running.stops().await;
        put(&world, &[message(&world, "1", "b")]).await;
        let began = world.app.clock.now();
        let running = post.runs(&world);
        world.clock.someone_sleeps_until(began + TimeDelta::milliseconds(1002)).await;
        assert_eq!(post.messenger.texts(), ["a"]);
        world.clock.advance(TimeDelta::milliseconds(1002));
        post.messenger.has_taken(2).await;
        running.stops().await;
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

/// PT-D41. The pace is the engine's; one database shows it.
#[test]
fn six_hundred_at_once_take_their_time_and_an_answer_does_not_wait_for_them() {
    opora_testkit::run(Backend::Sqlite, six_hundred);
}

async fn six_hundred(mut world: World) {
    world.configure(|config| {
        config.telegram.rate = 30.0;
        config.telegram.chat_rate = 1.0;
    });
    let post = Post::of(&world);
    let drafts: Vec<_> = (0..600).map(|number| message(&world, &format!("{}", number % 300), "a")).collect();
    put(&world, &drafts).await;
    let running = post.runs(&world);
    world.time_passes_until(post.messenger.has_taken(300)).await;
    let asked_at = world.app.clock.now();
    let mut answer = message(&world, "of all", "answer");
    answer.priority = Priority::Reply;
    put(&world, &[answer]).await;
    let sent = world.time_passes_until(post.messenger.has_taken(601)).await;
    running.stops().await;
    let answered = sent.iter().find(|it| it.text == "answer").unwrap().at - asked_at;
    assert!(answered <= TimeDelta::milliseconds(200), "the answer came after {answered}");
    let took = (sent.last().unwrap().at - sent[0].at).as_seconds_f64();
    assert!((20.0..=21.0).contains(&took), "{took} s");
    no_second_holds_more_than(&sent, 30);
}

/// … in all, and no more than one in a chat.
fn no_second_holds_more_than(sent: &[Sent], limit: usize) {
    for (index, first) in sent.iter().enumerate() {
        let second: Vec<_> = sent[index..].iter().take_while(|it| it.at - first.at < TimeDelta::seconds(1)).collect();
        assert!(second.len() <= limit, "{} messages in the second from {}", second.len(), first.at);
        let same_chat = second.iter().filter(|it| it.chat == first.chat).count();
        assert_eq!(same_chat, 1, "chat {} in the second from {}", first.chat, first.at);
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

mod property {
    use proptest::prelude::*;

    use super::*;

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            4 => Just(delivered()),
            3 => Just(temporary()),
            2 => Just(unknown()),
            1 => Just(Outcome::Refused("400".to_owned())),
            1 => Just(Outcome::TooMany { retry_after: Duration::from_secs(7) }),
            1 => Just(Outcome::NoEntry("401".to_owned())),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        /// PT-D42
        #[test]
        fn whatever_happens_no_message_is_lost_or_told_twice(
            chats in prop::collection::vec(prop::collection::vec(outcome(), 0..8), 1..5),
            messages in 1_usize..5,
        ) {
            opora_testkit::run(Backend::Sqlite, |world| story(world, chats, messages));
        }
    }

    async fn story(world: World, chats: Vec<Vec<Outcome>>, messages: usize) {
        let post = Post::of(&world);
        let mut drafts = Vec::new();
        for (chat, outcomes) in chats.iter().enumerate() {
            post.messenger.answers(&chat.to_string(), outcomes.clone());
            drafts.extend((0..messages).map(|number| message(&world, &chat.to_string(), &format!("{chat}-{number}"))));
        }
        put(&world, &drafts).await;
        for _ in 0..200 {
            post.sends(&world).await;
            if world.count("outbox WHERE state = 'queued'").await == 0 {
                break;
            }
            world.clock.advance_seconds(61);
        }
        assert_eq!(world.count("outbox WHERE state = 'queued'").await, 0, "something is lost");
        assert_eq!(post.modules.verdicts().len(), drafts.len(), "each end is told once");
        for (chat, _) in chats.iter().enumerate() {
            check(&post, chat, messages);
        }
    }

    /// What one chat has seen: in order, accepted at most once, repeated at most once after an unknown outcome.
    fn check(post: &Post, chat: usize, messages: usize) {
        let sent: Vec<_> = post.messenger.sent().into_iter().filter(|sent| sent.chat == chat.to_string()).collect();
        let plain = |text: &str| text.trim_start_matches("Повтор:\n").to_owned();
        let mut order: Vec<_> = sent.iter().map(|sent| plain(&sent.text)).collect();
        order.dedup();
        assert_eq!(order, (0..messages).map(|number| format!("{chat}-{number}")).collect::<Vec<_>>());
        for text in order {
            let tries: Vec<_> = sent.iter().filter(|sent| plain(&sent.text) == text).collect();
            let maybe_arrived =
                tries.iter().filter(|it| matches!(it.outcome, Outcome::Delivered { .. } | Outcome::Unknown(_)));
            assert!(maybe_arrived.clone().count() <= 2, "{tries:?}");
            for (index, sent) in maybe_arrived.enumerate() {
                assert_eq!(sent.text.starts_with("Повтор:"), index > 0, "{tries:?}");
            }
        }
    }
}

/// How many messages are listed as under way.
async fn under_way(world: &World) -> i64 {
    const SQL: &str = "SELECT under_way FROM flights WHERE channel = 'telegram'";
    let mut tx = world.tx().await;
    let listed: Json<Vec<Uuid>> = on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await.unwrap());
    i64::try_from(listed.0.len()).unwrap()
}
