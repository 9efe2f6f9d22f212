//! How fast messages go: limits, silences, and clocks that are set back.

use std::time::Duration;

use chrono::TimeDelta;
use opora_core::messaging::{outbox::Priority, sender::Outcome};
use opora_testkit::{Backend, World, on_both_databases};

use super::{Post, becomes, execute};
use crate::messenger::{Sent, message, put, temporary};

on_both_databases! {
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
        let running = post.runs(&world);
        let sent = world.time_passes_until(post.messenger.has_taken(2)).await;
        let gap = sent[1].at - sent[0].at;
        assert!((TimeDelta::seconds(1)..TimeDelta::milliseconds(1100)).contains(&gap), "{gap}");
        running.stops().await;
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
