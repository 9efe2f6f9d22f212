//! Every page can be used by people who see little, hear a screen reader or cannot hold a mouse: the automatic part of
//! WCAG 2.2 AA (axe-core), light and dark, on a desk and on a phone.

mod walk;

use std::collections::BTreeMap;

use opora_testkit::{
    Backend, Browser, Opora, Visitor,
    browser::{Barrier, Look},
    code_of,
};

use crate::staff;

const DARK_PHONE: Look = Look { is_phone: true, is_dark: true };

/// A sample installation with people in it, and who may sign in: login → password; and the code of a citizen who waits.
struct Sample {
    opora: Opora,
    passwords: BTreeMap<String, String>,
    code: String,
}

async fn sample() -> Sample {
    let mut opora = staff::installed(Backend::Sqlite).await;
    let folder = opora.folder().join("sample");
    let place = folder.display().to_string();
    let address = opora.url().replace("http://", "");
    opora.arguments(&["demo", "--data-dir", &place, "--listen", &address]);
    opora.start().await;
    let notes = std::fs::read_to_string(folder.join("sign-ins.txt")).unwrap();
    let mut passwords = BTreeMap::new();
    for line in notes.lines().filter(|line| line.starts_with("  ")) {
        let mut words = line.split_whitespace().map(str::to_owned);
        passwords.insert(words.next().unwrap(), words.next().unwrap());
    }
    let code = notes.trim_end().trim_end_matches('.').split_whitespace().last().unwrap().to_owned();
    Sample { opora, passwords, code }
}

impl Sample {
    /// The login of the first curator.
    fn curator(&self) -> &str {
        self.passwords.keys().find(|login| *login != "admin").unwrap()
    }

    fn password(&self, login: &str) -> &str {
        &self.passwords[login]
    }

    async fn browser_of(&self, login: &str) -> Browser {
        let browser = Browser::start().await;
        browser.open(&format!("{}/sign-in", self.opora.url())).await;
        browser.fill("Логин", login).await;
        browser.fill("Пароль", self.password(login)).await;
        browser.click("Войти").await;
        browser.sees_element("nav.menu").await;
        browser
    }
}

/// What was found, said once for each kind of trouble.
#[derive(Default)]
struct Findings(BTreeMap<(String, String), Vec<(String, Barrier)>>);

impl Findings {
    /// Looks at the page shown, in these looks; afterwards the window is a light desk again.
    async fn look(&mut self, browser: &Browser, name: &str, looks: &[Look]) {
        for look in looks {
            browser.looks(*look).await;
            for barrier in browser.barriers().await {
                let key = (barrier.rule.clone(), barrier.html.chars().take(80).collect());
                self.0.entry(key).or_default().push((format!("{name} ({})", look.name()), barrier));
            }
        }
        browser.looks(Look::DESK).await;
    }

    fn are_none(self) {
        let mut report = String::new();
        for ((rule, _), places) in &self.0 {
            let (place, barrier) = &places[0];
            let why = barrier.why.replace('\n', "\n    ");
            report.push_str(&format!(
                "{rule}, {} times, first at {place}:\n    {}\n    {}\n    {why}\n\n",
                places.len(),
                barrier.place,
                barrier.html
            ));
        }
        assert!(self.0.is_empty(), "{} kinds of barriers:\n\n{report}", self.0.len());
    }
}

/// Looks at every page that somebody can reach.
async fn walk_all(login: &str, sample: &Sample, looks: &[Look], at_least: usize) {
    let mut visitor = Visitor::of(&sample.opora.url());
    staff::sign_in(&mut visitor, login, sample.password(login)).await;
    let pages = walk::pages(&mut visitor).await;
    assert!(pages.len() >= at_least, "{login} finds only {} pages: {pages:#?}", pages.len());
    let browser = sample.browser_of(login).await;
    let mut findings = Findings::default();
    for page in &pages {
        browser.open(&format!("{}{page}", sample.opora.url())).await;
        findings.look(&browser, page, looks).await;
    }
    findings.are_none();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_administrator() {
    let sample = sample().await;
    walk_all("admin", &sample, &Look::ALL, 25).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_a_curator() {
    let sample = sample().await;
    walk_all(sample.curator(), &sample, &[Look::DESK, DARK_PHONE], 15).await;
}

/// Pages before and after the door: signing in, both factors, errors, the window of keys.
#[tokio::test(flavor = "multi_thread")]
async fn the_way_in_and_its_second_step() {
    let sample = sample().await;
    let (opora, login) = (&sample.opora, sample.curator());
    let at = |path: &str| format!("{}{path}", opora.url());
    let browser = Browser::start().await;
    let mut findings = Findings::default();
    browser.open(&at("/sign-in")).await;
    findings.look(&browser, "sign-in", &Look::ALL).await;
    browser.fill("Логин", login).await;
    browser.fill("Пароль", "guess").await;
    browser.click("Войти").await;
    browser.sees("Логин или пароль неверный").await;
    findings.look(&browser, "sign-in refused", &Look::ALL).await;
    browser.fill("Пароль", sample.password(login)).await;
    browser.click("Войти").await;
    browser.sees_element("nav.menu").await;
    browser.press("?").await;
    browser.sees_element("dialog[open]").await;
    findings.look(&browser, "keys", &Look::ALL).await;
    browser.open(&at("/no-such-page")).await;
    findings.look(&browser, "no such page", &Look::ALL).await;

    browser.open(&at("/account/second-factor")).await;
    findings.look(&browser, "second factor off", &Look::ALL).await;
    browser.click("Включить").await;
    let secret = browser.sees_element("#secret").await.text().await.unwrap();
    findings.look(&browser, "enrolment", &Look::ALL).await;
    browser.fill("Код из приложения", &code_of(&secret, opora.now())).await;
    browser.click("Подтвердить").await;
    browser.sees_element("#codes").await;
    findings.look(&browser, "recovery codes", &Look::ALL).await;
    browser.open(&at("/account/second-factor")).await;
    findings.look(&browser, "second factor on", &Look::ALL).await;
    opora.advance(chrono::TimeDelta::seconds(31));
    browser.client().delete_all_cookies().await.unwrap();
    browser.open(&at("/sign-in")).await;
    browser.fill("Логин", login).await;
    browser.fill("Пароль", sample.password(login)).await;
    browser.click("Войти").await;
    browser.sees("Второй шаг входа").await;
    findings.look(&browser, "code", &Look::ALL).await;
    browser.fill("Код", &code_of(&secret, opora.now())).await;
    browser.click("Войти").await;
    browser.sees_element("nav.menu").await;
    findings.are_none();
}

/// The citizens' pages.
#[tokio::test(flavor = "multi_thread")]
async fn the_citizens_chat() {
    let sample = sample().await;
    let browser = Browser::start().await;
    let mut findings = Findings::default();
    browser.open(&format!("{}/chat", sample.opora.url())).await;
    findings.look(&browser, "chat of a stranger", &Look::ALL).await;
    browser.fill("Код активации", &sample.code).await;
    browser.click("Подключить").await;
    browser.sees("Успешная активация").await;
    findings.look(&browser, "chat of a citizen", &Look::ALL).await;
    findings.are_none();
}
