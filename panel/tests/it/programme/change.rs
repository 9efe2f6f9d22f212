//! A reminder opened: changed, deleted, marked, told of (PT-190 … PT-195).

use axum::http::StatusCode;
use opora_core::messaging::press::Reaction;
use opora_testkit::{World, on_both_databases};

use super::{DAILY, Desk, ONCE, deliver, react, with};
use crate::visit::Page;

/// The fields of an opened form as a browser would send them.
fn typed(page: &Page) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for name in ["version", "submission", "every", "times", "end_date", "start_date", "time"] {
        fields.push((name.to_owned(), page.attribute(&format!("[name={name}]"), "value").unwrap_or_default()));
    }
    for name in ["kind", "repetition", "advance"] {
        fields.push((
            name.to_owned(),
            page.attribute(&format!("#f-{name} option[selected]"), "value").unwrap_or_default(),
        ));
    }
    fields.push(("end_by".to_owned(), page.attribute("[name=end_by][checked]", "value").unwrap_or_default()));
    fields.push(("text".to_owned(), page.text_of("textarea")));
    for value in page.attributes("[name=weekdays][checked]", "value") {
        fields.push(("weekdays".to_owned(), value));
    }
    for (name, values) in
        ["exclusion_first", "exclusion_last"].map(|name| (name, page.attributes(&format!("[name={name}]"), "value")))
    {
        fields.extend(values.into_iter().map(|value| (name.to_owned(), value)));
    }
    fields
}

/// Opens the row of a day, changes some fields and presses a button.
async fn change(desk: &mut Desk, day: &str, changed: &[(&str, &str)]) -> Page {
    let (path, page) = desk.open(day).await;
    let typed = typed(&page);
    let typed: Vec<_> = typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let fields = with(&typed, changed);
    desk.send(&path, &[], &fields).await
}

