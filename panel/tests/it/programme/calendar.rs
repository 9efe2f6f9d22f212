//! Calendar and dots (PT-178 … PT-189).

use axum::http::StatusCode;
use opora_core::messaging::press::Reaction;
use opora_testkit::{World, on_both_databases};

use super::{DAILY, Desk, ONCE, block, deliver, disconnect, react, rows, with};
use crate::visit::Visitor;

on_both_databases! {
    /// PT-143, PT-144
    async fn the_form_is_reached_by_three_links(world: World) {
        let mut desk = Desk::of(&world).await;
        let list = desk.visitor.get("/citizens").await;
        let card = list.attribute("tbody a", "href").expect("Maria is listed");
        let card = desk.visitor.get(&card).await;
        assert!(card.attributes(".tabs a", "href").contains(&desk.path));
        let calendar = desk.calendar("").await;
        assert_eq!(calendar.text_of(".tab[aria-current]"), "Программа поддержки");
        assert_eq!(calendar.text_of("#programme-add"), "Добавить");
        let form = calendar.attribute("#programme-add", "href").expect("the button leads somewhere");
        assert_eq!(desk.visitor.get(&form).await.text_of("#task-title"), "Создать задание");
    }

    /// PT-145: without script the free space of each day is a link.
    async fn every_day_leads_to_the_form_with_its_date(world: World) {
        let mut desk = Desk::of(&world).await;
        let calendar = desk.calendar("date=2026-03-10").await;
        let path = calendar.attribute("[data-day='2026-03-15'] .day__add", "href").expect("the 15th can be pressed");
        let form = desk.visitor.get(&path).await;
        assert_eq!(form.attribute("[name=start_date]", "value").as_deref(), Some("15.03.2026"));
        assert_eq!(form.attributes("[name=weekdays][checked]", "value"), ["7"], "a Sunday");
    }

    /// PT-178, PT-183, PT-189
    async fn rows_stand_on_their_dates_with_dot_time_type_and_text(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&DAILY, &[("every", "3"), ("times", "3")])).await;
        desk.plan(&with(&ONCE, &[("time", "08:30")])).await;
        let month = desk.calendar("").await;
        assert_eq!(rows(&month, "2026-03-11"), [
            "Ожидает отправки: 08:30 Примите лекарство", "Ожидает отправки: 09:00 Измерьте давление",
        ]);
        assert_eq!(rows(&month, "2026-03-12"), [] as [&str; 0]);
        assert_eq!(rows(&month, "2026-03-14"), ["Ожидает отправки: 09:00 Измерьте давление"]);
        assert_eq!(month.texts("[data-day='2026-03-14'] .entry__kind"), ["Меры поддержки"]);
        assert!(month.has("[data-day='2026-03-14'] .entry .dot--planned"));
        for view in ["week", "day", "list"] {
            let page = desk.calendar(&format!("view={view}&date=2026-03-14")).await;
            assert_eq!(rows(&page, "2026-03-14"), ["Ожидает отправки: 09:00 Измерьте давление"], "{view}");
        }
    }

    /// PT-178
    async fn what_a_day_has_no_room_for_is_behind_a_link_to_it(world: World) {
        let mut desk = Desk::of(&world).await;
        for time in ["08:00", "10:00", "12:00", "14:00"] {
            desk.plan(&with(&ONCE, &[("time", time)])).await;
        }
        let month = desk.calendar("").await;
        assert_eq!(month.text_of("[data-day='2026-03-11'] .day__more"), "еще 2");
        assert_eq!(month.texts("[data-day='2026-03-11'] .day__hidden").len(), 2);
        let day = month.attribute("[data-day='2026-03-11'] .day__more", "href").expect("it leads to the day");
        assert_eq!(rows(&desk.visitor.get(&day).await, "2026-03-11").len(), 4);
    }

    /// PT-179
    async fn the_filter_shows_one_type(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&ONCE).await;
        desk.plan(&DAILY).await;
        let all = desk.calendar("").await;
        assert_eq!(all.texts("#programme-kind option"), [
            "Все типы", "Меры поддержки", "Информация для Вас", "Дата встречи с соц. куратором",
            "Напоминание для соц. куратора",
        ]);
        assert_eq!(rows(&all, "2026-03-11").len(), 2);
        let one = desk.calendar("kind=support_measures").await;
        assert_eq!(rows(&one, "2026-03-11"), ["Ожидает отправки: 09:00 Измерьте давление"]);
        assert!(one.attribute("#programme-next", "href").expect("a link").contains("kind=support_measures"));
    }

    /// PT-180, PT-181, PT-182
    async fn one_moves_by_the_shown_period_and_back_to_today(world: World) {
        let mut desk = Desk::of(&world).await;
        let march = desk.calendar("").await;
        assert_eq!(march.text_of("#programme-title"), "Март 2026");
        assert_eq!(march.text_of("#programme-previous"), "Назад");
        assert_eq!(march.text_of("#programme-next"), "Вперед");
        assert!(march.has("button#programme-today[disabled]"), "today is shown");
        let next = march.attribute("#programme-next", "href").expect("a link");
        let april = desk.visitor.get(&next).await;
        assert_eq!(april.text_of("#programme-title"), "Апрель 2026");
        let today = april.attribute("a#programme-today", "href").expect("today is not shown, so it can be pressed");
        assert_eq!(desk.visitor.get(&today).await.text_of("#programme-title"), "Март 2026");
        let previous = march.attribute("#programme-previous", "href").expect("a link");
        assert_eq!(desk.visitor.get(&previous).await.text_of("#programme-title"), "Февраль 2026");
        let week = desk.calendar("view=week&date=2026-04-01").await;
        assert_eq!(week.text_of("#programme-title"), "30.03 — 05.04.2026");
        let next = week.attribute("#programme-next", "href").expect("a link");
        assert_eq!(desk.visitor.get(&next).await.text_of("#programme-title"), "06 — 12.04.2026");
        assert_eq!(desk.calendar("view=day&date=2026-03-10").await.text_of("#programme-title"), "10 марта 2026, вторник");
    }

    /// PT-184, PT-185, PT-186, PT-189
    async fn dots_follow_what_becomes_of_a_reminder(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&DAILY).await;
        for (day, reaction) in [("2026-03-11", Reaction::Done), ("2026-03-12", Reaction::Missed)] {
            deliver(&world, &mut desk, &format!("{day}T06:00:00Z")).await;
            react(&world, &desk, day, reaction).await;
        }
        deliver(&world, &mut desk, "2026-03-13T06:00:00Z").await;
        let sees = |state: &str, tone: &str| (state.to_owned(), format!(".entry .dot--{tone}"));
        let month = desk.calendar("date=2026-03-13").await;
        for (day, (state, dot)) in [
            ("2026-03-11", sees("Выполнено", "done")),
            ("2026-03-12", sees("Пропущено", "missed")),
            ("2026-03-13", sees("Отправлено", "waiting")),
            ("2026-03-14", sees("Ожидает отправки", "planned")),
        ] {
            assert_eq!(rows(&month, day), [format!("{state}: 09:00 Измерьте давление")]);
            assert!(month.has(&format!("[data-day='{day}'] {dot}")), "{day} {dot}");
        }
        let title = month.attribute("[data-day='2026-03-11'] .dot", "title").expect("the dot explains itself");
        assert_eq!(title, "Выполнено. Отмечено 11.03.2026, 09:00");
    }

    /// PT-188
    async fn a_grey_dot_says_why(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&ONCE).await;
        block(&world).await;
        deliver(&world, &mut desk, "2026-03-11T06:00:00Z").await;
        let month = desk.calendar("").await;
        assert_eq!(rows(&month, "2026-03-11"), ["Не доставлено: 09:00 Примите лекарство"]);
        let title = month.attribute("[data-day='2026-03-11'] .dot--undelivered", "title");
        assert_eq!(title.as_deref(), Some("Не доставлено. Бот заблокирован"));
    }

    /// PT-167, PT-168, PT-187
    async fn excluded_days_have_a_black_dot_and_the_reminder_goes_on(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&DAILY, &[("exclusion_first", "12.03.2026"), ("exclusion_last", "14.03.2026")])).await;
        let month = desk.calendar("").await;
        assert_eq!(month.texts(".entry .dot--excluded").len(), 3);
        assert_eq!(rows(&month, "2026-03-12"), ["Исключено: 09:00 Измерьте давление"]);
        assert_eq!(rows(&month, "2026-03-15"), ["Ожидает отправки: 09:00 Измерьте давление"]);
        assert_eq!(month.texts(".entry").len(), 10, "excluded ones count");
    }

    /// PT-175
    async fn the_last_december_but_one_of_the_century_has_its_blue_dots(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&DAILY, &[("end_by", "date"), ("times", ""), ("end_date", "31.12.2099")])).await;
        let month = desk.calendar("date=2098-12-01").await;
        assert_eq!(month.text_of("#programme-title"), "Декабрь 2098");
        assert_eq!(month.texts("td:not(.day--outside) .entry .dot--planned").len(), 31);
    }

    /// PT-089
    async fn before_activation_there_is_a_hint_and_no_form(world: World) {
        let mut desk = Desk::of(&world).await;
        let olga = world.citizen("Ольгина Ольга").of(&desk.anna).await;
        disconnect(&world, &desk, &olga).await;
        let path = format!("/citizens/{}/programme", olga.person);
        let page = desk.visitor.get(&path).await;
        assert_eq!(page.text_of(".empty__title"), "Доступно после активации бота");
        assert!(!page.has("#programme") && !page.has("form[data-task]"));
        let form = desk.visitor.get(&format!("{path}/new")).await;
        assert_eq!(form.status, StatusCode::CONFLICT);
        let answer = desk.send(&format!("{path}/new"), &[("act", "save")], &ONCE).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(world.count("series").await, 0);
    }

    /// PT-281
    async fn a_foreign_citizens_programme_is_not_found(world: World) {
        let desk = Desk::of(&world).await;
        let boris = world.curator("Борисов Борис").await;
        let mut visitor = Visitor::curator(&world, &boris).await;
        for path in [desk.path.clone(), format!("{}/new", desk.path)] {
            assert_eq!(visitor.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    /// PT-D29
    async fn the_citizens_zone_is_named_when_it_differs(world: World) {
        let mut desk = Desk::of(&world).await;
        assert!(!desk.calendar("").await.has(".programme__zone"));
        let district = world.district("Ленинский", Some("Asia/Yekaterinburg")).await;
        let olga = world.citizen("Ольгина Ольга").of(&desk.anna).living_in(district).linked("1002").await;
        let page = desk.visitor.get(&format!("/citizens/{}/programme", olga.person)).await;
        assert_eq!(page.text_of(".programme__zone"), "Время пользователя: Asia/Yekaterinburg");
    }
}
