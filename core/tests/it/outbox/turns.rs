//! Whose turn it is to send: senders that die, are held up, lose their lease or the confirmation of a commit.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use opora_core::{foundation::db::Db, messaging::sender::Verdict, on_backend, schedule::lease::Lease};
use opora_testkit::{Backend, World, on_both_databases};
use sqlx::types::{Json, Uuid};

use super::{Post, becomes, execute, minutes};
use crate::messenger::{list_as_under_way, message, put};

/// What a sender on a server leaves under way is repeated after this time.
const AFTER_A_RIVAL: TimeDelta = TimeDelta::milliseconds(750);

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
}

/// How many messages are listed as under way.
async fn under_way(world: &World) -> i64 {
    const SQL: &str = "SELECT under_way FROM flights WHERE channel = 'telegram'";
    let mut tx = world.tx().await;
    let listed: Json<Vec<Uuid>> = on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await.unwrap());
    i64::try_from(listed.0.len()).unwrap()
}
