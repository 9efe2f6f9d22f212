//! Channels, failures and people out of reach.

use std::time::Duration;

use chrono::TimeDelta;
use opora_core::{
    foundation::page::Page,
    messaging::{
        delivery::{
            channels::{self, ChannelState, Day, Queue},
            faults::{self, Failed, FaultFilter, What},
        },
        messenger::Messenger,
        outbox::{Channel, Fault},
        sender::Outcome,
    },
    patronage::{
        activation,
        unreachable::{self, Why},
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

use super::Desk;
use crate::{
    messenger::{list_as_under_way, message, put, temporary, unknown},
    reminders::kit::refusal,
};

async fn telegram(desk: &Desk, world: &World) -> ChannelState {
    let overview = channels::overview(&mut world.look(desk.admin.clone()).await).await.expect("it can be seen");
    let is_it = |state: &ChannelState| state.channel == Channel::Messenger(Messenger::Telegram);
    overview.channels.into_iter().find(is_it).expect("it is a channel")
}

async fn page(desk: &Desk, world: &World, cursor: Option<&str>) -> Page<Failed> {
    let cursor = cursor.map(|cursor| cursor.parse().expect("a cursor"));
    faults::list(&mut world.look(desk.admin.clone()).await, FaultFilter::default(), cursor).await.expect("a page")
}

on_both_databases! {
    async fn only_the_administrator_may_look(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let mut work = world.look(anna.actor()).await;
        assert_eq!(refusal(channels::overview(&mut work).await), "forbidden");
        assert_eq!(refusal(faults::list(&mut work, FaultFilter::default(), None).await), "forbidden");
        assert_eq!(refusal(faults::counts(&mut work, FaultFilter::default()).await), "forbidden");
        assert_eq!(refusal(unreachable::list(&mut work, Why::Blocked, None).await), "forbidden");
    }

    /// PT-D41: ages, pauses and ends of a channel.
    async fn a_channel_tells_what_waits_how_long_and_what_became_of_the_rest(mut world: World) {
        let desk = Desk::of(&mut world).await;
        assert!(!telegram(&desk, &world).await.has_sender, "nobody ever sent");
        let now = world.app.clock.now();
        let mut drafts = Vec::new();
        for (chat, age) in [("1", 0), ("2", 61), ("3", 400), ("4", 500), ("5", 4000), ("6", -60)] {
            let mut draft = message(&world, chat, chat);
            draft.due_at = now - TimeDelta::seconds(age);
            drafts.push(draft);
        }
        put(&world, &drafts).await;
        let state = telegram(&desk, &world).await;
        let oldest = Some(now - TimeDelta::seconds(4000));
        assert_eq!(state.queue, Queue { due: [1, 1, 2, 1], put_off: 0, later: 1, under_way: 0, oldest });
        assert_eq!(state.queue.all_due(), 5);
        list_as_under_way(&world, &["1", "5"]).await;
        let state = telegram(&desk, &world).await;
        let oldest = Some(now - TimeDelta::seconds(500));
        assert_eq!(state.queue, Queue { due: [0, 1, 2, 0], put_off: 0, later: 1, under_way: 2, oldest });
        desk.telegram.answers("3", [temporary()]);
        desk.telegram.answers("2", [Outcome::Refused("400".into())]);
        desk.sends(&world).await;
        // On a server what somebody else left under way waits until he is certainly still.
        world.clock.advance(TimeDelta::milliseconds(750));
        desk.sends(&world).await;
        let state = telegram(&desk, &world).await;
        assert_eq!((state.queue.all_due(), state.queue.put_off, state.queue.later), (1, 1, 1));
        assert_eq!(state.said.as_deref(), Some("502"));
        assert_eq!(state.day, Day { delivered: 3, failed: 1, is_at_least: false });
        world.clock.advance(TimeDelta::hours(25));
        desk.telegram.answers("6", [Outcome::TooMany { retry_after: Duration::from_mins(10) }]);
        desk.sends(&world).await;
        let state = telegram(&desk, &world).await;
        assert_eq!(state.day.failed, 0, "yesterday is over");
        assert_eq!(state.paused_until, Some(world.app.clock.now() + TimeDelta::seconds(600)));
    }

    /// PT-D17, PT-D40, PT-D41, PT-D42: every end has its reason.
    async fn failures_are_told_by_their_reason(mut world: World) {
        let desk = Desk::of(&mut world).await;
        let now = world.app.clock.now();
        let until = |chat: &str, minutes| {
            let mut draft = message(&world, chat, chat);
            draft.expires_at = Some(now + TimeDelta::minutes(minutes));
            draft
        };
        put(&world, &[message(&world, "1", "a"), message(&world, "1", "b"), message(&world, "2", "c")]).await;
        put(&world, &[message(&world, "3", "d"), until("4", 1)]).await;
        desk.telegram.answers("1", [Outcome::Blocked]);
        desk.telegram.answers("2", [Outcome::Refused("400 message is too long".into())]);
        desk.telegram.answers("3", [unknown(), unknown()]);
        desk.telegram.answers("4", vec![temporary(); 9]);
        for _ in 0..3 {
            desk.sends(&world).await;
            world.clock.advance(TimeDelta::minutes(1));
        }
        put(&world, &[until("5", 1)]).await;
        desk.sends(&world).await;
        let counts = faults::counts(&mut world.look(desk.admin.clone()).await, FaultFilter::default()).await.unwrap();
        let told: Vec<_> = counts.iter().map(|it| (it.fault, it.number)).collect();
        let wanted = [
            (Fault::Blocked, 2), (Fault::Refused, 1), (Fault::GaveUp, 1), (Fault::TooLate, 1), (Fault::UnknownTwice, 1),
        ];
        assert_eq!(told, wanted);
        let refused = FaultFilter { fault: Some(Fault::Refused), ..FaultFilter::default() };
        let [refused] = &desk.failed(&world, refused).await[..] else { panic!("one was refused") };
        assert_eq!((&refused.what, refused.said.as_deref()), (&What::Reminder, Some("400 message is too long")));
        assert!(refused.is_in_time);
        let mail = FaultFilter { channel: Some(Channel::Email), ..FaultFilter::default() };
        assert_eq!(desk.failed(&world, mail).await, []);
        let late = FaultFilter { fault: Some(Fault::TooLate), ..FaultFilter::default() };
        assert!(!desk.failed(&world, late).await[0].is_in_time);
    }

    async fn failures_stand_by_pages_with_the_latest_first(mut world: World) {
        let desk = Desk::of(&mut world).await;
        let drafts: Vec<_> = (0..60).map(|chat| message(&world, &format!("{chat}"), "x")).collect();
        for chat in 0..60 {
            let outcome = if chat % 2 == 0 { Outcome::Refused("400".into()) } else { Outcome::Blocked };
            desk.telegram.answers(&format!("{chat}"), [outcome]);
        }
        put(&world, &drafts).await;
        desk.sends(&world).await;
        let first = page(&desk, &world, None).await;
        assert_eq!((first.items.len(), first.before.is_none()), (50, true));
        assert!(first.items.windows(2).all(|pair| pair[0].id > pair[1].id));
        let after = first.after.clone().expect("there are more").to_string();
        let second = page(&desk, &world, Some(&after)).await;
        assert_eq!((second.items.len(), second.after.is_none()), (10, true));
        let back = page(&desk, &world, Some(&second.before.expect("there was one").to_string())).await;
        assert_eq!(back.items, first.items);
        assert_eq!(page(&desk, &world, Some("aeA")).await.items, first.items, "a foreign place is the beginning");
    }

    /// PT-D17
    async fn people_out_of_reach_are_listed_with_the_latest_first(world: World) {
        let admin = world.administrator().await;
        let anna = world.curator("Иванова Анна").await;
        for (name, chat) in [("Петрова Мария", "1001"), ("Сидоров Олег", "1002"), ("Белова Ида", "1003")] {
            world.citizen(name).of(&anna).linked(chat).await;
        }
        world.citizen("Новая Нина").of(&anna).await;
        for account in ["1001", "1002"] {
            let mut work = world.begin(Actor::System).await;
            activation::mark_blocked(&mut work, Messenger::Telegram, account).await.unwrap();
            work.commit().await.unwrap();
            world.clock.advance_seconds(60);
        }
        let names = async |why| {
            let page = unreachable::list(&mut world.look(admin.clone()).await, why, None).await.unwrap();
            page.items.into_iter().map(|it| (it.name.surname, it.curator.map(|name| name.surname))).collect::<Vec<_>>()
        };
        let row = |name: &str| (name.to_owned(), Some("Иванова".to_owned()));
        assert_eq!(names(Why::Blocked).await, [row("Сидоров"), row("Петрова")]);
        assert_eq!(names(Why::NotConnected).await, [], "the code has not ended");
        world.clock.advance(world.app.config.activation_code_life());
        assert_eq!(names(Why::NotConnected).await, [row("Новая")]);
    }
}
