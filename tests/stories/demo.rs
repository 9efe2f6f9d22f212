//! `opora demo`: ready to be tried, without a token and without network, from both sides.

use opora_testkit::{Backend, Opora, Page, Visitor};

use crate::staff;

/// Looks at the chat again and again until it says so.
async fn sees(citizen: &mut Visitor, text: &str) -> Page {
    let search = async {
        loop {
            let page = citizen.get("/chat").await;
            if page.text().contains(text) {
                return page;
            }
        }
    };
    let found = tokio::time::timeout(opora_testkit::PATIENCE, search).await;
    found.unwrap_or_else(|_| panic!("the chat does not say «{text}»"))
}

/// How many reminders of the day are done.
async fn green_dots(curator: &mut Visitor, card: &staff::Card) -> usize {
    let page = curator.get(&format!("{}/programme?view=day&date=2026-03-10", card.path)).await;
    page.find_all(".entry .dot--done").len()
}

/// The word after `before` in what the program printed.
fn after<'a>(line: &'a str, before: &str) -> &'a str {
    line.split_once(before).and_then(|(_, rest)| rest.split_whitespace().next()).unwrap_or_else(|| panic!("{line}"))
}

/// What the demonstration tells whoever tries it.
pub struct Printed {
    /// Logins and passwords; the administrator's first.
    pub people: Vec<(String, String)>,
    /// The citizen who may be played.
    pub waiting: String,
    /// His activation code.
    pub code: String,
}

/// Reads what a started demonstration printed.
pub async fn printed(opora: &Opora) -> Printed {
    let line = opora.says("In the chat you are ").await;
    let waiting = line.split_once("you are ").unwrap().1.split_once(" with the activation code").unwrap().0.to_owned();
    let code = after(&line, "activation code ").trim_end_matches('.').to_owned();
    let log = opora.log();
    let lines = log.lines().skip_while(|line| !line.starts_with("Sign in (")).skip(1);
    let people = lines.take_while(|line| line.starts_with("  ")).map(|line| {
        let mut words = line.split_whitespace().map(str::to_owned);
        (words.next().unwrap(), words.next().unwrap())
    });
    Printed { people: people.collect(), waiting, code }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_of_the_demonstration_can_be_played_with_what_it_prints() {
    let mut opora = staff::installed(Backend::Sqlite).await;
    opora.arguments(&["demo"]);
    // A real installation beside it must not be touched, whatever the environment says.
    opora.set("OPORA_TELEGRAM_TOKEN", "1:a-real-token");
    opora.start().await;
    let address = opora.says("Opora is ready to be tried: ").await;
    assert_eq!(after(&address, "tried: "), format!("{}/", opora.url()));
    let chat = opora.says("The citizens' chat: ").await;
    assert_eq!(after(&chat, "chat: "), format!("{}/chat", opora.url()));
    let printed = printed(&opora).await;
    let (name, code) = (printed.waiting.as_str(), printed.code.as_str());
    let notes = std::fs::metadata(opora.folder().join("data/demo/sign-ins.txt")).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::mode(&notes.permissions());
    assert_eq!(mode & 0o777, 0o600, "it holds passwords");
    assert!(printed.people.len() > 1, "an administrator and curators: {:?}", printed.people);

    let mut citizen = Visitor::of(&opora.url());
    let door = citizen.get("/chat").await;
    citizen.submit(door.form("/chat/start").with("code", code)).await;
    sees(&mut citizen, "Успешная активация").await;

    let surname = name.split_whitespace().next().unwrap();
    let mut curator = None;
    for (login, password) in &printed.people[1..] {
        let mut person = Visitor::of(&opora.url());
        staff::sign_in(&mut person, login, password).await.says("Пользователи");
        let list = person.get("/citizens").await;
        if list.text().contains(surname) {
            curator = Some((person, list.link(surname)));
        }
    }
    let (mut curator, path) = curator.expect("one of the curators looks after the waiting citizen");
    let card = staff::Card { path, code: String::new() };
    staff::plans(&mut curator, &card, "Проверка показа", "2026-03-10", "09:00").await;
    opora.turn_to("2026-03-10T06:00:00Z");
    let asked = sees(&mut citizen, "Проверка показа").await;
    let before = green_dots(&mut curator, &card).await;
    citizen.submit(asked.form_with_button("Выполнено")).await;
    let green = async { while green_dots(&mut curator, &card).await != before + 1 {} };
    tokio::time::timeout(opora_testkit::PATIENCE, green).await.expect("the dot turns green");

    assert!(opora.stop().await.status.success(), "{}", opora.log());
    assert!(!opora.data_dir().join("opora.db").exists(), "the folder of the real installation is not touched");
    opora.start().await;
    let said = format!("activation code {code}.");
    let twice = async {
        while opora.log().matches(&said).count() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(opora_testkit::PATIENCE, twice).await.expect("a second start says it again");
}
