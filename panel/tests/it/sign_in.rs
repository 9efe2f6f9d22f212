//! Authorisation.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use opora_testkit::{World, on_both_databases};

use crate::visit::{PASSWORD, Visitor};

on_both_databases! {
    /// PT-001, PT-015
    async fn the_address_of_the_server_shows_the_sign_in_window(world: World) {
        let mut stranger = Visitor::stranger(&world);
        assert_eq!(stranger.get("/").await.location(), "/sign-in");
        let window = stranger.get("/sign-in").await;
        insta::assert_snapshot!("the_sign_in_window", window.outline());
        assert_eq!(window.text_of("main button[type=submit].button--primary"), "Войти");
        assert!(window.body.contains("Дневник самоконтроля качества жизни"));
    }

    /// PT-001
    async fn the_product_is_called_as_configured(mut world: World) {
        world.configure(|config| "Патронаж района".clone_into(&mut config.product_name));
        let window = Visitor::stranger(&world).get("/sign-in").await;
        assert_eq!(window.text_of("title"), "Вход — Патронаж района");
        assert_eq!(window.text_of(".door__product"), "Патронаж района");
    }

    /// PT-016, PT-021
    async fn whoever_signs_in_comes_to_the_main_window_with_the_menu_of_the_role(world: World) {
        // Phones have shorter words for two of them.
        const NAMES: &str = ".menu__item > span:not(.menu__short)";
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut administrator = Visitor::administrator(&world).await;
        assert_eq!(administrator.get("/").await.location(), "/today");
        let labels = administrator.get("/guide").await.texts(NAMES);
        let lists = ["Активность", "Дата встречи с соц. куратором", "Отклонения", "Районы", "Типы сообщений (файлов)", "Особые группы", "Сводка"];
        let own = ["Настройки", "Доставка", "Журнал", "Руководство", "Выйти"];
        assert_eq!(labels, [["Сегодня", "Пользователи", "Соц. кураторы"].as_slice(), &lists, &own].concat());
        let mut curator = Visitor::curator(&world, &anna).await;
        let labels = curator.get("/guide").await.texts(NAMES);
        assert_eq!(labels, [["Сегодня", "Пользователи"].as_slice(), &lists, &own[3..]].concat());
    }

    async fn after_signing_in_the_page_asked_for_opens_but_never_another_site(world: World) {
        world.curator("Иванова Анна").await;
        drop(Visitor::administrator(&world).await);
        for (next, goes) in
            [("/guide", "/guide"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil.example", "/")]
        {
            let mut stranger = Visitor::stranger(&world);
            stranger.get("/sign-in").await;
            let answer = stranger.post("/sign-in", &[("login", "admin"), ("password", PASSWORD), ("next", next)]).await;
            assert_eq!(answer.location(), goes);
        }
        let asked = Visitor::stranger(&world).get("/curators?cursor=x").await;
        assert_eq!(asked.location(), "/sign-in?next=%2Fcurators%3Fcursor%3Dx");
    }

    /// PT-017, PT-018
    async fn an_unknown_login_and_a_wrong_password_are_told_apart(world: World) {
        drop(Visitor::administrator(&world).await);
        let mut stranger = Visitor::stranger(&world);
        let unknown = stranger.sign_in("nobody", "anything").await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(unknown.text_of("[role=alert]"), "Вы не зарегистрированы в ПО. Обратитесь к администратору");
        let wrong = stranger.sign_in("admin", "wrong").await;
        assert_eq!(wrong.text_of("[role=alert]"), "Логин или пароль неверный");
        assert_eq!(wrong.attribute("[name=login]", "value").as_deref(), Some("admin"));
        assert_eq!(wrong.attribute("[name=password]", "value").as_deref(), Some(""));
        assert_eq!(stranger.cookie("opora_session"), None);
    }

    /// PT-019
    async fn after_ten_wrong_passwords_even_the_right_one_waits(world: World) {
        drop(Visitor::administrator(&world).await);
        let mut stranger = Visitor::stranger(&world);
        for _ in 0..10 {
            stranger.sign_in("admin", "wrong").await;
        }
        let refused = stranger.sign_in("admin", PASSWORD).await;
        assert_eq!(refused.text_of("[role=alert]"), "Слишком много попыток входа. Повторите через 15 минут");
        world.clock.advance(TimeDelta::minutes(15));
        assert_eq!(stranger.sign_in("admin", PASSWORD).await.location(), "/");
    }

    /// PT-022
    async fn signing_out_asks_and_ends_the_session(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let old = administrator.cookie("opora_session").expect("a session").to_owned();
        let question = administrator.get("/sign-out").await;
        assert_eq!(question.texts("main button, main a.button"), ["Выйти", "Отмена"]);
        assert_eq!(administrator.post("/sign-out", &[]).await.location(), "/sign-in");
        administrator.set_cookie("opora_session", &old);
        assert!(administrator.get("/guide").await.location().starts_with("/sign-in"));
    }

    /// PT-023
    async fn the_cookie_is_kept_from_scripts_and_the_session_ends_after_eight_idle_hours(mut world: World) {
        world.configure(|config| "https://opora.example".clone_into(&mut config.public_url));
        drop(Visitor::administrator(&world).await);
        let mut stranger = Visitor::stranger(&world);
        let answer = stranger.sign_in("admin", PASSWORD).await;
        let cookies: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().collect();
        let session = cookies.iter().filter_map(|line| line.to_str().ok()).find(|line| line.starts_with("opora_session"));
        let session = session.expect("a session cookie");
        for attribute in ["HttpOnly", "Secure", "SameSite=Lax"] {
            assert!(session.contains(attribute), "{session}");
        }
        assert!(answer.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        world.clock.advance(TimeDelta::hours(7));
        assert_eq!(stranger.get("/guide").await.status, StatusCode::OK);
        world.clock.advance(TimeDelta::hours(8));
        assert!(stranger.get("/guide").await.location().starts_with("/sign-in"));
    }

    async fn language_and_theme_can_be_chosen_before_signing_in(world: World) {
        let mut stranger = Visitor::stranger(&world);
        stranger.get("/sign-in").await;
        let answer = stranger.post("/language", &[("value", "en"), ("back", "/sign-in?next=%2Fguide")]).await;
        assert_eq!(answer.location(), "/sign-in");
        stranger.post("/theme", &[("value", "dark"), ("back", "/sign-in")]).await;
        let window = stranger.get("/sign-in").await;
        assert_eq!(window.text_of("h1"), "Sign in");
        assert_eq!(window.attribute("html", "data-theme").as_deref(), Some("dark"));
        assert_eq!(stranger.post("/theme", &[("value", "pink")]).await.status, StatusCode::BAD_REQUEST);
    }
}
