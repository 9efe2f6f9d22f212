//! What must hold for every route, now and later: the tests walk the panel's own list.

use axum::http::{Method, StatusCode, header};
use opora_panel::routes::{self, Access, Route};
use opora_testkit::{World, on_both_databases};
use scraper::{Html, Selector};

use crate::visit::{Page, Visitor};

/// An id that nothing has.
const NOBODY: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// Ids of real things, by the beginning of the path they stand in.
struct Things(Vec<(&'static str, String)>);

impl Things {
    async fn of(world: &World) -> Self {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария Ивановна").of(&anna).linked("1001").await;
        Self(vec![("/curators/", anna.person.to_string()), ("/citizens/", maria.person.to_string())])
    }

    /// The path of a route with ids filled in: `/curators/{id}` → `/curators/AZ…`. Ids called `ordinal` are numbers.
    fn fill(&self, pattern: &str) -> String {
        let id = self.0.iter().find(|(start, _)| pattern.starts_with(start)).map_or(NOBODY, |(_, id)| id);
        let mut first = Some(id);
        let parts = pattern.split('/').map(|part| match part {
            "{ordinal}" => "1",
            part if part.starts_with('{') => first.take().unwrap_or(NOBODY),
            part => part,
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

fn changing() -> impl Iterator<Item = Route> {
    routes::list().into_iter().filter(|route| route.method != Method::GET)
}

on_both_databases! {
    /// PT-023
    async fn every_changing_route_refuses_a_form_without_its_token(world: World) {
        let things = Things::of(&world).await;
        let mut administrator = Visitor::administrator(&world).await;
        let mut stranger = Visitor::stranger(&world);
        for route in changing() {
            let path = things.fill(route.path);
            let answer = administrator.post_bare(&path, &[("csrf", "wrong")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} took a form without its token");
            if route.access == Access::Everyone {
                let answer = stranger.post_bare(&path, &[]).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} took a stranger's form without its token");
            }
        }
    }

    /// PT-023
    async fn every_changing_route_refuses_a_form_of_another_site(world: World) {
        let things = Things::of(&world).await;
        let mut administrator = Visitor::administrator(&world).await;
        administrator.get("/account").await;
        for route in changing() {
            let path = things.fill(route.path);
            for foreign in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
                let answer = administrator.post_with(&path, &[], &[foreign]).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} took a form of another site");
            }
        }
    }

    /// PT-015
    async fn every_route_but_the_open_ones_leads_strangers_to_the_sign_in_window(world: World) {
        let things = Things::of(&world).await;
        let mut stranger = Visitor::stranger(&world);
        for route in routes::list() {
            let path = things.fill(route.path);
            let answer = match route.method {
                Method::GET => stranger.get(&path).await,
                _ => stranger.post(&path, &[]).await,
            };
            let is_led = answer.status == StatusCode::SEE_OTHER && answer.location().starts_with("/sign-in");
            if route.access != Access::Everyone {
                assert!(is_led, "{path} answers strangers with {}", answer.status);
            }
        }
        let answer = stranger.get("/no-such-page").await;
        assert!(answer.location().starts_with("/sign-in"), "strangers learn which pages there are");
    }

    /// PT-025, PT-047
    async fn curators_are_refused_what_only_the_administrator_may_do(world: World) {
        let things = Things::of(&world).await;
        let boris = world.curator("Борисов Борис").await;
        let mut curator = Visitor::curator(&world, &boris).await;
        curator.get("/account").await;
        let mut walked = 0;
        for route in routes::list().into_iter().filter(|route| route.access == Access::Administrator) {
            let path = things.fill(route.path);
            let answer = match route.method {
                Method::GET => curator.get(&path).await,
                _ => curator.post(&path, &[]).await,
            };
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} is open to curators");
            walked += 1;
        }
        assert!(walked > 5, "the list of routes is empty");
    }

    /// PT-009
    async fn every_answer_carries_the_strict_headers_and_nothing_inline(world: World) {
        let things = Things::of(&world).await;
        let mut administrator = Visitor::administrator(&world).await;
        let mut stranger = Visitor::stranger(&world);
        for route in routes::list() {
            let path = things.fill(route.path);
            for visitor in [&mut administrator, &mut stranger] {
                let answer = match route.method {
                    Method::GET => visitor.get(&path).await,
                    _ => visitor.post_bare(&path, &[]).await,
                };
                assert_strict(&path, &answer);
            }
        }
        assert_strict("/no-such-page", &administrator.get("/no-such-page").await);
    }

    /// PT-004
    async fn every_page_can_be_read_in_both_languages(world: World) {
        let things = Things::of(&world).await;
        let mut administrator = Visitor::administrator(&world).await;
        for locale in ["ru", "en"] {
            administrator.get("/account").await;
            administrator.post("/language", &[("value", locale), ("back", "/account")]).await;
            for route in routes::list().into_iter().filter(|route| route.method == Method::GET) {
                let path = things.fill(route.path);
                let page = administrator.get(&path).await;
                assert!(!page.status.is_server_error(), "{path} in {locale} is broken: {}", page.body);
                if let Some(language) = page.attribute("html", "lang") {
                    assert_eq!(language, locale, "{path}");
                    assert!(!page.texts("title").concat().is_empty(), "{path} in {locale} has no title");
                    assert_eq!(page.texts("h1").len(), 1, "{path} in {locale} needs one main heading");
                }
            }
        }
    }
}

fn assert_strict(path: &str, answer: &Page) {
    let text = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let policy = text("content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{path}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'") || policy.contains("frame-ancestors 'self'"), "{path}: {policy}");
    assert_eq!(text("x-content-type-options"), "nosniff", "{path}");
    assert!(!text("referrer-policy").is_empty(), "{path}");
    assert!(!text(header::CACHE_CONTROL.as_str()).is_empty(), "{path}");
    if !text("content-type").starts_with("text/html") {
        return;
    }
    let html = Html::parse_document(&answer.body);
    for inline in ["style", "[style]", "script:not([src])", "[onclick], [onchange], [onsubmit], [oninput], [onload]"] {
        let found = html.select(&Selector::parse(inline).expect("a selector")).count();
        assert_eq!(found, 0, "{path} has inline {inline}");
    }
    for address in answer.attributes("[src], link[href]", "src").iter().chain(&answer.attributes("link[href]", "href"))
    {
        assert!(address.starts_with('/'), "{path} loads {address} from outside");
    }
}
