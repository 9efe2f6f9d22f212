//! What the people of every story do: sign in, make cards, connect, plan.

use opora_testkit::{Backend, FakeTelegram, Opora, Page, Visitor};

/// When stories begin: a Tuesday, 08:50 in Moscow.
pub const MORNING: &str = "2026-03-10T05:50:00Z";

/// What the administrator chooses instead of the one-time password.
pub const OWN_PASSWORD: &str = "мой новый пароль";

/// The curators' password.
pub const CURATOR_PASSWORD: &str = "пароль куратора";

/// A new installation, its clock at [`MORNING`].
pub async fn installed(backend: Backend) -> Opora {
    let opora = Opora::installed(env!("CARGO_BIN_EXE_opora"), backend).await;
    opora.turn_to(MORNING);
    opora
}

/// Signs in with the one-time password from the log and changes it.
pub async fn administrator(opora: &Opora) -> Visitor {
    let line = opora.says("  password  ").await;
    let one_time = line.split_whitespace().last().unwrap().to_owned();
    let mut admin = Visitor::of(&opora.url());
    let page = sign_in(&mut admin, "admin", &one_time).await;
    page.says("Вы вошли с одноразовым паролем");
    let form = page.form("/account/password").with("old", &one_time);
    let page = admin.submit(form.with("new", OWN_PASSWORD).with("repeat", OWN_PASSWORD)).await;
    page.says("Пароль изменён");
    admin
}

/// Fills in the sign-in window.
pub async fn sign_in(visitor: &mut Visitor, login: &str, password: &str) -> Page {
    let page = visitor.get("/sign-in").await;
    visitor.submit(page.form("/sign-in").with("login", login).with("password", password)).await
}

/// The administrator makes a curator, who signs in. The e-mail address is `<login>@opora.test`.
pub async fn curator(opora: &Opora, admin: &mut Visitor, surname: &str, login: &str) -> Visitor {
    let page = admin.get("/curators/new").await;
    let form = page.form("/curators").with("surname", surname).with("name", "Анна").with("patronymic", "Петровна");
    let form = form.with("email", &format!("{login}@opora.test")).with("login", login);
    let form = form.with("password", CURATOR_PASSWORD).with("password_repeat", CURATOR_PASSWORD);
    admin.submit(form).await.says(surname);
    let mut curator = Visitor::of(&opora.url());
    sign_in(&mut curator, login, CURATOR_PASSWORD).await.says("Пользователи");
    curator
}

/// A citizen's card as a curator sees it.
pub struct Card {
    /// `/citizens/…`.
    pub path: String,
    /// The activation code.
    pub code: String,
}

/// A curator registers a citizen.
pub async fn citizen(curator: &mut Visitor, surname: &str, phone: &str) -> Card {
    let page = curator.get("/citizens/new").await;
    let form = page.form("/citizens").with("surname", surname).with("name", "Мария").with("phone", phone);
    let saved = curator.submit(form).await;
    saved.says(surname);
    let path = if saved.find("#code-value").is_some() { saved.url.path().to_owned() } else { saved.link(surname) };
    let card = curator.get(&path).await;
    let code = card.find("#code-value").unwrap_or_else(|| panic!("the card shows no code: {}", card.text()));
    Card { path, code: code.split_whitespace().collect() }
}

/// The citizen opens the bot and enters the code.
pub async fn connects(telegram: &FakeTelegram, chat: i64, card: &Card) {
    telegram.chat(chat).starts(None);
    telegram.chat(chat).sees("Введите код активации").await;
    telegram.chat(chat).says(&card.code);
    telegram.chat(chat).sees("Успешная активация").await;
}

/// The curator plans one reminder of support measures for a day and time of the citizen.
pub async fn plans(curator: &mut Visitor, card: &Card, text: &str, date: &str, time: &str) {
    let page = curator.get(&format!("{}/programme/new", card.path)).await;
    let form = page.form_with_button("Сохранить и закрыть").with("kind", "support_measures").with("text", text);
    curator.submit(form.with("start_date", date).with("time", time)).await.says("Задание сохранено");
}

/// The states of the reminders that a page of the calendar shows, as words of their dots.
pub async fn dots(curator: &mut Visitor, card: &Card, date: &str) -> Vec<String> {
    let page = curator.get(&format!("{}/programme?view=day&date={date}", card.path)).await;
    assert!(page.status.is_success(), "{}", page.text());
    page.attributes(".entry .dot", "aria-label")
}

/// Looks at the calendar again and again until its dots say so.
pub async fn sees_dots(curator: &mut Visitor, card: &Card, date: &str, wanted: &[&str]) {
    let search = async { while dots(curator, card, date).await != wanted {} };
    let came = tokio::time::timeout(opora_testkit::PATIENCE, search).await;
    assert!(came.is_ok(), "the calendar shows {:?}", dots(curator, card, date).await);
}
