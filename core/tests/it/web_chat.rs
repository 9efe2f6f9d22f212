//! The web chat as a messenger.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use opora_core::{
    Work,
    foundation::{
        errors::Failure,
        ids::{OccurrenceId, OutboxId, SubmissionId},
    },
    messaging::{
        inbox::{self, Conversation},
        message::{Button, Event, Incoming, Keyboard, Outgoing},
        press::{Press, Reaction},
        web_chat::{self, Author, Key, Post, Shown, WebChat},
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};
use uuid::Uuid;

fn visitor() -> Actor {
    Actor::Stranger { address: "192.0.2.7".to_owned() }
}

fn say(text: &str, keyboard: Keyboard) -> Outgoing {
    Outgoing::Say { text: text.to_owned(), keyboard }
}

async fn open(world: &World) -> (Key, WebChat) {
    let key = Key::draw(world.app.clock.now(), &*world.app.chance);
    let mut work = world.begin(visitor()).await;
    let chat = web_chat::open(&mut work, &key).await.expect("the chat opens").expect("the key is fresh");
    work.commit().await.expect("it stays");
    (key, chat)
}

async fn post(world: &World, chat: &WebChat, submission: SubmissionId, what: Post) {
    let mut work = world.begin(visitor()).await;
    web_chat::post(&mut work, chat, submission, what).await.expect("it can be posted");
    work.commit().await.expect("it stays");
}

async fn show(world: &World, outbox: OutboxId, chat: &WebChat, outgoing: &Outgoing) -> Shown {
    let mut work = world.begin(Actor::System).await;
    let shown = web_chat::show(&mut work, outbox, chat.id, outgoing).await.expect("it can be shown");
    work.commit().await.expect("it stays");
    shown
}

async fn texts(world: &World, chat: &WebChat) -> Vec<String> {
    let mut work = world.look(visitor()).await;
    let page = web_chat::lines(&mut work, chat, None).await.expect("the lines can be read");
    page.items.into_iter().rev().map(|line| line.text).collect()
}

fn outbox(number: u128) -> OutboxId {
    OutboxId(Uuid::from_u128(number))
}

/// Counts what it hears.
#[derive(Default)]
struct Ear(AtomicU32);

