//! The citizens' chat in the browser.

use axum::http::StatusCode;
use opora_core::{
    foundation::ids::PersonId,
    patronage::activation::{self, Activation},
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
