//! First light without any messenger: the citizen's chat in a real browser.

use opora_testkit::{Browser, Opora, browser::Look};

use crate::staff;

stories! {
    /// PT-131, PT-148
    async fn a_reminder_is_answered_in_the_browser_of_a_citizen(mut opora: Opora) {
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        let browser = Browser::start().await;
        browser.looks(Look::PHONE).await;
        browser.open(&format!("{}/chat", opora.url())).await;
        browser.fill("Код активации", &maria.code).await;
        browser.click("Подключить").await;
        browser.sees("Успешная активация").await;

        staff::plans(&mut anna, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        browser.does_not_see("Примите лекарство").await;
        opora.turn_to("2026-03-10T06:00:00Z");
        // Comes by itself: nobody loads the page again.
        browser.sees("Примите лекарство").await;
        browser.picture("web-chat-question").await;
        browser.click("Выполнено").await;
        staff::sees_dots(&mut anna, &maria, "2026-03-10", &["Выполнено"]).await;
        browser.does_not_see("Пропущено").await;

        opora.kill().await;
        // On PostgreSQL a chat waits two minutes for what a dead process was just sending into it.
        opora.advance(chrono::TimeDelta::minutes(3));
        opora.start().await;
        browser.reload().await;
        browser.sees("Примите лекарство").await;
        browser.click("7 дней").await;
        browser.sees("На выбранный период напоминаний нет").await;
        assert!(!browser.must_be_pushed_sideways().await);
    }
}
