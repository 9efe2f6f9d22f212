//! «Активность» in the panel.

use axum::http::StatusCode;
use opora_core::{
    foundation::{config::CuratorVisibility, ids::FileId},
    on_backend,
    patronage::{activity, contacts},
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};

use crate::visit::{Page, Visitor};

async fn asks(world: &World, citizen: &Citizen) {
    let mut work = world.begin(citizen.actor()).await;
    contacts::request(&mut work, citizen.person, Some("Сломался лифт")).await.expect("it can be requested");
    work.commit().await.expect("it stays");
    world.clock.advance_seconds(700);
}

/// A stored file with its record.
async fn sends_a_file(world: &World, citizen: &Citizen) -> FileId {
    const FILE: &str =
        "INSERT INTO files (id, person_id, messenger, chat, name, media_type, received_at, state, attempts)
        VALUES ($1, $2, 'telegram', '1001', 'справка.pdf', 'application/pdf', $3, 'stored', 0)";
    let id = FileId::draw(world.app.clock.now(), &*world.app.chance);
    let mut work = world.begin(Actor::System).await;
    let now = work.now;
    on_backend!(&mut work.tx, |c| {
        sqlx::query(FILE).bind(id).bind(citizen.person).bind(now).execute(c).await.map(drop)
    })
    .expect("a file can be stored");
    activity::record(&mut work, citizen.person, activity::Cause::File(id)).await.expect("it is recorded");
    work.commit().await.expect("it stays");
    world.clock.advance_seconds(1);
    id
}

fn names(page: &Page) -> Vec<String> {
    page.texts(".activity__row td:nth-child(3) a")
}

