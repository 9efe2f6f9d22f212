//! Two-factor sign-in in the panel.

use axum::http::StatusCode;
use opora_core::{
    people::access::Actor,
    settings::{self, Demand, Security},
};
use opora_testkit::{World, code_of, on_both_databases};

use crate::visit::{PASSWORD, Page, Visitor};

/// Switches the second factor on; returns the app's secret and the page with the recovery codes.
async fn enrol(world: &World, visitor: &mut Visitor) -> (String, Page) {
    visitor.get("/account/second-factor").await;
    assert_eq!(visitor.post("/account/second-factor/begin", &[]).await.location(), "/account/second-factor");
    let page = visitor.get("/account/second-factor").await;
    let secret = page.text_of("#secret");
    assert!(page.has(".factor__picture svg"), "the secret is a QR code, too");
    let code = code_of(&secret, world.app.clock.now());
    let codes = visitor.post("/account/second-factor", &[("code", &code)]).await;
    assert_eq!(codes.status, StatusCode::OK, "{}", codes.body);
    world.clock.advance_seconds(30);
    (secret, codes)
}

async fn demand(world: &World, demand: Demand) {
    let mut work = world.begin(Actor::System).await;
    let security = Security { demand, sign_in_letters: true };
    settings::save_security(&mut work, security).await.expect("the system may");
    work.commit().await.expect("it stays");
}

