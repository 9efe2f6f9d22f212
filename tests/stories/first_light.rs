//! From an empty installation to an answered reminder.

use opora_testkit::{FakeTelegram, Opora, Visitor};

use crate::staff;

stories! {
    /// PT-024, PT-056, PT-066, PT-101, PT-113, PT-131, PT-148
    async fn a_reminder_goes_from_the_curator_s_form_to_the_citizen_and_back(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;

        let mut admin = staff::administrator(&opora).await;
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        assert!(telegram.chat(1001).menu().is_some(), "{}", telegram.chat(1001).shown());

        staff::plans(&mut anna, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        assert_eq!(staff::dots(&mut anna, &maria, "2026-03-10").await, ["Ожидает отправки"]);
        assert!(telegram.chat(1001).received().iter().all(|message| !message.text.contains("лекарство")));

        opora.turn_to("2026-03-10T06:00:00Z");
        let message = telegram.chat(1001).sees("Примите лекарство").await;
        let labels: Vec<_> = message.buttons.iter().flatten().map(|button| button.label.as_str()).collect();
        assert_eq!(labels, ["Выполнено", "Пропущено"]);

        let press = telegram.chat(1001).presses("Выполнено").unwrap();
        telegram.chat(1001).sees_popup(&press).await;
        assert_eq!(staff::dots(&mut anna, &maria, "2026-03-10").await, ["Выполнено"]);
        let asked_again = telegram.chat(1001).presses_under(&message, "Пропущено");
        assert!(telegram.chat(1001).sees_popup(&asked_again).await.contains("Реакция уже принята"));
        assert_eq!(staff::dots(&mut anna, &maria, "2026-03-10").await, ["Выполнено"]);
        assert!(opora.stop().await.status.success(), "{}", opora.log());
    }

    /// PT-009
    async fn signs_of_life_carry_the_strict_headers_too(mut opora: Opora) {
        opora.start().await;
        let mut watcher = Visitor::of(&opora.url());
        for path in ["/healthz", "/readyz", "/metrics"] {
            let answer = watcher.get(path).await;
            let text = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            assert!(answer.status.is_success(), "{path}: {}", answer.status);
            assert!(text("content-security-policy").starts_with("default-src 'none'"), "{path}");
            assert_eq!((text("x-content-type-options"), text("cache-control")), ("nosniff", "no-store"), "{path}");
        }
    }

    /// PT-279
    async fn a_curator_knows_nothing_of_another_s_citizens(mut opora: Opora) {
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let mut boris = staff::curator(&opora, &mut admin, "Борисов", "boris").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        for page in ["", "/edit", "/programme", "/programme/new", "/files", "/history", "/deviations"] {
            let page = boris.get(&format!("{}{page}", maria.path)).await;
            assert_eq!(page.status.as_u16(), 404, "{}", page.url);
            assert!(!page.text().contains("Петрова"));
        }
        assert!(!boris.get("/citizens").await.text().contains("Петрова"));
        boris.get("/curators").await.refuses(403, "Нет доступа");
        boris.get("/settings").await.refuses(403, "Нет доступа");
    }
}
