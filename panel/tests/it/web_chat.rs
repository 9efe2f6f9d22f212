//! The citizens' chat in the browser.

use axum::{body::BodyDataStream, http::StatusCode};
use futures::StreamExt;
use opora_core::{
    foundation::ids::{OutboxId, PersonId},
    messaging::{
        message::{Keyboard, Outgoing},
        web_chat::{self, Key, WebChat},
    },
    patronage::activation::{self, Activation},
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

use crate::visit::{Page, Visitor};

async fn code_of(world: &World, person: PersonId) -> String {
    let administrator = world.administrator().await;
    let mut work = world.begin(administrator).await;
    activation::renew(&mut work, person).await.expect("a code can be issued");
    let state = activation::state_of(&mut work, person).await.expect("the state is known");
    work.commit().await.expect("it stays");
    match state {
        Activation::Waiting { code, .. } => code,
        other => panic!("no code waits: {other:?}"),
    }
}

/// Sends a form of the page with the submission it carries.
async fn send(visitor: &mut Visitor, page: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
    let submission = page.attribute("[name=submission]", "value").expect("the form knows itself");
    let fields: Vec<_> = fields.iter().copied().chain([("submission", submission.as_str())]).collect();
    visitor.post(path, &fields).await
}

on_both_databases! {
    /// PT-083: robots look at links; looking uses nothing up and keeps nothing.
    async fn a_link_with_the_code_only_fills_it_in(world: World) {
        let maria = world.citizen("Петрова Мария").await;
        let code = code_of(&world, maria.person).await;
        let shown = format!("{} {}", &code[..5], &code[5..]);
        for path in [format!("/chat?code={code}"), format!("/chat/start/{code}")] {
            let page = Visitor::stranger(&world).get(&path).await;
            assert_eq!(page.attribute("[name=code]", "value").as_deref(), Some(shown.as_str()));
        }
        assert_eq!(world.count("web_chats").await + world.count("inbox").await, 0);
        let mut work = world.begin(opora_core::people::access::Actor::System).await;
        let state = activation::state_of(&mut work, maria.person).await.expect("the state is known");
        assert!(matches!(state, Activation::Waiting { .. }), "{state:?}");
    }

    async fn the_code_goes_through_the_inbox_and_the_browser_is_known_afterwards(world: World) {
        let mut visitor = Visitor::stranger(&world);
        let page = visitor.get("/chat").await;
        let answer = send(&mut visitor, &page, "/chat/start", &[("code", "12345 67890")]).await;
        assert_eq!(answer.location(), "/chat#end");
        assert!(visitor.cookie("opora_chat").is_some());
        assert_eq!((world.count("web_chats").await, world.count("inbox").await), (1, 1));
    }

    async fn text_without_a_digit_is_no_try_at_a_code(world: World) {
        let mut visitor = Visitor::stranger(&world);
        let page = visitor.get("/chat").await;
        let refused = send(&mut visitor, &page, "/chat/start", &[("code", "привет")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(refused.text_of("[role=alert]"), "Введите код активации");
        assert_eq!(world.count("inbox").await, 0);
    }

    /// PT-090: new chats do not get around the counter.
    async fn one_address_cannot_try_codes_for_ever(mut world: World) {
        world.configure(|config| config.web_chat.enabled = true);
        for _ in 0..30 {
            let mut visitor = Visitor::stranger(&world);
            let page = visitor.get("/chat").await;
            send(&mut visitor, &page, "/chat/start", &[("code", "1")]).await;
        }
        let mut visitor = Visitor::stranger(&world);
        let page = visitor.get("/chat").await;
        let refused = send(&mut visitor, &page, "/chat/start", &[("code", "1")]).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(world.count("inbox").await, 30);
    }

    async fn another_site_cannot_post_and_a_stranger_cannot_speak(world: World) {
        let mut visitor = Visitor::stranger(&world);
        assert_eq!(visitor.post_bare("/chat/say", &[("text", "3 дня")]).await.status, StatusCode::FORBIDDEN);
        let page = visitor.get("/chat").await;
        let refused = send(&mut visitor, &page, "/chat/say", &[("text", "Запросить связь")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(world.count("inbox").await, 0);
    }

    async fn where_it_is_switched_off_there_is_no_chat(mut world: World) {
        world.configure(|config| config.web_chat.enabled = false);
        assert_eq!(Visitor::stranger(&world).get("/chat").await.status, StatusCode::NOT_FOUND);
    }
}

/// A citizen with the chat open in a browser.
async fn connected(world: &World) -> (Visitor, WebChat) {
    let key = Key::draw(world.app.clock.now(), &*world.app.chance);
    let mut work = world.begin(Actor::System).await;
    let chat = web_chat::open(&mut work, &key).await.expect("the chat opens").expect("the key is fresh");
    work.commit().await.expect("it stays");
    world.citizen("Петрова Мария").linked_to_web_chat(&chat.id.to_string()).await;
    let mut visitor = Visitor::stranger(world);
    visitor.set_cookie("opora_chat", key.cookie().reveal());
    (visitor, chat)
}

async fn show(world: &World, number: u128, chat: &WebChat, text: &str) {
    let mut work = world.begin(Actor::System).await;
    let outgoing = Outgoing::Say { text: text.to_owned(), keyboard: Keyboard::None };
    let outbox = OutboxId(uuid::Uuid::from_u128(number));
    web_chat::show(&mut work, outbox, chat.id, &outgoing).await.expect("it can be shown");
    work.commit().await.expect("it stays");
}

/// The next event that is no mere sign of life.
async fn next_event(news: &mut BodyDataStream) -> Option<String> {
    loop {
        let part = news.next().await?.expect("the connection holds");
        let text = String::from_utf8(part.to_vec()).expect("events are text");
        if text.contains("data:") {
            return Some(text);
        }
    }
}

on_both_databases! {
    async fn an_open_chat_hears_of_what_is_new_and_lets_the_process_end(world: World) {
        let (visitor, chat) = connected(&world).await;
        show(&world, 1, &chat, "Первое").await;
        let mut news = visitor.listen("/chat/news?since=0.0").await;
        let first = next_event(&mut news).await.expect("something is new");
        show(&world, 2, &chat, "Второе").await;
        let second = next_event(&mut news).await.expect("something is new again");
        assert_ne!(first, second);
        visitor.end.cancel();
        assert_eq!(next_event(&mut news).await, None, "an open chat must not keep the process from ending");
    }

    async fn who_has_lost_the_connection_hears_only_what_he_missed(world: World) {
        let (mut visitor, chat) = connected(&world).await;
        show(&world, 1, &chat, "Первое").await;
        let seen = visitor.get("/chat").await.attribute("[data-chat]", "data-chat").expect("the page knows its state");
        let mut news = visitor.listen(&format!("/chat/news?since={seen}")).await;
        show(&world, 2, &chat, "Второе").await;
        let event = next_event(&mut news).await.expect("the second line is new");
        assert!(!event.contains(&seen), "{event}");
    }

    async fn a_link_opens_the_chat_on_another_device(world: World) {
        let (mut phone, chat) = connected(&world).await;
        show(&world, 1, &chat, "Примите лекарство").await;
        phone.get("/chat/device").await;
        let shown = phone.post("/chat/device", &[]).await;
        let address = shown.attribute("[data-copy]", "data-copy").expect("a link");
        let path = address.strip_prefix(&world.app.config.public_url()).expect("our own address").to_owned();
        assert_eq!(shown.attributes("figure svg", "viewBox").len(), 1, "the link stands there as QR code, too");

        let mut computer = Visitor::stranger(&world);
        for _ in 0..2 {
            let door = computer.get(&path).await;
            assert_eq!(door.status, StatusCode::OK, "looking uses nothing up");
        }
        let invitation = path.rsplit('/').next().expect("a key").to_owned();
        let answer = computer.post("/chat/enter", &[("invitation", &invitation)]).await;
        assert_eq!(answer.location(), "/chat#end");
        assert!(computer.get("/chat").await.text_of(".chat__lines").contains("Примите лекарство"));

        let mut thief = Visitor::stranger(&world);
        assert_eq!(thief.get(&path).await.status, StatusCode::GONE);
        thief.get("/chat").await;
        assert_eq!(thief.post("/chat/enter", &[("invitation", &invitation)]).await.status, StatusCode::GONE);
        assert!(thief.cookie("opora_chat").is_none());

        computer.get("/chat/device").await;
        computer.post("/chat/device/others", &[]).await;
        assert!(phone.get("/chat").await.attribute("[name=code]", "name").is_some(), "the phone is shut out");
        assert!(computer.get("/chat").await.text_of(".chat__lines").contains("Примите лекарство"));
    }

    async fn a_stranger_invites_nobody(world: World) {
        let mut stranger = Visitor::stranger(&world);
        stranger.get("/chat").await;
        assert_eq!(stranger.post("/chat/device", &[]).await.location(), "/chat#end");
        assert_eq!(world.count("web_chat_keys").await, 0);
    }

    async fn the_chat_can_be_installed_and_has_a_page_for_bad_connections(world: World) {
        let mut visitor = Visitor::stranger(&world);
        let manifest = visitor.get("/chat").await.attribute("link[rel=manifest]", "href").expect("a manifest");
        let manifest: serde_json::Value =
            serde_json::from_str(&visitor.get(&manifest).await.body).expect("the manifest is JSON");
        assert_eq!((manifest["display"].as_str(), manifest["start_url"].as_str()), (Some("standalone"), Some("/chat")));
        let icon = manifest["icons"][0]["src"].as_str().expect("an icon").to_owned();
        assert_eq!(visitor.get(&icon).await.status, StatusCode::OK);
        let worker = visitor.get("/chat/worker.js").await;
        assert_eq!(worker.headers["service-worker-allowed"], "/chat");
        for kept in ["/chat/offline", &icon] {
            assert!(worker.body.contains(&format!("\"{kept}\"")), "{kept} is not kept for bad connections");
        }
        assert_eq!(visitor.get("/chat/offline").await.text_of("h1"), "Нет связи");
    }
}