on_both_databases! {
    async fn the_password_leads_to_the_code_and_the_code_to_the_page_asked_for(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let (secret, codes) = enrol(&world, &mut administrator).await;
        assert_eq!(codes.texts("#codes li").len(), 10);
        let mut stranger = Visitor::stranger(&world);
        stranger.get("/sign-in").await;
        let answer = stranger.post("/sign-in", &[("login", "admin"), ("password", PASSWORD), ("next", "/guide")]).await;
        assert_eq!(answer.location(), "/sign-in/code?next=%2Fguide");
        assert_eq!(stranger.cookie("opora_session"), None);
        assert!(stranger.get("/guide").await.location().starts_with("/sign-in"), "half signed in is not signed in");
        let question = stranger.get("/sign-in/code?next=%2Fguide").await;
        insta::assert_snapshot!("the_question_for_the_code", question.outline());
        let wrong = stranger.post("/sign-in/code", &[("code", "000000"), ("next", "/guide")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text_of("[role=alert]").starts_with("Код не подошёл"), "{}", wrong.body);
        let code = code_of(&secret, world.app.clock.now());
        assert_eq!(stranger.post("/sign-in/code", &[("code", &code), ("next", "/guide")]).await.location(), "/guide");
        assert_eq!(stranger.cookie("opora_pending"), None);
        assert_eq!(stranger.get("/guide").await.status, StatusCode::OK);
    }

    async fn a_recovery_code_opens_too_and_their_number_is_shown(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let (_, codes) = enrol(&world, &mut administrator).await;
        let mut stranger = Visitor::stranger(&world);
        assert_eq!(stranger.sign_in("admin", PASSWORD).await.location(), "/sign-in/code");
        stranger.get("/sign-in/code").await;
        let code = &codes.texts("#codes li")[4];
        assert_eq!(stranger.post("/sign-in/code", &[("code", code)]).await.location(), "/");
        let page = stranger.get("/account").await;
        assert!(page.text_of("#second-factor").contains("Осталось 9 кодов восстановления"), "{}", page.body);
        let page = stranger.get("/account/second-factor").await;
        assert!(codes.texts("#codes li").iter().all(|code| !page.body.contains(code)), "they are shown once");
        let renewed = stranger.post("/account/second-factor/codes", &[("password", PASSWORD)]).await;
        assert_eq!(renewed.texts("#codes li").len(), 10);
        assert_eq!(stranger.get("/account/second-factor").await.text_of("#codes-left"), "Осталось 10 кодов восстановления");
    }

    async fn who_comes_too_late_or_without_the_password_begins_anew(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let (secret, _) = enrol(&world, &mut administrator).await;
        let mut stranger = Visitor::stranger(&world);
        assert_eq!(stranger.get("/sign-in/code").await.location(), "/sign-in");
        stranger.sign_in("admin", PASSWORD).await;
        stranger.get("/sign-in/code").await;
        world.clock.advance(chrono::TimeDelta::minutes(6));
        let code = code_of(&secret, world.app.clock.now());
        let answer = stranger.post("/sign-in/code", &[("code", &code)]).await;
        assert_eq!(answer.text_of("[role=alert]"), "Время на ввод кода вышло. Войдите ещё раз");
        assert!(answer.has("form[action='/sign-in'] [name=password]"));
    }

    async fn switching_off_asks_for_password_and_code(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let (secret, _) = enrol(&world, &mut administrator).await;
        let code = code_of(&secret, world.app.clock.now());
        administrator.get("/account/second-factor").await;
        let off = "/account/second-factor/off";
        let refused = administrator.post(off, &[("password", "guess"), ("code", &code)]).await;
        assert_eq!(refused.text_of("form[action$='/off'] .field__error"), "Пароль неверный");
        assert!(!refused.has("form[action$='/codes'] .field__error"), "the other form is not concerned");
        let refused = administrator.post(off, &[("password", PASSWORD), ("code", "000000")]).await;
        assert!(refused.text_of(".field__error").starts_with("Код не подошёл"));
        assert_eq!(administrator.post(off, &[("password", PASSWORD), ("code", &code)]).await.location(), "/account");
        assert_eq!(administrator.get("/account").await.text_of(".toast"), "Двухфакторный вход выключен");
        assert_eq!(Visitor::stranger(&world).sign_in("admin", PASSWORD).await.location(), "/");
    }

    async fn a_demand_leads_to_enrolment_and_nowhere_else(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let mut administrator = Visitor::administrator(&world).await;
        let mut curator = Visitor::curator(&world, &anna).await;
        demand(&world, Demand::Administrator).await;
        assert_eq!(curator.get("/guide").await.status, StatusCode::OK);
        for path in ["/", "/citizens", "/settings", "/account", "/guide"] {
            assert_eq!(administrator.get(path).await.location(), "/account/second-factor", "{path}");
        }
        assert_eq!(administrator.post("/settings/security", &[]).await.location(), "/account/second-factor");
        let page = administrator.get("/account/second-factor").await;
        assert!(!page.has(".menu"), "the menu leads elsewhere");
        insta::assert_snapshot!("enrolment_is_demanded", page.outline());
        demand(&world, Demand::Everybody).await;
        assert_eq!(curator.get("/guide").await.location(), "/account/second-factor");
        let mut fresh = Visitor::stranger(&world);
        assert_eq!(fresh.sign_in("admin", PASSWORD).await.location(), "/");
        assert_eq!(fresh.get("/").await.location(), "/account/second-factor");
        enrol(&world, &mut curator).await;
        assert_eq!(curator.get("/guide").await.status, StatusCode::OK);
    }

    async fn the_administrator_sets_the_rules(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/settings").await;
        assert_eq!(page.texts("#security legend"), ["Требовать двухфакторный вход"]);
        assert_eq!(page.attribute("#security [checked][type=radio]", "value").as_deref(), Some("nobody"));
        assert!(page.has("#security [name=sign_in_letters][checked]"));
        enrol(&world, &mut administrator).await;
        administrator.get("/settings").await;
        assert_eq!(administrator.post("/settings/security", &[("demand", "administrator")]).await.location(), "/settings");
        let page = administrator.get("/settings").await;
        assert_eq!(page.attribute("#security [checked][type=radio]", "value").as_deref(), Some("administrator"));
        assert!(!page.has("#security [name=sign_in_letters][checked]"));
        let odd = administrator.post("/settings/security", &[("demand", "whoever")]).await;
        assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    }

    async fn the_administrator_resets_a_curators_second_factor_after_a_question(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let mut administrator = Visitor::administrator(&world).await;
        let mut curator = Visitor::curator(&world, &anna).await;
        let (card, path) = (format!("/curators/{}", anna.person), format!("/curators/{}/second-factor", anna.person));
        assert!(!administrator.get(&card).await.body.contains(&path), "there is nothing to reset");
        enrol(&world, &mut curator).await;
        assert!(administrator.get(&card).await.body.contains(&path));
        let question = administrator.get(&path).await;
        assert_eq!(question.text_of("main h1"), "Сбросить второй фактор: Иванова Анна?");
        assert_eq!(administrator.post(&path, &[]).await.location(), card);
        assert_eq!(administrator.get(&card).await.text_of(".toast"), "Второй фактор сброшен");
        assert!(curator.get("/guide").await.location().starts_with("/sign-in"), "the sessions have ended");
        assert_eq!(administrator.post(&path, &[]).await.status, StatusCode::CONFLICT);
    }
}