on_both_databases! {
    /// PT-190
    async fn a_row_opens_the_form_with_its_values(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&DAILY, &[("exclusion_first", "13.03.2026"), ("exclusion_last", "14.03.2026")])).await;
        let (_, page) = desk.open("2026-03-12").await;
        assert_eq!(page.text_of("#task-title"), "Изменить задание");
        assert_eq!(page.text_of("textarea"), "Измерьте давление");
        assert_eq!(page.attribute("#f-kind option[selected]", "value").as_deref(), Some("support_measures"));
        assert_eq!(page.attribute("#f-repetition option[selected]", "value").as_deref(), Some("daily"));
        assert_eq!(page.attribute("[name=start_date]", "value").as_deref(), Some("12.03.2026"));
        assert_eq!(page.attribute("[name=time]", "value").as_deref(), Some("09:00"));
        assert_eq!(page.attribute("[name=times]", "value").as_deref(), Some("9"), "the rest of ten");
        assert_eq!(page.attributes("[name=exclusion_first]", "value"), ["13.03.2026"]);
        assert_eq!(page.texts(".task__reach .check"), ["Только это", "Это и все следующие"]);
        assert_eq!(page.texts(".task__foot button"), ["Изменить", "Удалить"]);
    }

    /// PT-191, PT-D38
    async fn only_this_leaves_the_others_as_they_are(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&DAILY).await;
        let answer = change(&mut desk, "2026-03-12", &[("act", "save"), ("reach", "only"), ("time", "10:30")]).await;
        let calendar = answer.location().to_owned();
        assert_eq!(desk.visitor.get(&calendar).await.text_of(".toast"), "Изменения сохранены");
        assert_eq!(desk.rows("2026-03-12").await, ["Ожидает отправки: 10:30 Измерьте давление"]);
        for day in ["2026-03-11", "2026-03-13", "2026-03-20"] {
            assert_eq!(desk.rows(day).await, ["Ожидает отправки: 09:00 Измерьте давление"], "{day}");
        }
    }

    /// PT-191: past rows keep the old text, the next have the new.
    async fn this_and_all_that_follow_get_the_new_text(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&DAILY).await;
        deliver(&world, &mut desk, "2026-03-11T06:00:00Z").await;
        change(&mut desk, "2026-03-12", &[("act", "save"), ("reach", "following"), ("text", "Новый текст")]).await.location();
        assert_eq!(desk.rows("2026-03-11").await, ["Отправлено: 09:00 Измерьте давление"]);
        for day in ["2026-03-12", "2026-03-20"] {
            assert_eq!(desk.rows(day).await, ["Ожидает отправки: 09:00 Новый текст"], "{day}");
        }
        assert_eq!(desk.rows("2026-03-21").await, [] as [&str; 0], "ten in all");
    }

    /// PT-169
    async fn an_exclusion_that_is_removed_leaves_blue_dots(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&DAILY, &[("exclusion_first", "13.03.2026"), ("exclusion_last", "14.03.2026")])).await;
        let (path, page) = desk.open("2026-03-12").await;
        let fields = typed(&page);
        let kept = fields.iter().filter(|(name, _)| !name.starts_with("exclusion"));
        let fields: Vec<_> = kept.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        desk.send(&path, &[("act", "save"), ("reach", "following")], &fields).await.location();
        assert_eq!(desk.rows("2026-03-13").await, ["Ожидает отправки: 09:00 Измерьте давление"]);
        assert_eq!(desk.calendar("").await.texts(".entry").len(), 10);
    }

    /// PT-191, PT-173
    async fn a_refused_change_keeps_what_was_typed(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&DAILY).await;
        let fields = [("act", "save"), ("reach", "following"), ("times", "501"), ("text", "Новый текст")];
        let page = change(&mut desk, "2026-03-12", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.texts(".field__error").contains(&"Количество повторений: от 1 до 500".to_owned()));
        assert_eq!(page.text_of("textarea"), "Новый текст");
        assert!(page.has("[name=reach][value=following][checked]"));
    }

    /// PT-081
    async fn an_outdated_form_is_refused(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&ONCE).await;
        let (path, page) = desk.open("2026-03-11").await;
        let old = typed(&page);
        let old: Vec<_> = old.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        desk.send(&path, &[("act", "save")], &with(&old, &[("text", "Первый")])).await.location();
        let second = desk.send(&path, &[("act", "save")], &with(&old, &[("text", "Второй")])).await;
        assert_eq!(second.status, StatusCode::CONFLICT);
        assert_eq!(second.text_of("textarea"), "Второй", "nothing typed is lost");
        assert_eq!(desk.rows("2026-03-11").await, ["Ожидает отправки: 09:00 Первый"]);
    }

    /// PT-192
    async fn what_was_sent_is_history(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&ONCE).await;
        let (path, page) = desk.open("2026-03-11").await;
        let fields = typed(&page);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        deliver(&world, &mut desk, "2026-03-11T06:00:00Z").await;
        let shown = desk.visitor.get(&path).await;
        assert_eq!(shown.text_of("#task .notice"), "Напоминание уже отправлено");
        assert!(!shown.has("textarea") && !shown.has("button[value=save]") && !shown.has("button[value=ask-delete]"));
        for act in ["save", "delete"] {
            let answer = desk.send(&path, &[("act", act)], &with(&fields, &[("text", "Новый текст")])).await;
            assert_eq!(answer.status, StatusCode::CONFLICT, "{act}");
        }
        assert_eq!(desk.rows("2026-03-11").await, ["Отправлено: 09:00 Примите лекарство"]);
    }

    /// PT-192: who did what and when.
    async fn a_sent_reminder_tells_its_story(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&ONCE).await;
        deliver(&world, &mut desk, "2026-03-11T06:00:00Z").await;
        world.clock.turn_to("2026-03-11T06:04:00Z");
        react(&world, &desk, "2026-03-11", Reaction::Done).await;
        let (_, page) = desk.open("2026-03-11").await;
        assert_eq!(page.texts(".step"), [
            "Запланировано на 11.03.2026, 09:00добавлено 10.03.2026, 09:00: Иванова Анна Петровна",
            "Передано на отправку 11.03.2026, 09:00", "Доставлено 11.03.2026, 09:00",
            "Выполнено 11.03.2026, 09:04ответ в боте через 4 минуты",
        ]);
        assert!(!page.has("button[value=mark-done]"), "green ones are not marked by hand");
    }

    /// PT-193
    async fn deleting_asks_and_takes_only_this_or_all_that_follow(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&DAILY).await;
        deliver(&world, &mut desk, "2026-03-11T06:00:00Z").await;
        let asked = change(&mut desk, "2026-03-13", &[("act", "ask-delete")]).await;
        assert_eq!(asked.text_of("#task-title"), "Удалить задание");
        assert_eq!(asked.texts(".task__reach .check"), ["Только это", "Это и все следующие"]);
        assert_eq!(desk.rows("2026-03-13").await.len(), 1, "asking deletes nothing");
        change(&mut desk, "2026-03-13", &[("act", "delete"), ("reach", "only")]).await.location();
        assert_eq!(desk.rows("2026-03-13").await, [] as [&str; 0]);
        assert_eq!(desk.rows("2026-03-14").await.len(), 1);
        let answer = change(&mut desk, "2026-03-15", &[("act", "delete"), ("reach", "following")]).await;
        let calendar = answer.location().to_owned();
        let page = desk.visitor.get(&calendar).await;
        assert_eq!(page.text_of(".toast"), "Задание удалено");
        let left: Vec<_> = page.attributes("td:has(.entry)", "data-day");
        assert_eq!(left, ["2026-03-11", "2026-03-12", "2026-03-14"], "what was sent stays");
    }

    /// PT-193
    async fn what_was_typed_survives_second_thoughts(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&DAILY).await;
        let asked = change(&mut desk, "2026-03-13", &[("act", "ask-delete"), ("text", "Новый текст")]).await;
        assert_eq!(asked.attribute("[name=text]", "value").as_deref(), Some("Новый текст"));
        let kept = change(&mut desk, "2026-03-13", &[("act", "keep"), ("text", "Новый текст")]).await;
        assert_eq!(kept.text_of("textarea"), "Новый текст");
    }

    /// PT-195
    async fn yellow_ones_are_marked_by_hand_with_the_author(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&DAILY).await;
        for (day, act, state) in [("2026-03-11", "mark-done", "Выполнено"), ("2026-03-12", "mark-missed", "Пропущено")] {
            deliver(&world, &mut desk, &format!("{day}T06:00:00Z")).await;
            let (path, page) = desk.open(day).await;
            assert_eq!(page.texts("#task button"), ["Отметить как выполнено", "Отметить как пропущено"]);
            let answer = desk.send(&path, &[("act", act)], &[]).await;
            let calendar = answer.location().to_owned();
            assert_eq!(desk.visitor.get(&calendar).await.text_of(".toast"), "Отметка сохранена");
            assert_eq!(desk.rows(day).await, [format!("{state}: 09:00 Измерьте давление")]);
            let (_, page) = desk.open(day).await;
            let last = page.texts(".step").pop().expect("the story has steps");
            assert!(last.ends_with("отметка в панели: Иванова Анна Петровна (было «Отправлено»)"), "{last}");
        }
    }

    /// PT-281
    async fn a_reminder_is_found_only_under_its_citizen(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&ONCE).await;
        let olga = world.citizen("Ольгина Ольга").of(&desk.anna).linked("1002").await;
        let (path, _) = desk.open("2026-03-11").await;
        let foreign = path.replace(&desk.maria.person.to_string(), &olga.person.to_string());
        assert_eq!(desk.visitor.get(&foreign).await.status, StatusCode::NOT_FOUND);
    }
}
