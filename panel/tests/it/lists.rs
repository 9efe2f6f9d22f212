//! «Районы», «Типы сообщений (файлов)», «Особые группы».

use axum::http::StatusCode;
use opora_core::patronage::files::{self, Attachment};
use opora_testkit::{World, on_both_databases};

use crate::visit::{Page, Visitor};

/// Fills in the form of a new entry of the list at `path` and sends it.
async fn add(visitor: &mut Visitor, path: &str, fields: &[(&str, &str)]) -> Page {
    let form = visitor.get(&format!("{path}/new")).await;
    let submission = form.attribute("[name=submission]", "value").expect("the form knows itself");
    let fields: Vec<_> = fields.iter().copied().chain([("submission", submission.as_str())]).collect();
    visitor.post(path, &fields).await
}

/// Adds entries with these names and comes back to the list that marks the last one.
async fn added(world: &World, visitor: &mut Visitor, path: &str, names: &[&str]) -> Page {
    let mut place = path.to_owned();
    for name in names {
        place = add(visitor, path, &[("name", name)]).await.location().to_owned();
        world.clock.advance_seconds(1);
    }
    visitor.get(place.split('#').next().expect("a path")).await
}

on_both_databases! {
    /// PT-227, PT-228, PT-229
    async fn a_new_district_stands_at_the_end_and_is_marked(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let empty = visitor.get("/districts").await;
        assert_eq!(empty.text_of(".empty__title"), "Районов пока нет");
        assert_eq!(empty.text_of(".finder > .button--primary"), "Добавить");
        let list = added(&world, &mut visitor, "/districts", &["Яя", "Абак"]).await;
        assert_eq!(list.texts(".lists__name"), ["Яя", "Абак"]);
        assert_eq!(list.text_of(".is-new .lists__name"), "Абак");
        assert_eq!(list.text_of(".toast"), "Район добавлен");
        assert_eq!(visitor.get("/districts?name=%D0%90%D0%91%D0%90").await.texts(".lists__name"), ["Абак"]);
        let nothing = visitor.get("/districts?name=xyz").await;
        assert_eq!(nothing.text_of(".empty__title"), "Ничего не нашлось");
        assert_eq!(nothing.attribute("[name=name]", "value").as_deref(), Some("xyz"));
    }

    /// PT-230, PT-231, PT-D29
    async fn a_district_is_changed_with_its_time_zone(world: World) {
        let mut visitor = Visitor::administrator(&world).await;
        let list = added(&world, &mut visitor, "/districts", &["Ленинский", "Советский"]).await;
        let path = list.attribute("tbody tr:first-child a.button", "href").expect("it can be changed");
        let form = visitor.get(&path).await;
        assert_eq!(form.attribute("[name=name]", "value").as_deref(), Some("Ленинский"));
        assert_eq!(form.texts("#f-time_zone option")[0], "как в организации");
        for (name, said) in [("", "Обязательное поле"), ("советский", "Такой район уже есть")] {
            let page = visitor.post(&path, &[("name", name), ("time_zone", "")]).await;
            assert_eq!((page.status, page.text_of("#e-name").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, said));
            assert_eq!(page.attribute("[name=name]", "value").as_deref(), Some(name));
        }
        let saved = visitor.post(&path, &[("name", "Дальний"), ("time_zone", "Asia/Omsk")]).await;
        let list = visitor.get(saved.location().split('#').next().expect("a path")).await;
        assert_eq!(list.texts(".is-new td")[..2], ["Дальний", "Омск (МСК+3)"]);
        assert!(visitor.get("/citizens").await.texts("#f-district option").contains(&"Дальний".to_owned()));
    }

    /// PT-232
    async fn nothing_deletes_a_district(world: World) {
        let district = world.district("Ленинский", None).await;
        let mut visitor = Visitor::administrator(&world).await;
        let list = visitor.get("/districts").await;
        assert!(!list.body.contains("deletion") && !list.body.contains("Корзина"));
        for path in [format!("/districts/{district}"), format!("/districts/{district}/deletion")] {
            let status = visitor.post(&path, &[]).await.status;
            assert!([StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&status), "{path}: {status}");
        }
        assert_eq!(world.count("districts WHERE retired_at IS NULL").await, 1);
    }

    /// PT-233, PT-234, PT-235, PT-241
    async fn a_new_type_stands_in_alphabetical_order(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let list = added(&world, &mut visitor, "/file-types", &["В", "А", "Б"]).await;
        assert_eq!(list.texts(".lists__name"), ["А", "Б", "В"]);
        assert_eq!(list.text_of(".is-new .lists__name"), "Б");
        assert_eq!(visitor.get("/file-types?name=%D0%B1").await.texts(".lists__name"), ["Б"]);
        for (name, said) in [(" ", "Обязательное поле"), ("а", "Такой тип уже есть")] {
            let page = add(&mut visitor, "/file-types", &[("name", name)]).await;
            assert_eq!((page.status, page.text_of("#e-name").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, said));
        }
    }

    /// PT-236, PT-237
    async fn a_type_opens_read_only_until_it_shall_be_changed(world: World) {
        let mut visitor = Visitor::administrator(&world).await;
        let list = added(&world, &mut visitor, "/file-types", &["Справка"]).await;
        let path = list.attribute("tbody td a", "href").expect("a click opens it");
        let shown = visitor.get(&path).await;
        assert_eq!(shown.attribute("[name=name]", "value").as_deref(), Some("Справка"));
        assert!(shown.has("[name=name][disabled]") && !shown.has("main form [type=submit].button--primary"));
        let edit = shown.attribute(".head .button--primary", "href").expect("«Изменить»");
        assert!(!visitor.get(&edit).await.has("[name=name][disabled]"));
        let saved = visitor.post(&path, &[("name", "Выписка")]).await;
        let list = visitor.get(saved.location().split('#').next().expect("a path")).await;
        assert_eq!(list.texts(".lists__name"), ["Выписка"]);
    }

    /// PT-238, PT-239, PT-240
    async fn a_deleted_type_cannot_be_chosen_and_files_keep_its_name(mut world: World) {
        let maria = world.citizen("Петрова Мария").await;
        world.configure(|config| config.bot_mode = opora_core::foundation::config::BotMode::Off);
        let mut visitor = Visitor::administrator(&world).await;
        let list = added(&world, &mut visitor, "/file-types", &["Справка"]).await;
        let path = list.attribute("tbody td a", "href").expect("a click opens it");
        let id = path.rsplit('/').next().expect("an id").to_owned();
        let attachment = Attachment {
            name: "Скан.pdf".to_owned(), media_type: None, size: 5, storage_key: "scan".to_owned(), sha256: [0; 32],
        };
        let mut work = world.begin(opora_core::people::access::Actor::System).await;
        let file = files::attach(&mut work, maria.person, &attachment).await.expect("it can be attached");
        work.commit().await.expect("it stays");
        let tab = format!("/citizens/{}/files", maria.person);
        visitor.get(&tab).await;
        visitor.post(&format!("/files/{file}/type"), &[("type", &id)]).await.location();
        let question = visitor.get(&format!("{path}/deletion")).await;
        assert_eq!(question.text_of("h1"), "Удалить тип «Справка»?");
        assert_eq!(visitor.post(&format!("{path}/deletion"), &[]).await.location(), "/file-types");
        assert!(visitor.get("/file-types").await.has(".empty"));
        assert_eq!(visitor.get(&path).await.status, StatusCode::NOT_FOUND);
        let page = visitor.get(&tab).await;
        assert_eq!(page.texts("#f-type option"), ["Все типы", "Без типа"]);
        assert_eq!(page.text_of("tbody select option[selected]"), "Справка (удален)");
    }

    /// PT-242, PT-243, PT-244, PT-247
    async fn groups_are_read_and_lead_to_their_members(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let (veteran, _) = (world.group("Ветеран").await, world.group("Инвалид").await);
        world.citizen("Петрова Мария").of(&anna).in_group(veteran).await;
        for mut visitor in [Visitor::administrator(&world).await, Visitor::curator(&world, &anna).await] {
            let list = visitor.get("/special-groups").await;
            assert_eq!(list.texts(".lists__name"), ["Ветеран", "Инвалид"]);
            assert!(!list.has("main form[method=post]") && !list.has("main .button--primary"));
            assert_eq!(visitor.get("/special-groups?name=%D0%92%D0%95%D0%A2").await.texts(".lists__name"), ["Ветеран"]);
            let members = list.attribute(".row a", "href").expect("a way to the members");
            assert_eq!(visitor.get(&members).await.texts("tbody tr").len(), 1);
            let refused = visitor.post("/special-groups", &[("name", "Иная")]).await.status;
            assert!([StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&refused), "{refused}");
        }
        assert_eq!(world.count("special_groups").await, 2);
    }

    /// PT-010, PT-227
    async fn sections_that_are_switched_off_are_not_there(mut world: World) {
        world.configure(|config| {
            config.sections.districts = false;
            config.sections.file_types = false;
            config.sections.special_groups = false;
        });
        let mut visitor = Visitor::administrator(&world).await;
        let labels = visitor.get("/guide").await.texts(".menu__item");
        for (path, label) in [
            ("/districts", "Районы"),
            ("/file-types", "Типы сообщений (файлов)"),
            ("/special-groups", "Особые группы"),
        ] {
            assert_eq!(visitor.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!labels.contains(&label.to_owned()), "{label}");
        }
        assert_eq!(visitor.get("/districts/new").await.status, StatusCode::NOT_FOUND);
    }
}
