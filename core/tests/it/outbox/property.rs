//! Whatever a messenger answers.

use std::time::Duration;

use opora_core::messaging::sender::Outcome;
use opora_testkit::{Backend, World};
use proptest::prelude::*;

use super::Post;
use crate::messenger::{delivered, message, put, temporary, unknown};

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
