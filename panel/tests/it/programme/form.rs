//! «Создать задание» (PT-146 … PT-177).

use axum::http::StatusCode;
use opora_testkit::{World, on_both_databases};

use super::{DAILY, Desk, ONCE, block, rows, with};

on_both_databases! {
    /// PT-093, PT-146, PT-147, PT-153, PT-158
    async fn the_form_has_five_parts_in_their_order(world: World) {
        let mut desk = Desk::of(&world).await;
        let path = format!("{}/new", desk.path);
        let form = desk.visitor.get(&path).await;
        let parts = ["Тип задания", "Описание задания", "Повторение", "Исключение", "Время напоминания"];
        let labels = form.texts("form[data-task] .field__label");
        let labels: Vec<_> = labels.iter().map(|label| label.trim_end_matches(" *").to_owned()).collect();
        let found: Vec<_> = labels.iter().filter(|label| parts.contains(&label.as_str())).collect();
        assert_eq!(found, parts);
        assert_eq!(form.texts("#f-kind option:not([value=''])"), [
            "Меры поддержки", "Информация для Вас", "Дата встречи с соц. куратором", "Напоминание для соц. куратора",
        ]);
        assert_eq!(form.texts("#f-repetition option"), ["Не повторять", "Ежедневно", "Еженедельно", "Ежемесячно"]);
        assert_eq!(form.attribute("#f-repetition option[selected]", "value").as_deref(), Some("none"));
        assert_eq!(form.texts(".weekday"), ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"]);
        insta::assert_snapshot!("the_form_create_a_task", form.outline());
    }

    /// PT-154, PT-171
    async fn saved_and_closed_leads_to_the_calendar_with_the_row(world: World) {
        let mut desk = Desk::of(&world).await;
        let answer = desk.create("save", &ONCE).await;
        let calendar = answer.location().to_owned();
        let page = desk.visitor.get(&calendar).await;
        assert_eq!(page.text_of(".toast"), "Задание сохранено");
        assert_eq!(rows(&page, "2026-03-11"), ["Ожидает отправки: 09:00 Примите лекарство"]);
    }

    /// PT-170, PT-D37
    async fn saved_and_continued_keeps_the_form_filled_in_for_the_next(world: World) {
        let mut desk = Desk::of(&world).await;
        let fields = with(&ONCE, &[("exclusion_first", "01.04.2026"), ("exclusion_last", "02.04.2026")]);
        let page = desk.create("continue", &fields).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.text_of(".toast"), "Задание сохранено");
        assert_eq!(page.text_of("textarea"), "Примите лекарство");
        assert_eq!(page.attribute("#f-kind option[selected]", "value").as_deref(), Some("information"));
        assert_eq!(page.attribute("[name=time]", "value").as_deref(), Some("09:00"));
        assert!(!page.has("[name=exclusion_first]"), "exclusions are cleared");
        let submission = page.attribute("[name=submission]", "value").expect("the form knows itself");
        let path = format!("{}/new", desk.path);
        let fields = with(&ONCE, &[("time", "18:00")]);
        desk.send(&path, &[("act", "save"), ("submission", &submission)], &fields).await.location();
        assert_eq!(world.count("series").await, 2);
        assert_eq!(desk.rows("2026-03-11").await.len(), 2);
    }

    /// PT-172
    async fn the_same_form_sent_twice_is_saved_once(world: World) {
        let mut desk = Desk::of(&world).await;
        let path = format!("{}/new", desk.path);
        let form = desk.visitor.get(&path).await;
        let submission = form.attribute("[name=submission]", "value").expect("the form knows itself");
        for _ in 0..2 {
            desk.send(&path, &[("act", "save"), ("submission", &submission)], &ONCE).await.location();
        }
        assert_eq!(world.count("series").await, 1);
    }

    /// PT-147, PT-152, PT-155, PT-158, PT-160, PT-161, PT-162, PT-163, PT-164, PT-165, PT-173
    async fn what_is_refused_is_said_beside_its_field_and_nothing_typed_is_lost(world: World) {
        let mut desk = Desk::of(&world).await;
        let weekly: Vec<_> = with(&DAILY, &[("repetition", "weekly")]);
        let by_date = with(&DAILY, &[("end_by", "date"), ("times", "")]);
        let long = "я".repeat(3501);
        let cases: Vec<(Vec<(&str, &str)>, &str, &str)> = vec![
            (with(&ONCE, &[("kind", "")]), "Выберите тип задания", "09:00"),
            (with(&ONCE, &[("text", &long)]), "Описание задания: не более 3500 символов", "09:00"),
            (with(&ONCE, &[("start_date", "10.03.2026"), ("time", "08:59")]), "Время напоминания уже прошло", "08:59"),
            (weekly.clone(), "Выберите хотя бы один день недели", "09:00"),
            (with(&DAILY, &[("every", "0")]), "Интервал: целое число от 1 до 366", "09:00"),
            (with(&DAILY, &[("every", "367")]), "Интервал: целое число от 1 до 366", "09:00"),
            (with(&DAILY, &[("start_date", "09.03.2026")]), "Дата начала уже прошла", "09:00"),
            (with(&DAILY, &[("times", "501")]), "Количество повторений: от 1 до 500", "09:00"),
            (with(&DAILY, &[("times", "0")]), "Количество повторений: от 1 до 500", "09:00"),
            (with(&by_date, &[("end_date", "01.01.2100")]), "Дата — не позднее 31.12.2099", "09:00"),
            (with(&by_date, &[("end_date", "10.03.2026")]), "Дата окончания раньше даты начала", "09:00"),
            (by_date.clone(), "Укажите либо количество повторений, либо дату окончания", "09:00"),
            (
                with(&DAILY, &[("end_date", "01.04.2026")]),
                "Укажите либо количество повторений, либо дату окончания", "09:00",
            ),
            (
                with(&weekly, &[("weekdays", "7"), ("times", ""), ("end_by", "date"), ("end_date", "14.03.2026")]),
                "По заданным условиям нет ни одного напоминания", "09:00",
            ),
        ];
        for (fields, message, time) in cases {
            let page = desk.create("save", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{message}");
            assert!(page.texts(".field__error").contains(&message.to_owned()), "{message}: {:?}", page.texts(".field__error"));
            let typed = fields.iter().find(|(name, _)| *name == "text").expect("each case has a text").1;
            assert_eq!(page.text_of("textarea"), typed);
            assert_eq!(page.attribute("[name=time]", "value").as_deref(), Some(time));
        }
        assert_eq!(world.count("series").await, 0);
    }

    /// PT-156, PT-157, PT-159, PT-163
    async fn each_repetition_gives_its_dates(world: World) {
        let mut desk = Desk::of(&world).await;
        let daily = with(&DAILY, &[("every", "3"), ("times", ""), ("end_by", "date"), ("end_date", "20.03.2026")]);
        desk.plan(&daily).await;
        let month = desk.calendar("kind=support_measures").await;
        assert_eq!(days(&month), ["2026-03-11", "2026-03-14", "2026-03-17", "2026-03-20"]);
        let weekly = with(&DAILY, &[("kind", "information"), ("repetition", "weekly"), ("every", "2"), ("times", "3")]);
        let weekly: Vec<_> = weekly.into_iter().chain([("weekdays", "1"), ("weekdays", "4")]).collect();
        desk.plan(&weekly).await;
        let month = desk.calendar("kind=information").await;
        assert_eq!(days(&month), ["2026-03-12", "2026-03-23", "2026-03-26"]);
        let monthly = [("kind", "meeting"), ("repetition", "monthly"), ("start_date", "31.03.2026"), ("times", "2")];
        desk.plan(&with(&DAILY, &monthly)).await;
        let april = desk.calendar("date=2026-04-15&kind=meeting").await;
        assert_eq!(days(&april), ["2026-03-31", "2026-04-30"]);
    }

    /// PT-D30, PT-D31: the dates stand beside the form before it is saved.
    async fn the_next_dates_are_shown_before_saving(world: World) {
        let mut desk = Desk::of(&world).await;
        let monthly = [("repetition", "monthly"), ("start_date", "31.01.2027"), ("times", "3"), ("exclusion_first", "31.03.2027")];
        let page = desk.create("preview", &with(&DAILY, &monthly)).await;
        assert_eq!(page.texts(".preview__date"), [
            "Вс 31.01.2027, 09:00",
            "Вс 28.02.2027, 09:00 В этом месяце нет 31-го числа: последний день месяца",
            "Ср 31.03.2027, 09:00 исключено",
        ]);
        assert_eq!(page.text_of(".preview__sum"), "Всего 3 напоминания, последнее — 31.03.2027");
        assert_eq!(world.count("series").await, 0, "nothing is saved");
    }

    /// PT-D30
    async fn a_change_of_the_clocks_is_told_beforehand(mut world: World) {
        world.configure(|config| config.time_zone = chrono_tz::Europe::Berlin);
        let mut desk = Desk::of(&world).await;
        let fields = with(&DAILY, &[("start_date", "28.03.2026"), ("time", "02:30"), ("times", "2")]);
        let page = desk.create("preview", &fields).await;
        assert_eq!(page.texts(".preview__date").get(1).map(String::as_str),
            Some("Вс 29.03.2026, 02:30 Часы переводятся вперед: напоминание придет в 03:00"));
    }

    /// Our script asks for the dates alone; what is missing elsewhere does not matter to them.
    async fn the_dates_alone_are_given_to_the_script(world: World) {
        let mut desk = Desk::of(&world).await;
        let path = format!("{}/new", desk.path);
        desk.visitor.get(&path).await;
        let fields = with(&ONCE, &[("act", "preview"), ("text", ""), ("kind", "")]);
        let page = desk.visitor.post_with(&path, &fields, &[("x-swap", "preview")]).await;
        assert_eq!(page.texts("#preview .preview__date"), ["Ср 11.03.2026, 09:00"]);
        assert!(!page.has("form") && !page.has("h1"), "only the part: {}", page.body);
    }

    /// PT-167: rows of «Исключение» come and go without script.
    async fn exclusions_are_added_and_removed_by_buttons(world: World) {
        let mut desk = Desk::of(&world).await;
        let fields = with(&DAILY, &[("exclusion_first", "12.03.2026"), ("exclusion_last", "")]);
        let page = desk.create("add-exclusion", &fields).await;
        assert_eq!(page.attributes("[name=exclusion_first]", "value"), ["12.03.2026", ""]);
        assert_eq!(page.text_of("textarea"), "Измерьте давление");
        let page = desk.create("remove-exclusion-0", &fields).await;
        assert!(!page.has("[name=exclusion_first]"));
        assert_eq!(page.text_of("textarea"), "Измерьте давление");
    }

    /// PT-D36
    async fn now_needs_neither_date_nor_time(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&ONCE, &[("now", "true"), ("start_date", ""), ("time", "")])).await;
        assert_eq!(desk.rows("2026-03-10").await, ["Ожидает отправки: 09:00 Примите лекарство"]);
    }

    /// PT-177
    async fn the_quick_message_is_information_for_now(world: World) {
        let mut desk = Desk::of(&world).await;
        let calendar = desk.calendar("").await;
        let path = calendar.attribute("a[href*='quick=1']", "href").expect("there is a quick way");
        let form = desk.visitor.get(&path).await;
        assert_eq!(form.attribute("#f-kind option[selected]", "value").as_deref(), Some("information"));
        assert_eq!(form.attribute("#f-repetition option[selected]", "value").as_deref(), Some("none"));
        assert!(form.has("[name=now][checked]"));
    }

    /// PT-D35
    async fn only_a_meeting_is_announced_beforehand(world: World) {
        let mut desk = Desk::of(&world).await;
        let path = format!("{}/new", desk.path);
        let form = desk.visitor.get(&path).await;
        let part = form.attribute("div:has(> .field #f-advance)", "data-shown-by");
        assert_eq!(part.as_deref(), Some("kind meeting"));
        desk.plan(&with(&ONCE, &[("kind", "meeting"), ("advance", "other"), ("advance_minutes", "45")])).await;
        let (_, page) = desk.open("2026-03-11").await;
        assert_eq!(page.attribute("#f-advance option[selected]", "value").as_deref(), Some("other"));
        assert_eq!(page.attribute("[name=advance_minutes]", "value").as_deref(), Some("45"));
    }

    /// PT-176
    async fn a_blocked_bot_is_warned_of_and_the_form_still_saves(world: World) {
        let mut desk = Desk::of(&world).await;
        let path = format!("{}/new", desk.path);
        assert!(!desk.visitor.get(&path).await.has(".notice--warning"));
        block(&world).await;
        let warning = "Бот не активирован: сообщения не будут доставлены";
        assert_eq!(desk.visitor.get(&path).await.text_of(".notice--warning"), warning);
        assert_eq!(desk.calendar("").await.text_of(".notice--warning"), warning);
        desk.plan(&ONCE).await;
        assert_eq!(world.count("series").await, 1);
    }

    /// Rows of a text are text, whatever they hold (PT-152).
    async fn marks_of_other_languages_stay_text(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&ONCE, &[("text", "<b>*_ & \"кавычки\"")])).await;
        assert_eq!(desk.rows("2026-03-11").await, ["Ожидает отправки: 09:00 <b>*_ & \"кавычки\""]);
        let (_, page) = desk.open("2026-03-11").await;
        assert_eq!(page.text_of("textarea"), "<b>*_ & \"кавычки\"");
    }
}

/// Days that have a row.
fn days(page: &crate::visit::Page) -> Vec<String> {
    page.attributes("td:has(.entry)", "data-day")
}
