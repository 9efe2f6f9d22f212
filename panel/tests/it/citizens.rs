//! «Пользователи»: the list, the card and the activation of the bot.

use axum::http::StatusCode;
use chrono::TimeDelta;
use opora_core::{
    foundation::config::BotMode,
    messaging::messenger::Messenger,
    patronage::{activation, districts},
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

use crate::visit::{Page, Visitor};

const MARIA: [(&str, &str); 9] = [
    ("surname", "Петрова"),
    ("name", "Мария"),
    ("patronymic", "Ивановна"),
    ("birth_date", "22.11.1954"),
    ("inn", "500100732259"),
    ("phone", "8 (913) 555-01-27"),
    ("email", "maria@example.ru"),
    ("situation", "Живёт одна"),
    ("diary", "Любит <b>звонки</b> по утрам"),
];

/// Fills in the form of a new card and sends it.
async fn create(visitor: &mut Visitor, fields: &[(&str, &str)]) -> Page {
    let form = visitor.get("/citizens/new").await;
    let submission = form.attribute("input[name=submission]", "value").expect("the form has its number");
    let fields: Vec<_> = fields.iter().copied().chain([("submission", submission.as_str())]).collect();
    visitor.post("/citizens", &fields).await
}

/// A new card of Maria's, opened.
async fn maria(visitor: &mut Visitor) -> (String, Page) {
    let path = create(visitor, &MARIA).await.location().to_owned();
    let card = visitor.get(&path).await;
    (path, card)
}

fn with<'a>(fields: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().filter(|(other, _)| *other != name).chain([(name, value)]).collect()
}

async fn send_code(world: &World, account: &str, code: &str) -> activation::Activated {
    let mut work = world.begin(Actor::Stranger { address: account.into() }).await;
    let answer = activation::activate(&mut work, Messenger::Telegram, account, account, code).await.unwrap();
    work.commit().await.unwrap();
    answer
}

