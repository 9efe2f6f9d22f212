//! The panel in a real browser: with scripts and without, on a desk and on a phone, light and dark.

use opora_testkit::{Backend, Browser, FakeTelegram, Opora, browser::Look};

use crate::staff::{self, CURATOR_PASSWORD};

/// A signed-in curator with one connected citizen, whose card has this path.
struct Desk {
    opora: Opora,
    telegram: FakeTelegram,
    browser: Browser,
    card: String,
}

async fn desk() -> Desk {
    let mut opora = staff::installed(Backend::Sqlite).await;
    let telegram = FakeTelegram::start().await;
    opora.uses_telegram(&telegram);
    opora.start().await;
    let mut admin = staff::administrator(&opora).await;
    let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
    let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
    staff::connects(&telegram, 1001, &maria).await;
    staff::plans(&mut anna, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
    let browser = Browser::start().await;
    browser.open(&format!("{}/sign-in", opora.url())).await;
    browser.fill("Логин", "anna").await;
    browser.fill("Пароль", CURATOR_PASSWORD).await;
    browser.click("Войти").await;
    browser.sees("Сегодня").await;
    Desk { opora, telegram, browser, card: maria.path }
}

/// PT-145, PT-148, PT-188
#[tokio::test(flavor = "multi_thread")]
async fn a_curator_plans_in_a_window_over_the_calendar_and_sees_the_dot_change() {
    let Desk { opora, telegram, browser, card } = desk().await;
    browser.open(&format!("{}{card}/programme", opora.url())).await;
    browser.click("Добавить").await;
    browser.sees("Создать задание").await;
    plan_at_ten(&browser, "Завтра придёт врач", "Дата").await;
    browser.sees("Ближайшие даты").await;
    browser.click("Сохранить и закрыть").await;
    browser.sees("Задание сохранено").await;
    browser.sees("Завтра придёт врач").await;
    opora.turn_to("2026-03-10T07:00:00Z");
    telegram.chat(1001).sees("Завтра придёт врач").await;
    let press = telegram.chat(1001).presses("Выполнено").unwrap();
    telegram.chat(1001).sees_popup(&press).await;
    browser.reload().await;
    browser.sees_element(".entry .dot--done").await;
    assert!(browser.complaints().await.is_empty());
}

/// The same without scripts: everything is a link or a form.
#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_everything_works_too() {
    let Desk { opora, browser, card, .. } = desk().await;
    browser.without_scripts(true).await;
    browser.open(&format!("{}{card}/programme", opora.url())).await;
    browser.click("Добавить").await;
    browser.sees("Создать задание").await;
    assert!(browser.path().await.ends_with("/programme/new"));
    plan_at_ten(&browser, "Без сценариев", "Дата начала").await;
    browser.click("Показать даты").await;
    browser.sees("10.03.2026, 10:00").await;
    browser.click("Сохранить и закрыть").await;
    browser.sees("Задание сохранено").await;
    browser.sees("Без сценариев").await;
}

/// Fills in the form; without scripts the date has both its labels, for one reminder and for a series.
async fn plan_at_ten(browser: &Browser, text: &str, date: &str) {
    browser.fill("Тип задания", "Информация для Вас").await;
    browser.fill("Описание задания", text).await;
    browser.fill("Время напоминания", "10:00").await;
    browser.fill(date, "10.03.2026").await;
    assert_eq!(browser.value("Время напоминания").await, "10:00", "separators typed by hand stand once");
    assert_eq!(browser.value(date).await, "10.03.2026");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_phone_and_the_console_stays_silent() {
    let Desk { opora, browser, card, .. } = desk().await;
    let pages = [
        ("citizens", "/citizens".to_owned()),
        ("citizen-new", "/citizens/new".to_owned()),
        ("citizen-card", card.clone()),
        ("citizen-edit", format!("{card}/edit")),
        ("programme", format!("{card}/programme")),
        ("programme-list", format!("{card}/programme?view=list")),
        ("programme-new", format!("{card}/programme/new")),
        ("account", "/account".to_owned()),
        ("guide", "/guide".to_owned()),
    ];
    browser.complaints().await;
    for (name, path) in pages {
        browser.open(&format!("{}{path}", opora.url())).await;
        for look in Look::ALL {
            browser.looks(look).await;
            assert!(!browser.must_be_pushed_sideways().await, "{path} is wider than {look:?}");
            browser.picture(&format!("{name}-{}", look.name())).await;
        }
        let complaints = browser.complaints().await;
        assert!(complaints.is_empty(), "{path}: {complaints:#?}");
    }
}
