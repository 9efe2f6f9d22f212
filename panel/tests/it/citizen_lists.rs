//! What the administrator does with the list of citizens: ticks, transfer, deletion.

use axum::http::StatusCode;
use opora_core::on_backend;
use opora_testkit::{Curator, World, on_both_databases};

use crate::visit::{Page, Visitor};

/// What a browser sends of the list's form when a button is pressed.
async fn press(visitor: &mut Visitor, page: &Page, ticked: &[&str], button: (&str, &str)) -> Page {
    let hidden = ["name", "situation", "district", "curator", "group", "cursor"];
    let values: Vec<(&str, String)> = hidden
        .iter()
        .map(|name| (*name, page.attribute(&format!("#ticks input[name={name}]"), "value").unwrap_or_default()))
        .collect();
    let shown = page.attributes("input[name=shown]", "value");
    let mut fields: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend(shown.iter().map(|id| ("shown", id.as_str())));
    fields.extend(ticked.iter().map(|id| ("ticked", *id)));
    fields.push(button);
    visitor.post("/citizens/selection", &fields).await
}

async fn many(world: &World, curator: &Curator, number: usize) {
    for n in 0..number {
        world.citizen(&format!("Фамилия{n:02} Имя")).of(curator).await;
    }
}

on_both_databases! {
    /// PT-264, PT-265, PT-266, PT-267, PT-268
    async fn ticks_on_two_pages_are_transferred(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        many(&world, &anna, 55).await;
        let mut chief = Visitor::administrator(&world).await;
        let first = chief.get("/citizens").await;
        assert_eq!(first.text_of("#chosen"), "Отмечено: 0");
        let one = first.attributes("input[name=ticked]", "value").remove(3);
        let next = first.attribute("#next", "value").unwrap();
        let place = press(&mut chief, &first, &[&one], ("go", &next)).await.location().to_owned();
        let second = chief.get(&place).await;
        assert_eq!(second.texts("tbody tr").len(), 5);
        assert_eq!(second.text_of("#chosen"), "Отмечено: 1");
        let other = second.attributes("input[name=ticked]", "value").remove(0);
        let form = press(&mut chief, &second, &[&other], ("do", "transfer")).await.location().to_owned();
        assert_eq!(form, "/citizens/transfer");
        let form = chief.get(&form).await;
        assert_eq!(form.text_of("h1"), "Перевод пользователей");
        assert_eq!(form.text_of("#number"), "Выбрано: 2 пользователя");
        assert!(form.texts("label").iter().any(|label| label.starts_with("Кому перевести")));
        assert_eq!(form.texts("#f-to option")[1..], ["Борисов Борис", "Иванова Анна Петровна"]);
        assert!(form.texts("button").contains(&"Перевести".to_owned()));
        let empty = chief.post("/citizens/transfer", &[("expected", "2"), ("to", "")]).await;
        assert_eq!(empty.text_of("#e-to"), "Обязательное поле");
        let to = boris.person.to_string();
        let back = chief.post("/citizens/transfer", &[("expected", "2"), ("to", &to)]).await.location().to_owned();
        assert_eq!(back, "/citizens");
        let list = chief.get(&format!("/citizens?curator={to}")).await;
        assert!(list.text_of(".toast").contains("Переведено: 2"));
        assert_eq!(list.texts("tbody tr").len(), 2);
        assert!(list.texts("tbody tr").iter().all(|row| row.contains("Борисов")));
        assert_eq!(list.text_of("#chosen"), "Отмечено: 0");
    }

    /// PT-264, PT-265, PT-266
    async fn all_found_are_ticked_and_unticked_and_none_is_no_transfer(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        many(&world, &anna, 3).await;
        world.citizen("Петрова Мария").await;
        let mut chief = Visitor::administrator(&world).await;
        let found = chief.get(&format!("/citizens?curator={}", anna.person)).await;
        assert!(found.texts(".menu-button__item").contains(&"Перевести выбранных пользователей другому соц. куратору".to_owned()));
        let place = press(&mut chief, &found, &[], ("do", "tick-found")).await.location().to_owned();
        let page = chief.get(&place).await;
        assert_eq!(page.text_of("#chosen"), "Отмечено: 3");
        assert_eq!(page.attributes("input[name=ticked][checked]", "value").len(), 3);
        assert_eq!(page.texts("tbody tr").len(), 3, "the search stays");
        press(&mut chief, &page, &[], ("do", "untick")).await.location();
        let none = chief.get("/citizens/transfer").await;
        assert!(none.text_of("main").contains("Не выбрано ни одного пользователя"));
        assert!(!none.has("main form"));
    }

    /// PT-263, PT-265, PT-266, PT-279, PT-286
    async fn a_curator_has_neither_ticks_nor_menu_nor_bin(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let list = visitor.get("/citizens").await;
        assert!(!list.has("[name=ticked]") && !list.has("[data-tick-page]") && !list.has(".menu-button") && !list.has(".bin"));
        let card = visitor.get(&format!("/citizens/{}", maria.person)).await;
        assert!(!card.body.contains("Удалить карточку"));
        for act in ["transfer", "export-citizens", "export-history"] {
            let answer = visitor.post("/citizens/selection", &[("do", act)]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{act}");
        }
        for path in ["/citizens/selection", "/citizens/transfer"] {
            assert_eq!(visitor.post(path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for act in ["deletion", "restoration"] {
            let path = format!("/citizens/{}/{act}", maria.person);
            assert_eq!(visitor.post(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(visitor.get("/citizens/deleted").await.status, StatusCode::FORBIDDEN);
    }

    /// PT-263, PT-D12
    async fn a_card_is_deleted_after_a_question_and_comes_back(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let mut chief = Visitor::administrator(&world).await;
        let path = format!("/citizens/{}", maria.person);
        assert!(chief.get("/citizens/deleted").await.text_of("main").contains("Удалённых карточек нет"));
        assert!(chief.get(&path).await.texts("a.button").contains(&"Удалить карточку".to_owned()));
        let question = chief.get(&format!("{path}/deletion")).await;
        assert_eq!(question.text_of("#deletion-title"), "Удалить карточку «Петрова Мария»?");
        assert_eq!(chief.post(&format!("{path}/deletion"), &[]).await.location(), "/citizens");
        assert!(chief.get("/citizens").await.text_of(".toast").contains("Карточка удалена"));
        assert_eq!(chief.get(&path).await.status, StatusCode::NOT_FOUND);
        let deleted = chief.get("/citizens/deleted").await;
        assert!(deleted.text_of("tbody tr").contains("Петрова Мария") && deleted.text_of("tbody tr").contains("30 дней"));
        assert_eq!(chief.post(&format!("{path}/restoration"), &[]).await.location(), path);
        let card = chief.get(&path).await;
        assert!(card.text_of(".toast").contains("выдан новый код"));
        assert!(card.has("#code-value"));
    }

    /// PT-082, PT-D18
    async fn a_card_with_neither_code_nor_link_offers_a_code(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query("DELETE FROM activation_codes").execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        let mut visitor = Visitor::curator(&world, &anna).await;
        let path = format!("/citizens/{}", maria.person);
        let card = visitor.get(&path).await;
        assert!(card.texts("button").contains(&"Выдать код".to_owned()), "{}", card.text_of("main"));
        visitor.post(&format!("{path}/code/extension"), &[]).await.location();
        assert!(visitor.get(&path).await.has("#code-value"));
    }

    /// PT-265, PT-271, PT-273, PT-275, PT-277
    async fn a_small_export_is_answered_as_an_attachment(world: World) {
        world.citizen("Петрова Мария").await;
        let mut chief = Visitor::administrator(&world).await;
        let list = chief.get("/citizens").await;
        let items = [
            "Перевести выбранных пользователей другому соц. куратору",
            "Экспорт списка пользователей",
            "Экспорт истории обращений пользователей",
        ];
        assert_eq!(list.texts(".menu-button__item"), items);
        for (act, name) in [("export-citizens", "Список пользователей 10.03.2026"), ("export-history", "История обращений 10.03.2026")] {
            let answer = press(&mut chief, &list, &[], ("do", act)).await;
            assert_eq!(answer.status, StatusCode::OK);
            let header = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
            assert!(header("content-type").ends_with("spreadsheetml.sheet"));
            let disposition = header("content-disposition");
            assert!(disposition.starts_with("attachment; filename="), "{disposition}");
            let name = name.bytes().map(|byte| if byte.is_ascii_alphanumeric() || byte == b'.' { char::from(byte).to_string() } else { format!("%{byte:02X}") });
            let whole = format!("filename*=UTF-8''{}.xlsx", name.collect::<String>());
            assert!(disposition.ends_with(&whole), "{disposition} is not {whole}");
            assert!(answer.body.starts_with("PK"), "a real workbook");
        }
        let exports = chief.get("/exports").await;
        assert_eq!(exports.texts("tbody tr").len(), 2);
        let path = exports.attribute("tbody a[download]", "href").unwrap();
        assert!(chief.get(&path).await.body.starts_with("PK"));
    }

    /// PT-278: the page of a large export refreshes itself until the file is there.
    async fn a_large_export_has_a_page_with_its_progress(world: World) {
        let person = world.citizen("Петрова Мария").await.person;
        let mut chief = Visitor::administrator(&world).await;
        let list = chief.get("/citizens").await;
        // More records than are exported while one waits.
        let mut tx = world.tx().await;
        let now = world.app.clock.now();
        for _ in 0..=opora_core::patronage::exports::AT_ONCE {
            let id = opora_core::foundation::ids::draw(now, &*world.app.chance);
            let sql = "INSERT INTO contacts (id, person_id, initiator, created_at, result) VALUES ($1, $2, 'citizen', $3, '')";
            on_backend!(&mut tx, |c| sqlx::query(sql).bind(id).bind(person).bind(now).execute(c).await.map(drop)).unwrap();
        }
        tx.commit().await.unwrap();
        let path = press(&mut chief, &list, &[], ("do", "export-history")).await.location().to_owned();
        let page = chief.get(&path).await;
        assert!(page.text_of("#export").contains("Ждёт очереди") && page.has("progress"));
        assert_eq!(page.headers["refresh"], "2");
        assert_eq!(chief.get(&format!("{path}/file")).await.status, StatusCode::NOT_FOUND);
        opora_core::patronage::exports::work_off(&world.app).await.unwrap();
        let page = chief.get(&path).await;
        assert!(page.text_of("#export").contains("Готова") && !page.headers.contains_key("refresh"));
        let file = page.attribute("#export a[download]", "href").unwrap();
        assert!(chief.get(&file).await.body.starts_with("PK"));
    }
}
