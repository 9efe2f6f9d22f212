//! A curator's day with the keyboard alone: every stop of the focus can be seen, and the focus is never lost.

use opora_testkit::{Backend, Browser, FakeTelegram, Opora, browser::Key};

use crate::staff::{self, CURATOR_PASSWORD};

/// PT-016, PT-022, PT-148
#[tokio::test(flavor = "multi_thread")]
async fn a_curator_works_without_a_mouse() {
    let mut opora = staff::installed(Backend::Sqlite).await;
    let telegram = FakeTelegram::start().await;
    opora.uses_telegram(&telegram);
    opora.start().await;
    let mut admin = staff::administrator(&opora).await;
    staff::curator(&opora, &mut admin, "Иванова", "anna").await;
    let browser = Browser::start().await;

    browser.open(&format!("{}/sign-in", opora.url())).await;
    browser.types("anna").await;
    browser.tab_to("Пароль").await;
    browser.types(CURATOR_PASSWORD).await;
    browser.presses(Key::Enter).await;
    browser.sees_element("nav.menu").await;

    browser.tab_to("К содержанию").await;
    browser.presses(Key::Enter).await;
    assert_eq!(browser.run("return document.activeElement.id").await, "main", "the menu is skipped");

    browser.tab_to("Пользователи").await;
    browser.presses(Key::Enter).await;
    browser.sees_element("form.search").await;
    browser.types("n").await;
    browser.sees_element("[name=surname]").await;
    for (field, value) in [("Фамилия", "Петрова"), ("Имя", "Мария"), ("Номер телефона", "8 913 123-45-67")]
    {
        browser.tab_to(field).await;
        browser.types(value).await;
    }
    browser.tab_to("Сохранить").await;
    browser.presses(Key::Enter).await;
    browser.sees("Карточка создана").await;
    let code = browser.sees_element("#code-value").await.text().await.unwrap();
    let card = staff::Card { path: browser.path().await, code: code.split_whitespace().collect() };
    staff::connects(&telegram, 1001, &card).await;

    browser.reload().await;
    browser.tab_to("Программа поддержки").await;
    browser.presses(Key::Enter).await;
    plans_and_marks(&opora, &telegram, &browser).await;

    browser.tab_to("Выйти").await;
    browser.presses(Key::Enter).await;
    browser.sees("Выйти из программы?").await;
    assert_eq!(browser.focused().await, "Отмена", "Enter must not do what the window asks about");
    browser.presses(Key::Escape).await;
    assert_eq!(browser.focused().await, "Выйти", "the focus returns to what opened the window");
    browser.presses(Key::Enter).await;
    browser.tab_to("Выйти").await;
    browser.presses(Key::Enter).await;
    browser.sees_element("[name=login]").await;
    assert_eq!(browser.path().await, "/sign-in");
}

/// A reminder in the window over the calendar, the calendar's next page, and the mark after the reminder went.
async fn plans_and_marks(opora: &Opora, telegram: &FakeTelegram, browser: &Browser) {
    browser.sees_element("#programme").await;
    browser.types("n").await;
    browser.sees_element("dialog[open] [name=text]").await;
    browser.tab_to("Тип задания").await;
    browser.types("Инф").await;
    browser.tab_to("Описание задания").await;
    browser.types("Завтра придёт врач").await;
    browser.tab_to("Время напоминания").await;
    browser.types("1000").await;
    browser.tab_to("Дата").await;
    browser.types("10032026").await;
    browser.tab_to("Сохранить и закрыть").await;
    browser.presses(Key::Enter).await;
    browser.sees("Задание сохранено").await;

    browser.tab_to("Вперед").await;
    browser.presses(Key::Enter).await;
    browser.sees("Апрель 2026").await;
    assert_eq!(browser.focused().await, "Вперед", "a new part of the page leaves the focus where it was");
    browser.types("t").await;
    browser.sees("Март 2026").await;

    opora.turn_to("2026-03-10T07:00:00Z");
    telegram.chat(1001).sees("Завтра придёт врач").await;
    browser.reload().await;
    browser.tab_to("10:00").await;
    browser.presses(Key::Enter).await;
    browser.sees("Отметить как выполнено").await;
    browser.tab_to("Отметить как выполнено").await;
    browser.presses(Key::Enter).await;
    browser.sees_element(".entry .dot--done").await;
}
