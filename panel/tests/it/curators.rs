//! «Соц. кураторы».

use axum::http::StatusCode;
use opora_testkit::{World, on_both_databases};

use crate::visit::{Page, Visitor};

const LONG: &str = "another long one";

/// Fills in the form of a new curator and sends it.
async fn add(visitor: &mut Visitor, fields: &[(&str, &str)]) -> Page {
    let form = visitor.get("/curators/new").await;
    let submission = form.attribute("[name=submission]", "value").expect("the form knows itself");
    let fields: Vec<_> = fields.iter().copied().chain([("submission", submission.as_str())]).collect();
    visitor.post("/curators", &fields).await
}

/// The path of the card of the only curator in the list.
async fn card(visitor: &mut Visitor) -> String {
    let page = visitor.get("/curators").await;
    page.attribute("tbody a", "href").expect("somebody is listed")
}

on_both_databases! {
    /// PT-048, PT-049, PT-050
    async fn the_form_has_ten_fields_in_their_order(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let list = administrator.get("/curators").await;
        assert_eq!(list.text_of(".head .button--primary"), "Добавить соц. куратора");
        let form = administrator.get("/curators/new").await;
        assert_eq!(
            form.attributes("main form .input", "name"),
            ["surname", "name", "patronymic", "email", "phone", "telegram_name", "district", "login", "password",
             "password_repeat"],
        );
        insta::assert_snapshot!("the_form_of_a_new_curator", form.outline());
    }

    /// PT-048, PT-052, PT-053, PT-055
    async fn a_curator_is_added_listed_and_signs_in(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let answer = add(&mut administrator, &[
            ("surname", "Иванова"), ("name", "Анна"), ("patronymic", "Петровна"), ("email", "anna@example.org"),
            ("phone", "8 (913) 123-45-67"), ("telegram_name", "@ivanova"), ("login", "Anna"), ("password", LONG),
            ("password_repeat", LONG),
        ]).await;
        assert_eq!(answer.location(), "/curators");
        let list = administrator.get("/curators").await;
        assert_eq!(list.text_of(".toast"), "Соц. куратор добавлен");
        assert_eq!(list.texts("tbody td"), ["Иванова Анна Петровна", "", "+7 (913) 123-45-67", "anna@example.org", "Anna"]);
        let path = card(&mut administrator).await;
        let shown = administrator.get(&path).await;
        assert_eq!(shown.attribute("[name=telegram_name]", "value").as_deref(), Some("ivanova"));
        assert_eq!(Visitor::stranger(&world).sign_in("anna", LONG).await.location(), "/");
    }

    /// PT-051, PT-052
    async fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let page = add(&mut administrator, &[("name", "Анна"), ("login", "anna"), ("email", "a@")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has("#e-surname") && page.has("#e-email"), "{}", page.body);
        assert_eq!(page.attribute("[name=name]", "value").as_deref(), Some("Анна"));
        let both = [("surname", "Иванова"), ("login", "anna"), ("password", LONG), ("password_repeat", "different one")];
        assert_eq!(add(&mut administrator, &both).await.texts(".field__error"), ["Пароли не совпадают"]);
        let taken = [("surname", "Иванова"), ("login", "ADMIN"), ("password", LONG), ("password_repeat", LONG)];
        let page = add(&mut administrator, &taken).await;
        assert_eq!(page.text_of("#e-login"), "Логин уже занят");
        assert!(page.attributes("input[type=password]", "value").iter().all(String::is_empty));
        assert_eq!(world.count("curators").await, 0);
    }

    async fn a_double_click_adds_one(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let form = administrator.get("/curators/new").await;
        let submission = form.attribute("[name=submission]", "value").expect("the form knows itself");
        let fields = [("surname", "Иванова"), ("submission", submission.as_str())];
        administrator.post("/curators", &fields).await;
        assert_eq!(administrator.post("/curators", &fields).await.location(), "/curators");
        assert_eq!(world.count("curators").await, 1);
    }

    /// PT-056, PT-057, PT-059
    async fn the_card_is_read_only_until_it_shall_be_changed(world: World) {
        world.curator("Иванова Анна Петровна").await;
        let mut administrator = Visitor::administrator(&world).await;
        let path = card(&mut administrator).await;
        let shown = administrator.get(&path).await;
        assert_eq!(shown.texts("main .input:not([disabled])").len(), 0);
        assert!(shown.has(".head button[disabled]"), "«Сменить пароль» must wait for «Изменить»");
        let editing = administrator.get(&format!("{path}/edit")).await;
        assert_eq!(editing.texts("main .input[disabled]").len(), 0);
        assert_eq!(editing.attribute("a[data-dialog=password]", "href"), Some(format!("{path}/password")));
        let login = editing.attribute("[name=login]", "value").expect("a login");
        let version = editing.attribute("[name=version]", "value").expect("a version");
        let changed = [("surname", "Волкова"), ("login", login.as_str()), ("version", version.as_str())];
        assert_eq!(administrator.post(&path, &changed).await.location(), "/curators");
        assert_eq!(administrator.get("/curators").await.text_of("tbody a"), "Волкова");
        let outdated = [("surname", "Зайцева"), ("login", login.as_str()), ("version", version.as_str())];
        let outdated = administrator.post(&path, &outdated).await;
        assert_eq!(outdated.status, StatusCode::CONFLICT);
        assert_eq!(outdated.text_of("[role=alert]"), "Карточка изменена другим сотрудником. Обновите страницу");
        assert_eq!(outdated.attribute("[name=surname]", "value").as_deref(), Some("Зайцева"));
    }

    /// PT-029, PT-058
    async fn a_new_password_ends_the_curators_sessions(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let mut curator = Visitor::curator(&world, &anna).await;
        let mut administrator = Visitor::administrator(&world).await;
        let path = format!("{}/password", card(&mut administrator).await);
        administrator.get(&path).await;
        let page = administrator.post(&path, &[("new", LONG), ("repeat", "different one")]).await;
        assert_eq!(page.text_of(".field__error"), "Пароли не совпадают");
        assert_eq!(curator.get("/guide").await.status, StatusCode::OK);
        administrator.post(&path, &[("new", LONG), ("repeat", LONG)]).await;
        assert!(curator.get("/guide").await.location().starts_with("/sign-in"));
    }

    /// PT-020, PT-060
    async fn a_deleted_curator_is_gone_and_unknown(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let mut curator = Visitor::curator(&world, &anna).await;
        let mut administrator = Visitor::administrator(&world).await;
        let path = format!("{}/deletion", card(&mut administrator).await);
        let question = administrator.get(&path).await;
        assert_eq!(question.text_of("h1"), "Удалить запись «Иванова Анна»?");
        assert_eq!(administrator.post(&path, &[]).await.location(), "/curators");
        assert!(administrator.get("/curators").await.has(".empty"));
        assert!(curator.get("/guide").await.location().starts_with("/sign-in"));
        let login = format!("curator-{}", anna.person);
        let refused = curator.sign_in(&login, crate::visit::PASSWORD).await;
        assert_eq!(refused.text_of("[role=alert]"), "Вы не зарегистрированы в ПО. Обратитесь к администратору");
    }

    /// PT-061
    async fn a_curator_with_citizens_is_not_deleted(world: World) {
        let anna = world.curator("Иванова Анна").await;
        world.citizen("Петрова Мария").of(&anna).await;
        let mut administrator = Visitor::administrator(&world).await;
        let path = format!("{}/deletion", card(&mut administrator).await);
        administrator.get(&path).await;
        let page = administrator.post(&path, &[]).await;
        assert_eq!(page.status, StatusCode::CONFLICT);
        assert_eq!(
            page.text_of("[role=alert]"),
            "У соц. куратора есть пользователи: 1. Сначала переведите их другому соц. куратору",
        );
        assert_eq!(page.attribute("main form .button--primary", "href"), Some(format!("/citizens?curator={}", anna.person)));
    }

    /// PT-010, PT-054
    async fn without_districts_there_is_no_field_for_them(mut world: World) {
        world.district("Ленинский", None).await;
        let mut administrator = Visitor::administrator(&world).await;
        assert_eq!(administrator.get("/curators/new").await.texts("#f-district option"), ["не указано", "Ленинский"]);
        world.configure(|config| config.sections.districts = false);
        let mut administrator = Visitor::administrator(&world).await;
        assert!(!administrator.get("/curators/new").await.has("#f-district"));
    }

    /// PT-002, PT-003
    async fn the_section_is_called_as_the_installation_calls_its_curators(mut world: World) {
        world.configure(|config| "doctor".clone_into(&mut config.terms.curator));
        let page = Visitor::administrator(&world).await.get("/curators").await;
        assert_eq!(page.text_of("h1"), "Врачи");
        assert_eq!(page.text_of(".head .button--primary"), "Добавить врача");
    }
}