on_both_databases! {
    /// PT-063, PT-064, PT-082, PT-083, PT-262
    async fn a_new_card_opens_with_its_code_and_ways_to_hand_it_over(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let empty = visitor.get("/citizens").await;
        assert!(empty.text_of("main").contains("Здесь будет список пользователей"));
        assert!(empty.texts("a.button").contains(&"Добавить пользователя".to_owned()));
        let new = empty.attributes("a.button", "href").into_iter().find(|path| path == "/citizens/new").expect("a way to the card");
        let form = visitor.get(&new).await;
        assert_eq!(form.attribute("#f-surname", "value").unwrap_or_default(), "", "the card is empty");
        for label in ["Фамилия", "Имя", "Отчество", "Дата рождения", "ИНН", "Номер телефона", "Электронная почта", "ФИО соц. куратора"] {
            assert!(form.texts("label").iter().any(|text| text.starts_with(label)), "{label}");
        }
        let (_, card) = maria(&mut visitor).await;
        assert_eq!(card.text_of("h1"), "Петрова Мария Ивановна");
        let code = card.text_of("#code-value");
        assert_eq!((code.len(), code.find(' ')), (11, Some(5)), "«12345 67890»: {code}");
        assert!(card.text_of(".code__until").contains("13.03.2026, 09:00"), "72 hours later, in local time");
        let digits = code.replace(' ', "");
        let chat = card.attributes(".way a", "href").into_iter().find(|link| link.ends_with(&format!("/chat?code={digits}")));
        assert!(chat.is_some(), "a link into the web chat");
        assert!(card.has(".way svg"), "the link as a QR code");
        assert!(card.texts("button").contains(&"Скопировать".to_owned()));
    }

    /// PT-056, PT-072, PT-077
    async fn the_card_is_read_only_until_it_is_opened_for_changes(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let (path, card) = maria(&mut visitor).await;
        assert!(!card.has("main form.form .input:not([disabled])"), "nothing can be typed");
        assert_eq!(card.attribute("#f-phone", "value").unwrap(), "+7\u{a0}(913)\u{a0}555-01-27");
        assert!(card.text_of("#f-diary").contains("<b>звонки</b>") && !card.has("#f-diary b"), "shown as typed");
        let form = visitor.get(&format!("{path}/edit")).await;
        assert!(!form.has("#f-surname[disabled]"));
        assert!(form.has("#f-curator[disabled]"), "the curator is fixed to himself");
        let version = form.attribute("input[name=version]", "value").unwrap();
        let fields = with(&with(&MARIA, "diary", "Позвонила"), "version", &version);
        assert_eq!(visitor.post(&path, &fields).await.location(), path);
        assert_eq!(visitor.get(&path).await.text_of("#f-diary"), "Позвонила");
    }

    /// PT-065, PT-066, PT-067, PT-069
    async fn faults_stand_beside_their_fields_and_nothing_typed_is_lost(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        for (field, value, text) in [
            ("surname", " ", "Обязательное поле"),
            ("name", "", "Обязательное поле"),
            ("phone", "", "Обязательное поле"),
            ("birth_date", "31.02.1990", "Дата указана неверно"),
            ("inn", "500100732258", "ИНН указан неверно"),
            ("email", "a@", "Адрес указан неверно"),
        ] {
            let page = create(&mut visitor, &with(&MARIA, field, value)).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(page.text_of(&format!("#e-{field}")).starts_with(text), "{field}");
            assert_eq!(page.attribute("#f-patronymic", "value").as_deref(), Some("Ивановна"), "typed text stays");
        }
        assert_eq!(world.count("citizens").await, 0);
    }

    /// PT-080
    async fn a_similar_card_asks_before_it_is_saved(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        maria(&mut visitor).await;
        let page = create(&mut visitor, &MARIA).await;
        assert!(page.text_of("[role=alert]").contains("Похожая карточка уже есть: Петрова Мария Ивановна"));
        assert_eq!(page.text_of("button[name=confirmed]"), "Всё равно сохранить");
        let saved = create(&mut visitor, &with(&MARIA, "confirmed", "yes")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        assert_eq!(world.count("citizens").await, 2);
    }

    async fn a_double_click_makes_one_card(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let form = visitor.get("/citizens/new").await;
        let submission = form.attribute("input[name=submission]", "value").unwrap();
        let fields = with(&MARIA, "submission", &submission);
        let first = visitor.post("/citizens", &fields).await.location().to_owned();
        assert_eq!(visitor.post("/citizens", &fields).await.location(), first);
        assert_eq!(world.count("citizens").await, 1);
    }

    /// PT-081
    async fn an_outdated_card_is_not_saved_and_the_typed_text_stays(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let (path, _) = maria(&mut visitor).await;
        let fields = with(&with(&MARIA, "version", "1"), "diary", "Первая");
        assert_eq!(visitor.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
        let page = visitor.post(&path, &with(&fields, "diary", "Вторая")).await;
        assert!(page.status.is_client_error());
        assert!(page.text_of("[role=alert]").contains("Карточка изменена другим сотрудником. Обновите страницу"));
        assert_eq!(page.text_of("#f-diary"), "Вторая");
        assert_eq!(visitor.get(&path).await.text_of("#f-diary"), "Первая");
    }

    /// PT-085, PT-086
    async fn an_expired_code_can_be_prolonged(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let (path, code) = {
            let mut visitor = Visitor::curator(&world, &anna).await;
            let (path, card) = maria(&mut visitor).await;
            (path, card.text_of("#code-value"))
        };
        world.clock.advance(TimeDelta::hours(72));
        let mut visitor = Visitor::curator(&world, &anna).await;
        let card = visitor.get(&path).await;
        assert!(!card.has("#code-value"));
        assert!(card.texts("button").contains(&"Продлить срок действия кода".to_owned()));
        visitor.post(&format!("{path}/code/extension"), &[]).await.location();
        let card = visitor.get(&path).await;
        assert_eq!(card.text_of("#code-value"), code, "the same code");
        assert!(!card.texts("button").contains(&"Продлить срок действия кода".to_owned()));
    }

    /// PT-088, PT-089, PT-092
    async fn activation_opens_the_tabs_and_hides_the_code(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let (path, card) = maria(&mut visitor).await;
        let tabs = card.texts(".tabs .tab");
        let names =
            ["Данные пользователя", "Программа поддержки", "Файлы пользователя", "История взаимодействия", "Отклонения"];
        assert_eq!(tabs, names);
        let closed = card.attributes(".tabs span.tab", "title");
        assert_eq!(closed, ["Доступно после активации бота"; 4]);
        let programme = visitor.get(&format!("{path}/programme")).await;
        assert!(programme.text_of("main").contains("Доступно после активации бота"));
        assert!(!programme.has("main form"), "nothing to work with yet");
        let code = card.text_of("#code-value");
        send_code(&world, "1001", &code).await;
        let card = visitor.get(&path).await;
        assert_eq!(card.text_of("#code-title"), "Бот активирован");
        assert!(!card.body.contains(&code) && !card.body.contains(&code.replace(' ', "")));
        assert_eq!(card.attributes(".tabs a.tab", "href").len(), 5);
    }

    /// PT-091
    async fn the_bot_is_disconnected_after_a_question_and_a_new_code_appears(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let (path, card) = maria(&mut visitor).await;
        let old = card.text_of("#code-value");
        send_code(&world, "1001", &old).await;
        let card = visitor.get(&path).await;
        assert!(card.texts("a.button").contains(&"Отключить бот".to_owned()));
        let question = visitor.get(&format!("{path}/code/renewal")).await;
        assert!(question.text_of("main form").contains("Отключить бот?"));
        visitor.post(&format!("{path}/code/renewal"), &[]).await.location();
        let new = visitor.get(&path).await.text_of("#code-value");
        assert_ne!(new, old);
        assert_eq!(world.count("links WHERE state = 'unlinked'").await, 1);
    }

    /// PT-D17
    async fn a_blocked_bot_is_told_on_the_card_and_in_the_list(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let mut work = world.begin(Actor::System).await;
        activation::mark_blocked(&mut work, Messenger::Telegram, "1001").await.unwrap().expect("news");
        work.commit().await.unwrap();
        let mut visitor = Visitor::curator(&world, &anna).await;
        let card = visitor.get(&format!("/citizens/{}", maria.person)).await;
        assert!(card.text_of(".code--done").contains("Бот заблокирован пользователем"));
        let list = visitor.get("/citizens").await;
        assert!(list.text_of("tbody").contains("заблокирован"));
    }

    /// PT-011, PT-D18
    async fn without_bots_there_is_no_code_and_every_tab_is_open(mut world: World) {
        world.configure(|config| config.bot_mode = BotMode::Off);
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let (_, card) = maria(&mut visitor).await;
        assert!(!card.has(".code"));
        assert_eq!(card.attributes(".tabs a.tab", "href").len(), 5);
    }

    /// PT-281, PT-286, PT-070
    async fn foreign_cards_are_not_found_and_foreign_curators_are_refused(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        let foreign = world.citizen("Чужая Мария").of(&boris).await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let path = format!("/citizens/{}", foreign.person);
        for page in [path.clone(), format!("{path}/edit"), format!("{path}/code/renewal"), format!("{path}/in-list")] {
            assert_eq!(visitor.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        visitor.get("/citizens/new").await;
        for act in ["", "/code/extension", "/code/renewal"] {
            let answer = visitor.post(&format!("{path}{act}"), &with(&MARIA, "version", "1")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{act}");
        }
        assert!(!visitor.get("/citizens").await.body.contains("Чужая"));
        let boris = boris.person.to_string();
        let answer = create(&mut visitor, &with(&MARIA, "curator", &boris)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }

    /// PT-256, PT-257, PT-258, PT-259, PT-260, PT-261
    async fn the_list_is_searched_and_filtered(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut chief = Visitor::administrator(&world).await;
        let north = world.district("Север", None).await;
        world.citizen("Ковалёва Анна").of(&anna).living_in(north).await;
        world.citizen("Петров Пётр").await;
        create(&mut chief, &MARIA).await.location();
        let names = |page: &Page| page.texts("tbody td:nth-child(2) a");
        let all = chief.get("/citizens").await;
        assert_eq!(names(&all), ["Ковалёва Анна", "Петров Пётр", "Петрова Мария Ивановна"], "in the order of creation");
        assert!(all.text_of("tbody tr:first-child").contains("Север") && all.text_of("tbody tr:first-child").contains("Иванова"));
        let encoded = |name: &str, value: &str| format!("/citizens?{}", serde_html_form::to_string([(name, value)]).unwrap());
        assert_eq!(names(&chief.get(&encoded("name", "анна ковал")).await), ["Ковалёва Анна"]);
        assert_eq!(names(&chief.get(&encoded("situation", "ЖИВЕТ")).await), ["Петрова Мария Ивановна"]);
        let page = chief.get(&format!("/citizens?district={north}&curator={}", anna.person)).await;
        assert_eq!(names(&page), ["Ковалёва Анна"]);
        assert_eq!(page.texts("option[selected]"), ["Север", "Иванова Анна Петровна"], "the search stays filled in");
        let nothing = chief.get(&encoded("name", "никто")).await;
        assert!(nothing.text_of("#list").contains("Никого не нашлось"));
        assert!(nothing.texts("a").contains(&"Сбросить".to_owned()));
    }

    /// PT-261: a press on the heading sorts, another one turns the order round; resetting forgets it.
    async fn the_heading_sorts_by_name_and_says_so(world: World) {
        for name in ["Яковлев Ян", "Ёлкин Олег", "Абрамова Ия"] {
            world.citizen(name).await;
        }
        let mut chief = Visitor::administrator(&world).await;
        let names = |page: &Page| page.texts("tbody td:nth-child(2) a");
        let sort = |page: &Page| page.attribute("th[aria-sort]", "aria-sort").unwrap();
        let page = chief.get("/citizens?situation=").await;
        assert_eq!((names(&page)[0].as_str(), sort(&page).as_str()), ("Яковлев Ян", "none"));
        let page = chief.get(&page.attribute("#sort-name", "href").unwrap()).await;
        assert_eq!(names(&page), ["Абрамова Ия", "Ёлкин Олег", "Яковлев Ян"]);
        assert_eq!((sort(&page).as_str(), page.text_of("#f-sort option[selected]").as_str()), ("ascending", "ФИО, от А до Я"));
        assert_eq!(page.attribute("#ticks [name=sort]", "value").as_deref(), Some("name"), "the ticks keep the order");
        let page = chief.get(&page.attribute("#sort-name", "href").unwrap()).await;
        assert_eq!(names(&page), ["Яковлев Ян", "Ёлкин Олег", "Абрамова Ия"]);
        assert_eq!(sort(&page), "descending");
        let reset = page.attributes(".search__acts a", "href");
        assert_eq!(reset, ["/citizens"]);
    }

    /// PT-075, PT-D07
    async fn a_card_is_found_on_its_page_of_a_long_list_and_marked(world: World) {
        for n in 0..60 {
            world.citizen(&format!("Фамилия{n:02} Имя")).await;
        }
        let mut chief = Visitor::administrator(&world).await;
        let (path, _) = maria(&mut chief).await;
        let first = chief.get("/citizens").await;
        assert!(!first.text_of("tbody").contains("Петрова"));
        let place = chief.get(&format!("{path}/in-list")).await.location().to_owned();
        let page = chief.get(place.split('#').next().unwrap()).await;
        assert!(page.text_of("tr.is-new").contains("Петрова Мария Ивановна"));
        assert!(page.text_of("tbody tr:last-child").contains("Петрова"), "at the end of the list");
    }

    /// PT-010, PT-078, PT-246, PT-247
    async fn groups_are_chosen_on_the_card_shown_in_its_head_and_filter_the_list(mut world: World) {
        let (group, other) = (world.group("Ветеран").await, world.group("Инвалид").await.to_string());
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let id = group.to_string();
        assert!(visitor.get("/citizens/new").await.text_of("main").contains("Показать особые группы"));
        let mut fields = with(&MARIA, "groups", &id);
        fields.push(("groups", &other));
        let path = create(&mut visitor, &fields).await.location().to_owned();
        let card = visitor.get(&path).await;
        for chosen in ["Ветеран", "Инвалид"] {
            assert!(card.text_of(".citizen__facts").contains(chosen), "{chosen}");
        }
        assert!(card.has(&format!("input[name=groups][value='{id}'][checked]")));
        assert!(visitor.get(&format!("/citizens?group={id}")).await.text_of("tbody").contains("Петрова"));
        world.configure(|config| config.sections.special_groups = false);
        let mut visitor = Visitor::curator(&world, &anna).await;
        let card = visitor.get(&path).await;
        assert!(!card.body.contains("Ветеран") && !card.body.contains("Особые группы"));
    }

    /// PT-079, PT-010
    async fn the_district_is_prefilled_and_hidden_when_the_section_is_off(mut world: World) {
        let mut chief = Visitor::administrator(&world).await;
        let mut work = world.begin(Actor::System).await;
        let north = districts::create(&mut work, "Север").await.unwrap();
        work.commit().await.unwrap();
        let form = chief.get("/curators/new").await;
        let submission = form.attribute("input[name=submission]", "value").unwrap();
        let north = north.to_string();
        let curator = [
            ("surname", "Иванова"),
            ("district", north.as_str()),
            ("login", "ivanova"),
            ("password", "correct horse battery"),
            ("password_repeat", "correct horse battery"),
            ("submission", submission.as_str()),
        ];
        chief.post("/curators", &curator).await.location();
        let mut visitor = Visitor::signed_in(&world, "ivanova").await;
        let form = visitor.get("/citizens/new").await;
        assert_eq!(form.texts("#f-district option[selected]"), ["Север"]);
        world.configure(|config| config.sections.districts = false);
        let mut visitor = Visitor::signed_in(&world, "ivanova").await;
        assert!(!visitor.get("/citizens/new").await.has("#f-district"));
        assert!(!visitor.get("/citizens").await.has("#f-district"));
    }

    /// PT-073, PT-074
    async fn the_mark_inactive_is_shown_on_card_and_list(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut visitor = Visitor::curator(&world, &anna).await;
        let fields = with(&with(&MARIA, "inactive", "true"), "inactive_until", "09.03.2026");
        let refused = create(&mut visitor, &fields).await;
        assert_eq!(refused.text_of("#e-inactive_until"), "Укажите сегодняшний день или более поздний");
        let path = create(&mut visitor, &with(&fields, "inactive_until", "12.03.2026")).await.location().to_owned();
        let card = visitor.get(&path).await;
        assert!(card.has("input[name=inactive][checked]"));
        assert!(card.texts("label").contains(&"Неактивный пользователь".to_owned()));
        assert!(visitor.get("/citizens").await.text_of("tbody").contains("неактивен до 12.03.2026"));
    }
}
