//! What is coming.

use opora_core::{
    foundation::ids::SubmissionId,
    patronage::reminders::{self, ReminderForm},
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};

use super::chat;

fn daily(kind: &str, text: &str, times: u32) -> ReminderForm {
    ReminderForm {
        kind: kind.to_owned(),
        text: text.to_owned(),
        repetition: "daily".to_owned(),
        every: "1".to_owned(),
        start_date: "2026-03-10".to_owned(),
        time: "12:00".to_owned(),
        end_by: "times".to_owned(),
        times: times.to_string(),
        ..ReminderForm::default()
    }
}

async fn plan(world: &World, author: &Actor, citizen: &Citizen, form: &ReminderForm) {
    let submission = SubmissionId::draw(world.app.clock.now(), &*world.app.chance);
    let mut work = world.begin(author.clone()).await;
    reminders::plan(&mut work, citizen.person, form, submission).await.expect("it can be planned");
    work.commit().await.expect("it stays");
}

on_both_databases! {
    /// PT-111, PT-112, PT-115, PT-117, PT-118, PT-119, PT-120
    async fn the_menu_lists_what_is_coming_by_days_and_by_kind(world: World) {
        let administrator = world.administrator().await;
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let mut phone = chat(&world, "1001");
        for button in ["3 дня", "7 дней", "14 дней", "30 дней"] {
            phone.says(button).await.sees(&["На выбранный период напоминаний нет"]);
        }
        for button in ["Меры поддержки", "Информация для Вас", "Дата встречи с соц. куратором"] {
            phone.says(button).await.sees(&["Записей нет"]);
        }
        plan(&world, &administrator, &maria, &daily("support_measures", "Принять лекарство", 40)).await;
        plan(&world, &administrator, &maria, &daily("curator_reminder", "Позвонить в поликлинику", 40)).await;
        for (button, lines) in [("3 дня", 3), ("7 дней", 7), ("14 дней", 14), ("30 дней", 30)] {
            phone.says(button).await;
            assert_eq!(phone.texts().concat().lines().count(), lines, "{button}");
        }
        phone.says("3 дня").await.sees(&["10.03.2026, 12:00 — Меры поддержки: Принять лекарство\n\
            11.03.2026, 12:00 — Меры поддержки: Принять лекарство\n\
            12.03.2026, 12:00 — Меры поддержки: Принять лекарство"]);
        phone.says("Информация для Вас").await.sees(&["Записей нет"]);
    }

    /// PT-121
    async fn a_long_list_comes_in_several_messages_and_ends_with_the_rest(world: World) {
        let administrator = world.administrator().await;
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        for _ in 0..2 {
            plan(&world, &administrator, &maria, &daily("information", &"я".repeat(400), 60)).await;
        }
        let mut phone = chat(&world, "1001");
        phone.says("30 дней").await;
        let messages = phone.texts();
        assert!(messages.len() > 1 && messages.iter().all(|message| message.encode_utf16().count() <= 4096));
        let lines: Vec<&str> = messages.iter().flat_map(|message| message.lines()).collect();
        assert_eq!((lines.len(), lines.last().copied()), (51, Some("и еще 10")));
        let month_and_day = |line: &&str| (line[3..5].to_owned(), line[..2].to_owned());
        assert!(lines[..50].is_sorted_by_key(month_and_day), "in the order of time over all messages");
    }

    /// PT-142
    async fn old_labels_keep_working_and_bring_the_new_menu(mut world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        world.configure(|config| drop(config.labels.insert("label-bot-contact".to_owned(), "Нужна помощь".to_owned())));
        chat(&world, "1001").starts(None).await.with_menu();
        world.configure(|config| drop(config.labels.insert("label-bot-contact".to_owned(), "Позвоните мне".to_owned())));
        let mut phone = chat(&world, "1001");
        phone.says("нужна  помощь").await;
        assert!(phone.texts().contains(&"Запрос на связь отправлен".to_owned()), "{:?}", phone.texts());
        let menu = phone.menu().expect("the new menu comes along").concat();
        assert!(menu.contains(&"Позвоните мне".to_owned()) && !menu.contains(&"Нужна помощь".to_owned()), "{menu:?}");
        phone.says("Запросить связь").await;
        assert_eq!(phone.texts().len(), 1, "the original label is known too");
        phone.without_menu();
    }
}