#[async_trait]
impl Conversation for Ear {
    async fn receive(&self, _: &mut Work, incoming: &Incoming) -> Result<(), Failure> {
        assert_eq!(incoming.what, Event::Text { text: "Здравствуйте".to_owned() });
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

on_both_databases! {
    async fn only_the_key_opens_its_chat(world: World) {
        let (key, chat) = open(&world).await;
        let stranger = Key::parse(&format!("{}.{}", key.id(), "A".repeat(43))).expect("a well-formed key");
        let mut work = world.begin(visitor()).await;
        assert_eq!(web_chat::resume(&mut work, &key).await.expect("a look"), Some(chat));
        assert_eq!(web_chat::resume(&mut work, &stranger).await.expect("a look"), None);
        assert_eq!(web_chat::open(&mut work, &stranger).await.expect("a try"), None, "nobody takes a chat over");
    }

    async fn what_is_posted_twice_is_heard_and_shown_once(world: World) {
        let (_, chat) = open(&world).await;
        let submission = SubmissionId(Uuid::from_u128(1));
        for _ in 0..2 {
            post(&world, &chat, submission, Post::Text("Здравствуйте".to_owned())).await;
        }
        let ear = Ear::default();
        inbox::process_waiting(&world.app, &ear).await.expect("it is processed");
        assert_eq!(ear.0.load(Ordering::Relaxed), 1);
        assert_eq!(texts(&world, &chat).await, ["Здравствуйте"]);
    }

    async fn what_is_handed_over_twice_is_shown_once(world: World) {
        let (_, chat) = open(&world).await;
        let message = say("Успешная активация", Keyboard::Menu(vec![vec!["3 дня".to_owned()]]));
        let first = show(&world, outbox(1), &chat, &message).await;
        assert_eq!(show(&world, outbox(1), &chat, &message).await, first);
        show(&world, outbox(2), &chat, &say("Второе", Keyboard::None)).await;
        assert_eq!(texts(&world, &chat).await, ["Успешная активация", "Второе"]);
    }

    async fn the_menu_stays_until_it_is_taken_away(world: World) {
        let (key, chat) = open(&world).await;
        let menu = vec![vec!["3 дня".to_owned(), "7 дней".to_owned()]];
        for (number, keyboard, expected) in [
            (1, Keyboard::Menu(menu.clone()), Some(menu.clone())),
            (2, Keyboard::None, Some(menu)),
            (3, Keyboard::RemoveMenu, None),
        ] {
            show(&world, outbox(number), &chat, &say("…", keyboard)).await;
            let mut work = world.look(visitor()).await;
            let chat = web_chat::resume(&mut work, &key).await.expect("a look").expect("the chat");
            assert_eq!(chat.menu, expected);
        }
    }

    /// PT-134: the answered state stays in the message.
    async fn an_edit_changes_the_line_and_takes_its_buttons(world: World) {
        let (_, chat) = open(&world).await;
        let press = Press::React { occurrence: OccurrenceId(Uuid::from_u128(5)), reaction: Reaction::Done };
        let buttons = Keyboard::Inline(vec![vec![Button { label: "Выполнено".to_owned(), press }]]);
        let Shown::Line(line) = show(&world, outbox(1), &chat, &say("Примите лекарство", buttons)).await else {
            panic!("a line")
        };
        let (_, other) = open(&world).await;
        let text = "Примите лекарство\n\nОтмечено: Выполнено".to_owned();
        let edit = Outgoing::Edit { message: line.to_string(), text: text.clone(), keyboard: Keyboard::None };
        assert_eq!(show(&world, outbox(2), &other, &edit).await, Shown::NoSuch, "not from another chat");
        assert_eq!(show(&world, outbox(3), &chat, &edit).await, Shown::Line(line));
        let mut work = world.look(visitor()).await;
        let lines = web_chat::lines(&mut work, &chat, None).await.expect("the lines").items;
        assert_eq!((lines[0].text.as_str(), &lines[0].buttons, lines[0].author), (text.as_str(), &None, Author::Bot));
        assert!(lines[0].edited_at.is_some());
    }

    async fn the_answer_to_a_press_is_shown_once(world: World) {
        let (_, chat) = open(&world).await;
        let answer = Outgoing::Answer { press: "1".to_owned(), text: "Отмечено".to_owned() };
        assert_eq!(show(&world, outbox(1), &chat, &answer).await, Shown::Changed);
        let mut work = world.begin(visitor()).await;
        assert_eq!(web_chat::take_notice(&mut work, &chat).await.expect("a look").as_deref(), Some("Отмечено"));
        assert_eq!(web_chat::take_notice(&mut work, &chat).await.expect("a look"), None);
    }

    async fn whoever_watches_hears_of_the_answer(world: World) {
        let (_, chat) = open(&world).await;
        let (_, other) = open(&world).await;
        let mut watch = web_chat::watch(&world.app, chat.id);
        show(&world, outbox(1), &other, &say("Не Вам", Keyboard::None)).await;
        show(&world, outbox(2), &chat, &say("Вам", Keyboard::None)).await;
        watch.changed().await;
        assert_eq!(texts(&world, &chat).await, ["Вам"]);
    }
}

/// The chat that this key opens.
async fn resumed(world: &World, key: &Key) -> Option<WebChat> {
    web_chat::resume(&mut world.look(visitor()).await, key).await.expect("keys can be looked up")
}

async fn invite(world: &World, chat: &WebChat) -> Key {
    let mut work = world.begin(visitor()).await;
    let (invitation, _) = web_chat::invite(&mut work, chat).await.expect("an invitation can be drawn");
    work.commit().await.expect("it stays");
    invitation
}

async fn take_up(world: &World, invitation: &Key) -> Option<Key> {
    let mut work = world.begin(visitor()).await;
    let key = web_chat::take_up(&mut work, invitation).await.expect("invitations can be taken up");
    work.commit().await.expect("it stays");
    key
}

on_both_databases! {
    async fn an_invitation_opens_the_same_chat_in_one_further_browser(world: World) {
        let (first, chat) = open(&world).await;
        let invitation = invite(&world, &chat).await;
        assert_eq!(resumed(&world, &invitation).await, None, "an address is no key");
        let second = take_up(&world, &invitation).await.expect("it is fresh");
        assert_eq!(resumed(&world, &second).await.map(|chat| chat.id), Some(chat.id));
        assert_eq!(resumed(&world, &first).await.map(|chat| chat.id), Some(chat.id));
        assert!(take_up(&world, &invitation).await.is_none(), "it works once");
        assert_eq!(resumed(&world, &invitation).await, None, "what stood in an address opens nothing");
    }

    async fn an_invitation_does_not_work_for_ever_nor_beside_a_newer_one(world: World) {
        let (_, chat) = open(&world).await;
        let (old, new) = (invite(&world, &chat).await, invite(&world, &chat).await);
        assert!(take_up(&world, &old).await.is_none());
        world.clock.advance(web_chat::INVITATION_LIFE);
        assert!(take_up(&world, &new).await.is_none());
    }

    async fn any_browser_can_shut_the_others_out(world: World) {
        let (first, chat) = open(&world).await;
        let second = take_up(&world, &invite(&world, &chat).await).await.expect("it is fresh");
        let third = take_up(&world, &invite(&world, &chat).await).await.expect("it is fresh");
        let mut work = world.begin(visitor()).await;
        assert_eq!(web_chat::others(&mut work, &chat).await.expect("they can be counted"), 2);
        web_chat::forget_others(&mut work, &chat, &second).await.expect("they can be shut out");
        work.commit().await.expect("it stays");
        assert_eq!(resumed(&world, &first).await, None);
        assert_eq!(resumed(&world, &third).await, None);
        assert_eq!(resumed(&world, &second).await.map(|chat| chat.id), Some(chat.id));
    }
}
