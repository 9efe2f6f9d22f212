//! Sending stands still, and goes on.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use opora_core::{
    messaging::{
        bots,
        delivery::standstill::{Cause, Standstill, Watch, standing, watched_at},
        messenger::Messenger,
        outbox::Channel,
        sender::Outcome,
    },
    on_backend,
    schedule::{
        lease::Lease,
        periodic::{self, Job},
    },
};
use opora_testkit::{World, on_both_databases};

use super::Desk;
use crate::{
    messenger::{message, put, temporary},
    reminders::kit::Programme,
};

const TELEGRAM: Channel = Channel::Messenger(Messenger::Telegram);

/// Telegram alone, and letters to the administrator.
async fn desk(world: &mut World) -> Desk {
    world.configure(|config| config.web_chat.enabled = false);
    let desk = Desk::of(world).await;
    world.mail_is_set("admin@opora.test").await;
    minute(world).await;
    desk
}

/// A minute passes, in which somebody holds the leases of the senders, and the watch looks.
async fn minute(world: &World) {
    world.clock.advance(TimeDelta::minutes(1));
    hold(world, 3600).await;
    look(world).await;
}

async fn look(world: &World) {
    let jobs: [Arc<dyn Job>; 1] = [Arc::new(Watch)];
    periodic::run_due(&world.app, &jobs).await.expect("the watch looks");
}

