//! A walk through the demonstration, as a curator sees it. With `TEST_SCREENSHOTS=FOLDER` the pictures of the documentation are
//! taken on the way: `TEST_SCREENSHOTS=docs/screenshots cargo test --test stories pictures`.

use std::path::PathBuf;

use opora_testkit::{Backend, Browser, Opora, Visitor, browser::Look};

use crate::{demo, staff};

/// Largest picture that the documentation takes.
const LIMIT: u64 = 250 * 1024;

#[expect(clippy::disallowed_methods, reason = "a wish of whoever runs the tests, not a setting of the program")]
fn folder() -> Option<PathBuf> {
    std::env::var("TEST_SCREENSHOTS").ok().map(|folder| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder))
}

/// Takes the picture if somebody wants it.
async fn keep(browser: &Browser, name: &str) {
    assert_eq!(browser.complaints().await, Vec::<String>::new(), "{name}");
    let Some(folder) = folder() else { return };
    let picture = browser.picture(name).await;
    let size = std::fs::metadata(&picture).unwrap().len();
    assert!(size <= LIMIT, "{name} has {size} bytes");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy(picture, folder.join(format!("{name}.png"))).unwrap();
}

/// The name and card of the first citizen in the list whose bot is connected, and of the one who waits.
async fn cards(curator: &mut Visitor, waiting: &str) -> (String, String) {
    let list = curator.get("/citizens").await;
    let connected = list.attributes("tbody td:first-child a", "href");
    let of_waiting = list.link(waiting.split_whitespace().next().unwrap());
    let other = connected.into_iter().find(|path| *path != of_waiting).expect("somebody else");
    (other, of_waiting)
}

async fn signed_in(opora: &Opora, login: &str, password: &str) -> Browser {
    let browser = Browser::start().await;
    browser.open(&format!("{}/sign-in", opora.url())).await;
    browser.fill("Логин", login).await;
    browser.fill("Пароль", password).await;
    browser.click("Войти").await;
    browser.sees("Сегодня").await;
    browser
}

async fn rooms_of_the_administrator(opora: &Opora, (login, password): &(String, String)) {
    let browser = signed_in(opora, login, password).await;
    let rooms = [
        ("selection", "/citizens", "Выбрать всех найденных"),
        ("import", "/citizens/import", "Загрузка из таблицы"),
        ("delivery", "/delivery", "Доставка"),
        ("journal", "/journal", "Кто, когда и что сделал"),
    ];
    for (name, path, words) in rooms {
        browser.open(&format!("{}{path}", opora.url())).await;
        browser.sees(words).await;
        keep(&browser, name).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_shows_the_rooms_of_everybody() {
    let mut opora = staff::installed(Backend::Sqlite).await;
    opora.arguments(&["demo"]);
    opora.start().await;
    let printed = demo::printed(&opora).await;
    let surname = printed.waiting.split_whitespace().next().unwrap().to_owned();
    let mut found = None;
    for (login, password) in &printed.people[1..] {
        let mut curator = Visitor::of(&opora.url());
        staff::sign_in(&mut curator, login, password).await;
        if curator.get("/citizens").await.text().contains(&surname) {
            found = Some((curator, login, password));
        }
    }
    let (mut curator, login, password) = found.expect("one of the curators looks after the waiting citizen");
    let (card, waiting) = cards(&mut curator, &printed.waiting).await;

    let browser = signed_in(&opora, login, password).await;
    let rooms = [
        ("today", "/today".to_owned(), "Просят связаться"),
        ("citizens", "/citizens".to_owned(), "Поиск по ФИО"),
        ("activity", "/activity".to_owned(), "Не просмотрено"),
        ("meetings", "/meetings".to_owned(), "Месяц"),
        ("deviations", "/deviations".to_owned(), "Страница обновляется сама"),
        ("summary", "/summary".to_owned(), "Как отвечают на напоминания"),
        ("activation", waiting, "Код активации"),
        ("programme", format!("{card}/programme"), "Отправить сообщение"),
    ];
    for (name, path, words) in rooms {
        browser.open(&format!("{}{path}", opora.url())).await;
        browser.sees(words).await;
        keep(&browser, name).await;
    }
    browser.click("Добавить").await;
    browser.sees("Создать задание").await;
    browser.fill("Тип задания", "Меры поддержки").await;
    browser.fill("Описание задания", "Измерьте давление и запишите показания").await;
    browser.fill("Повторение", "Ежедневно").await;
    browser.fill("Количество повторений, от 1 до 500", "30").await;
    browser.fill("Время напоминания", "09:00").await;
    browser.sees("Ближайшие даты").await;
    keep(&browser, "task").await;

    rooms_of_the_administrator(&opora, &printed.people[0]).await;

    browser.looks(Look::PHONE).await;
    browser.open(&format!("{}/chat", opora.url())).await;
    browser.fill("Код активации", &printed.code).await;
    browser.click("Подключить").await;
    browser.sees("Успешная активация").await;
    browser.click("7 дней").await;
    browser.sees("Сделайте дыхательную гимнастику").await;
    keep(&browser, "web-chat").await;
}