/// Presses the tick of the first row.
async fn press(visitor: &mut Visitor, page: &Page) -> String {
    let action = page.attribute(".activity__tick form", "action").expect("a tick");
    let answer = visitor.post(&action, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    answer.location().to_owned()
}

on_both_databases! {
    /// PT-196, PT-197, PT-209: the section stands in the menu of both roles; filters above, the list below; a file opens from it.
    async fn the_section_has_its_columns_and_opens_what_it_tells_of(world: World) {
        let district = world.district("Северный", None).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).living_in(district).linked("1001").await;
        asks(&world, &maria).await;
        let file = sends_a_file(&world, &maria).await;
        for mut visitor in [Visitor::administrator(&world).await, Visitor::curator(&world, &anna).await] {
            let page = visitor.get("/citizens").await;
            assert!(page.texts(".menu__item").iter().any(|item| item.starts_with("Активность")), "it stands in the menu");
            let page = visitor.get("/activity").await;
            assert_eq!(page.text_of("h1"), "Активность");
            assert_eq!(
                page.texts("thead th"),
                ["Дата и время", "Тип", "ФИО пользователя", "Соц. куратор", "Район", "Содержание", "Просмотрено"]
            );
            assert_eq!(page.texts(".activity__row:nth-child(1) td .pill"), ["файл"]);
            let links = page.attributes(".activity__content a", "href");
            assert_eq!(links[0], format!("/files/{file}"));
            assert!(links[1].starts_with(&format!("/citizens/{}/history?edit=", maria.person)), "{links:?}");
            assert_eq!(page.texts(".activity__content a"), ["справка.pdf", "Записать результат"]);
            assert_eq!(page.text_of(".activity__count strong"), "2 записи");
            let opened = visitor.get(links[1].split('#').next().expect("a path")).await;
            assert_eq!(opened.status, StatusCode::OK);
        }
    }

    /// PT-217, PT-219: a tick by a plain form; the tooltip names person and time; the list stays where it was.
    async fn a_tick_is_set_and_taken_away_in_the_row(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        asks(&world, &maria).await;
        let mut curator = Visitor::curator(&world, &anna).await;
        let page = curator.get("/activity?type=contact_request").await;
        assert_eq!(page.attribute(".tick", "aria-pressed").as_deref(), Some("false"));
        assert_eq!(page.texts(".menu__count"), ["ждут: 1", "ждут: 1"], "at «Сегодня» and here");
        assert_eq!(press(&mut curator, &page).await, "/activity?type=contact_request");
        let page = curator.get("/activity?type=contact_request").await;
        assert_eq!(page.attribute(".tick", "aria-pressed").as_deref(), Some("true"));
        let tooltip = page.attribute(".tick", "title").expect("a tooltip");
        assert_eq!(tooltip, "Отмечено: Иванова Анна Петровна, 10.03.2026, 09:11");
        assert!(!page.has(".menu__count"), "nothing waits any more");
        press(&mut curator, &page).await;
        let page = curator.get("/activity?seen=no").await;
        assert_eq!(names(&page), ["Петрова Мария"]);
    }

    /// PT-201: «Все», «Просмотрено», «Не просмотрено».
    async fn the_filter_of_ticks_tells_them_apart(world: World) {
        asks(&world, &world.citizen("Петрова Мария").await).await;
        asks(&world, &world.citizen("Сидоров Пётр").await).await;
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/activity").await;
        assert_eq!(page.texts("#f-seen option"), ["Все", "Просмотрено", "Не просмотрено"]);
        press(&mut administrator, &page).await;
        for (seen, expected) in [("", &["Сидоров Пётр", "Петрова Мария"][..]), ("yes", &["Сидоров Пётр"]), ("no", &["Петрова Мария"])] {
            assert_eq!(names(&administrator.get(&format!("/activity?seen={seen}")).await), expected, "{seen}");
        }
    }

    /// PT-199, PT-218, PT-281: the administrator sees everybody's records and ticks as «администратор»; a curator sees his own,
    /// chooses no other curator, and foreign records are not found.
    async fn the_administrator_watches_and_curators_see_their_own(mut world: World) {
        let (anna, olga) = (world.curator("Иванова Анна Петровна").await, world.curator("Смирнова Ольга").await);
        asks(&world, &world.citizen("Петрова Мария").of(&anna).await).await;
        asks(&world, &world.citizen("Сидоров Пётр").of(&olga).await).await;
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/activity").await;
        assert_eq!(names(&page), ["Сидоров Пётр", "Петрова Мария"]);
        let of_olga = page.attribute(".activity__tick form", "action").expect("a tick");
        let page = administrator.get(&format!("/activity?curator={}", anna.person)).await;
        assert_eq!(names(&page), ["Петрова Мария"]);
        press(&mut administrator, &page).await;
        let mut curator = Visitor::curator(&world, &anna).await;
        let page = curator.get("/activity").await;
        assert_eq!(names(&page), ["Петрова Мария"]);
        assert_eq!(page.attribute(".tick", "title").as_deref(), Some("Отмечено: администратор, 10.03.2026, 09:23"));
        assert_eq!(page.texts("#f-curator option"), ["Иванова Анна Петровна"]);
        assert!(page.has("#f-curator[disabled]"), "fixed to herself");
        let page = curator.get(&format!("/activity?curator={}", olga.person)).await;
        assert_eq!(names(&page), Vec::<String>::new());
        assert_eq!(curator.post(&of_olga, &[]).await.status, StatusCode::NOT_FOUND);
        world.configure(|config| config.patronage.curator_visibility = CuratorVisibility::All);
        let mut curator = Visitor::curator(&world, &anna).await;
        assert_eq!(names(&curator.get("/activity").await), ["Сидоров Пётр", "Петрова Мария"]);
    }

    /// PT-198, PT-202, PT-208: all filters together, kept in the address.
    async fn filters_are_joined_and_kept(world: World) {
        let maria = world.citizen("Семёнова Мария").linked("1001").await;
        asks(&world, &maria).await;
        sends_a_file(&world, &maria).await;
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/activity?name=семен&type=file&first=10.03.2026&last=2026-03-10").await;
        assert_eq!(page.texts(".activity__row .pill"), ["файл"]);
        assert_eq!(page.attribute("#f-name", "value").as_deref(), Some("семен"));
        assert_eq!(page.attribute("#f-type [selected]", "value").as_deref(), Some("file"));
        assert_eq!(page.attribute("#f-first", "value").as_deref(), Some("10.03.2026"));
        let page = administrator.get("/activity?name=семен&type=file&first=11.03.2026").await;
        assert_eq!(page.text_of(".empty__title"), "Ничего не найдено");
    }

    /// PT-204: dates in the wrong order, and what is no date.
    async fn wrong_dates_are_explained(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/activity?first=12.03.2026&last=11.03.2026").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(page.text_of("#e-first"), "Дата начала позже даты окончания");
        let page = administrator.get("/activity?last=завтра").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.has("#e-last"));
    }

    /// PT-205, PT-206, PT-207, PT-208: the quick searches set both dates and keep the other filters.
    async fn quick_searches_set_the_dates(world: World) {
        for (day, name) in [("2026-03-08T09:00:00Z", "Третья В"), ("2026-03-10T09:00:00Z", "Вторая Б"), ("2026-03-11T09:00:00Z", "Первая А")] {
            world.clock.turn_to(day);
            asks(&world, &world.citizen(name).await).await;
        }
        let mut administrator = Visitor::administrator(&world).await;
        let expected = [
            ("today", "11.03.2026", "11.03.2026", &["Первая А"][..]),
            ("yesterday", "10.03.2026", "10.03.2026", &["Вторая Б"]),
            ("week", "09.03.2026", "11.03.2026", &["Первая А", "Вторая Б"]),
        ];
        for (period, first, last, found) in expected {
            let page = administrator.get(&format!("/activity?type=contact_request&period={period}")).await;
            assert_eq!(names(&page), found, "{period}");
            assert_eq!(page.attribute("#f-first", "value").as_deref(), Some(first));
            assert_eq!(page.attribute("#f-last", "value").as_deref(), Some(last));
            assert_eq!(page.attribute("#f-type [selected]", "value").as_deref(), Some("contact_request"));
        }
        let page = administrator.get("/activity").await;
        assert_eq!(page.texts(".activity__acts button[name=period]"), ["За сегодня", "За вчера", "За эту неделю"]);
    }

    /// PT-211
    async fn late_calls_say_so(world: World) {
        asks(&world, &world.citizen("Петрова Мария").await).await;
        let mut administrator = Visitor::administrator(&world).await;
        assert!(!administrator.get("/activity").await.body.contains("Просрочено"));
        world.clock.turn_to("2026-03-12T09:00:00Z");
        let mut administrator = Visitor::administrator(&world).await;
        assert_eq!(administrator.get("/activity").await.texts(".activity__row .pill--missed"), ["! Просрочено"]);
    }

    /// PT-221: 120 records are three pages.
    async fn the_list_is_paged(world: World) {
        let maria = world.citizen("Петрова Мария").await;
        for _ in 0..120 {
            asks(&world, &maria).await;
        }
        let mut administrator = Visitor::administrator(&world).await;
        let mut page = administrator.get("/activity").await;
        let mut rows = vec![names(&page).len()];
        assert_eq!(page.text_of(".activity__count strong"), "120 записей");
        while let Some(next) = page.attribute(".pager a[rel=next]", "href") {
            page = administrator.get(&next).await;
            rows.push(names(&page).len());
        }
        assert_eq!(rows, [50, 50, 20]);
        let place = page.attribute(".activity__tick form", "action").expect("a tick");
        assert!(place.contains("cursor="), "a tick leads back to the same page: {place}");
    }

    /// PT-202, PT-215: what an installation does not make, it does not offer; PT-010: nor a district.
    async fn sections_switched_off_are_not_offered(mut world: World) {
        asks(&world, &world.citizen("Петрова Мария").await).await;
        let mut administrator = Visitor::administrator(&world).await;
        let kinds = administrator.get("/activity").await.texts("#f-type option");
        assert_eq!(
            kinds,
            [
                "Все типы",
                "файл",
                "связь с соц. куратором",
                "пропуск (5 дней)",
                "неактивный (10 дней)",
                "без назначений (2 дня)",
                "напоминания для соц. куратора"
            ]
        );
        world.configure(|config| {
            config.sections.no_assignments_monitor = false;
            config.sections.districts = false;
        });
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/activity").await;
        assert_eq!(page.texts("#f-type option").len(), 6);
        assert!(!page.has("#f-district"));
        assert_eq!(page.texts("thead th").len(), 6);
    }

    /// PT-196
    async fn an_empty_list_teaches(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/activity").await;
        assert_eq!(page.text_of(".empty__title"), "Записей пока нет");
        assert_eq!(administrator.get("/activity?seen=no").await.text_of(".empty__title"), "Всё просмотрено");
        assert_eq!(administrator.get("/activity?name=никто").await.text_of(".empty__title"), "Ничего не найдено");
    }
}