/// Both senders are there for so many seconds more.
async fn hold(world: &World, seconds: i64) {
    const SQL: &str = "UPDATE leases SET until = $1";
    for name in ["send telegram", "send email"] {
        Lease::take(&world.app, name).await.expect("the database answers");
    }
    let until = world.app.clock.now() + TimeDelta::seconds(seconds);
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(SQL).bind(until).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

/// The leases run out, so that somebody else may send.
async fn let_go(world: &World) {
    const SQL: &str = "UPDATE leases SET until = $1";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(SQL).bind(world.app.clock.now()).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

async fn stands(world: &World) -> Vec<Standstill> {
    standing(&mut world.tx().await).await.expect("it can be read")
}

async fn letters(world: &World) -> Vec<String> {
    let sent = world.sent().await.into_iter().filter(|it| it.channel == "email" && it.recipient == "administrator");
    sent.map(|it| it.payload["subject"].as_str().unwrap_or_default().to_owned()).collect()
}

on_both_databases! {
    async fn what_is_due_and_does_not_go_is_a_standstill_with_one_letter(mut world: World) {
        desk(&mut world).await;
        let since = world.app.clock.now();
        put(&world, &[message(&world, "1", "a")]).await;
        for _ in 0..5 {
            minute(&world).await;
            assert_eq!(stands(&world).await, [], "five minutes are no standstill, nor is one look");
        }
        minute(&world).await;
        let standstill = Standstill { channel: TELEGRAM, cause: Cause::Stuck, since, detail: None };
        assert_eq!(stands(&world).await, [standstill]);
        assert_eq!(letters(&world).await.len(), 1);
        assert!(letters(&world).await[0].contains("отправка стоит (Telegram)"));
        for _ in 0..10 {
            minute(&world).await;
        }
        assert_eq!(letters(&world).await.len(), 1, "one letter, however long it lasts");
        assert!(watched_at(&mut world.tx().await).await.unwrap().is_some());
    }

    /// The messenger is probed with one message at a time, which is under way whenever a look happens to fall on it.
    async fn a_message_under_way_at_the_moment_of_a_look_is_no_end_of_a_standstill(mut world: World) {
        const TRIED: &str = "UPDATE outbox SET retry_at = due_at, last_error = '502 Bad Gateway' WHERE recipient = '1'";
        desk(&mut world).await;
        let since = world.app.clock.now();
        put(&world, &[message(&world, "1", "a")]).await;
        for _ in 0..6 {
            minute(&world).await;
        }
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query(TRIED).execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        minute(&world).await;
        let detail = Some("502 Bad Gateway".to_owned());
        assert_eq!(stands(&world).await, [Standstill { channel: TELEGRAM, cause: Cause::Stuck, since, detail }]);
        assert_eq!(letters(&world).await.len(), 1);
    }

    async fn while_it_lasts_there_is_a_letter_a_day_and_one_when_it_is_over(mut world: World) {
        let desk = desk(&mut world).await;
        put(&world, &[message(&world, "1", "a")]).await;
        for _ in 0..6 {
            minute(&world).await;
        }
        world.clock.advance(TimeDelta::hours(24));
        minute(&world).await;
        assert_eq!(letters(&world).await.len(), 2);
        let_go(&world).await;
        desk.sends(&world).await;
        minute(&world).await;
        let still: Vec<_> = stands(&world).await.into_iter().map(|it| it.channel).collect();
        assert_eq!(still, [Channel::Email], "nobody has carried the letters meanwhile");
        let told = letters(&world).await;
        assert_eq!(told.len(), 3);
        assert!(told[2].contains("отправка снова идёт (Telegram)"), "{told:?}");
        minute(&world).await;
        assert_eq!(letters(&world).await.len(), 3);
    }

    /// PT-D41: the messenger asked for silence; and where something moves, nothing stands still.
    async fn pauses_and_queues_that_move_are_no_standstill(mut world: World) {
        let desk = desk(&mut world).await;
        put(&world, &[message(&world, "1", "a"), message(&world, "2", "b")]).await;
        desk.telegram.answers("1", [Outcome::TooMany { retry_after: Duration::from_mins(30) }]);
        let_go(&world).await;
        desk.sends(&world).await;
        for _ in 0..20 {
            minute(&world).await;
        }
        assert_eq!(stands(&world).await, [], "silence as told");
        // Afterwards one chat is slow: its message is old, others go.
        world.clock.advance(TimeDelta::minutes(9));
        desk.telegram.answers("1", vec![temporary(); 40]);
        for number in 0..10 {
            put(&world, &[message(&world, &format!("other{number}"), "c")]).await;
            let_go(&world).await;
            desk.sends(&world).await;
            minute(&world).await;
        }
        assert_eq!(stands(&world).await, [], "something moves");
    }

    async fn without_a_sender_or_with_a_bot_that_is_not_let_in_it_stands_still(mut world: World) {
        desk(&mut world).await;
        let_go(&world).await;
        let since = world.app.clock.now();
        for _ in 0..3 {
            assert_eq!(stands(&world).await, [], "another process may be about to take over");
            world.clock.advance(TimeDelta::minutes(1));
            look(&world).await;
        }
        let wanted = [TELEGRAM, Channel::Email].map(|channel| (channel, Cause::NoSender, since));
        let told: Vec<_> = stands(&world).await.into_iter().map(|it| (it.channel, it.cause, it.since)).collect();
        assert_eq!(told.len(), 2);
        assert!(wanted.iter().all(|it| told.contains(it)), "{told:?}");
        assert_eq!(letters(&world).await.len(), 1, "no letter can tell of mail");
        minute(&world).await;
        assert_eq!(stands(&world).await, []);
        bots::is_in_trouble(&world.app, Messenger::Telegram, "401").await.unwrap();
        for _ in 0..5 {
            minute(&world).await;
            assert_eq!(stands(&world).await, [], "trouble of a few minutes passes");
        }
        minute(&world).await;
        let [standstill] = &stands(&world).await[..] else { panic!("the bot stands still") };
        assert_eq!((standstill.cause, standstill.detail.as_deref()), (Cause::Bot, Some("401")));
    }

    /// Nothing looked in between: what was suspected before a stop counts no more.
    async fn looks_that_are_far_apart_are_not_in_a_row(mut world: World) {
        desk(&mut world).await;
        let_go(&world).await;
        world.clock.advance(TimeDelta::minutes(2));
        look(&world).await;
        assert_eq!(world.count("standstills").await, 2, "suspected");
        world.clock.advance(TimeDelta::hours(8));
        look(&world).await;
        assert_eq!(stands(&world).await, []);
        minute(&world).await;
        assert_eq!(world.count("standstills").await, 0);
    }
}
