//! One's own account.

use axum::http::StatusCode;
use opora_core::people::accounts;
use opora_testkit::{World, on_both_databases};

use crate::visit::{PASSWORD, Visitor};

on_both_databases! {
    /// PT-024
    async fn a_one_time_password_leads_only_to_its_change(world: World) {
        let first = accounts::ensure_administrator(&world.app).await.expect("it can be made").expect("it is new");
        assert!(first.is_one_time);
        let mut administrator = Visitor::stranger(&world);
        let answer = administrator.sign_in(&first.login, first.password.reveal()).await;
        assert_eq!(answer.location(), "/account/password");
        for path in ["/", "/curators", "/guide", "/account"] {
            assert_eq!(administrator.get(path).await.location(), "/account/password", "{path}");
        }
        let form = administrator.get("/account/password").await;
        assert!(!form.has(".menu"), "the menu leads elsewhere");
        let change = [("old", first.password.reveal()), ("new", PASSWORD), ("repeat", PASSWORD)];
        assert_eq!(administrator.post("/account/password", &change).await.location(), "/");
        assert_eq!(administrator.get("/guide").await.status, StatusCode::OK);
    }

    /// PT-026, PT-027
    async fn the_old_password_and_two_equal_new_ones_are_needed(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let mut elsewhere = Visitor::signed_in(&world, "admin").await;
        let cases = [
            ("wrong", "another long one", "another long one", "Старый пароль неверный"),
            (PASSWORD, "another long one", "another short one", "Пароли не совпадают"),
            (PASSWORD, "short", "short", "Пароль должен содержать от 8 до 128 символов"),
        ];
        administrator.get("/account/password").await;
        for (old, new, repeat, complaint) in cases {
            let page = administrator.post("/account/password", &[("old", old), ("new", new), ("repeat", repeat)]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(page.text_of(".field__error"), complaint);
            assert!(page.attributes("main input[type=password]", "value").iter().all(String::is_empty));
        }
        assert_eq!(elsewhere.get("/guide").await.status, StatusCode::OK);
        let change = [("old", PASSWORD), ("new", "another long one"), ("repeat", "another long one")];
        assert_eq!(administrator.post("/account/password", &change).await.location(), "/account");
        assert_eq!(administrator.get("/account").await.text_of(".toast"), "Пароль изменён");
        assert!(elsewhere.get("/guide").await.location().starts_with("/sign-in"));
        assert_eq!(elsewhere.sign_in("admin", PASSWORD).await.text_of("[role=alert]"), "Логин или пароль неверный");
        assert_eq!(elsewhere.sign_in("admin", "another long one").await.location(), "/");
    }

    /// PT-023
    async fn sessions_are_listed_and_can_be_ended(world: World) {
        let mut here = Visitor::administrator(&world).await;
        let mut there = Visitor::signed_in(&world, "admin").await;
        let mut far = Visitor::signed_in(&world, "admin").await;
        let page = here.get("/account").await;
        assert_eq!(page.texts(".row").len(), 3);
        assert_eq!(page.texts(".row .pill"), ["этот сеанс"]);
        let end = page.attributes(".row form", "action");
        assert_eq!(end.len(), 2, "one's own session ends by signing out");
        here.post(&end[0], &[]).await;
        let left = [there.get("/guide").await.status, far.get("/guide").await.status];
        assert_eq!(left.iter().filter(|status| **status == StatusCode::OK).count(), 1);
        here.post("/account/sessions/others/end", &[]).await;
        assert!(there.get("/guide").await.status.is_redirection() && far.get("/guide").await.status.is_redirection());
        assert_eq!(here.get("/account").await.texts(".row").len(), 1);
    }

    async fn nobody_ends_the_sessions_of_others(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let mut administrator = Visitor::administrator(&world).await;
        drop(Visitor::signed_in(&world, "admin").await);
        let page = administrator.get("/account").await;
        let end = page.attribute(".row form", "action").expect("another session");
        let mut curator = Visitor::curator(&world, &anna).await;
        curator.get("/account").await;
        assert_eq!(curator.post(&end, &[]).await.status, StatusCode::NOT_FOUND);
    }
}
