//! The operator's days: figures, outages and the end.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use opora_testkit::{Backend, FakeTelegram, Opora, Security, SmtpSink, Trouble, Visitor, telegram::Call};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::{letters, staff};

/// The value of one figure at `/metrics`; 0 when it was never counted.
pub async fn figure(opora: &Opora, name: &str) -> f64 {
    let text = reqwest::get(format!("{}/metrics", opora.url())).await.unwrap().text().await.unwrap();
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    value.unwrap_or_default()
}

/// Looks at one figure again and again until it is as wanted.
pub async fn reaches(opora: &Opora, name: &str, wanted: impl Fn(f64) -> bool) {
    let search = async { while !wanted(figure(opora, name).await) {} };
    let came = tokio::time::timeout(opora_testkit::PATIENCE, search).await;
    assert!(came.is_ok(), "{name} is {}", figure(opora, name).await);
}

fn asks_about(text: &'static str) -> impl Fn(&Call) -> bool {
    move |call| call.params["text"].as_str().is_some_and(|said| said.contains(text))
}

stories! {
    async fn the_figures_tell_what_was_sent_how_late_and_why_it_waits(mut opora: Opora) {
        const SENT: &str = "opora_outbox_finished_total{channel=\"telegram\",result=\"delivered\"}";
        const OLDEST: &str = "opora_outbox_oldest_seconds{channel=\"telegram\"}";
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let maria = staff::citizen(&mut admin, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        staff::plans(&mut admin, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        reaches(&opora, SENT, |sent| sent >= 2.0).await;
        assert!(figure(&opora, "opora_build_info{version=\"").await >= 0.0);
        let before = figure(&opora, SENT).await;
        telegram.order(Trouble::TooMany { retry_after: 1800 }).for_chat(1001).once();
        opora.turn_to("2026-03-10T06:00:00Z");
        reaches(&opora, "opora_outbox_pauses_total{channel=\"telegram\",reason=\"too_many\"}", |pauses| pauses >= 1.0).await;
        opora.advance(TimeDelta::minutes(10));
        reaches(&opora, OLDEST, |age| age >= 600.0).await;
        assert!(figure(&opora, SENT).await <= before, "silent as told");
        opora.advance(TimeDelta::minutes(21));
        telegram.chat(1001).sees("Примите лекарство").await;
        reaches(&opora, SENT, |sent| sent > before).await;
        reaches(&opora, "opora_due_lag_seconds_sum{channel=\"telegram\"}", |lag| lag >= 1800.0).await;
        reaches(&opora, OLDEST, |age| age <= 0.0).await;
    }

    /// PT-D03: whoever does not exist costs as much as whoever does.
    async fn an_unknown_login_is_verified_like_a_known_one(mut opora: Opora) {
        const CHECKS: &str = "opora_password_checks_total";
        opora.start().await;
        let mut stranger = Visitor::of(&opora.url());
        for login in ["admin", "nobody"] {
            let before = figure(&opora, CHECKS).await;
            staff::sign_in(&mut stranger, login, "не тот пароль").await;
            assert!(figure(&opora, CHECKS).await > before, "{login}");
        }
    }

    /// PT-D20
    async fn a_full_disk_refuses_files_and_nothing_else(mut opora: Opora) {
        let (telegram, mail) = (FakeTelegram::start().await, SmtpSink::start(Security::StartTls).await);
        opora.uses_telegram(&telegram);
        opora.trusts_mail(&mail);
        // No disk has so much room.
        opora.set("OPORA_PATRONAGE_DISK_RESERVE_MEGABYTES", "1000000000");
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        letters::sets_mail_up(&mut admin, &mail, SmtpSink::PASSWORD).await.says("Сохранено");
        let maria = staff::citizen(&mut admin, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        telegram.chat(1001).sends_file("справка.pdf", b"%PDF-1.4");
        telegram.chat(1001).sees("Не удалось загрузить файл").await;
        mail.letter_where("the full disk", |letter| letter.subject == "Место на диске заканчивается").await;
        reaches(&opora, "opora_files_total{result=\"disk_full\"}", |count| count >= 1.0).await;
        telegram.chat(1001).presses("Запросить связь");
        telegram.chat(1001).sees("Запрос на связь отправлен").await;
        admin.get(&format!("{}/history", maria.path)).await.says("Запрос на связь");
    }

    async fn a_stop_finishes_within_ten_seconds_even_when_telegram_hangs(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        for chat in [1001, 1002] {
            let card = staff::citizen(&mut admin, &format!("Петрова{chat}"), &format!("8 913 123-{chat}")).await;
            staff::connects(&telegram, chat, &card).await;
            staff::plans(&mut admin, &card, "Примите лекарство", "2026-03-10", "09:00").await;
        }
        telegram.order(Trouble::Hang).for_method("sendMessage").for_chat(1001).until_told_otherwise();
        opora.turn_to("2026-03-10T06:00:00Z");
        telegram.wait_for(|calls| calls.iter().filter(|call| asks_about("Примите лекарство")(call)).count() == 2).await;
        let told = Instant::now();
        opora.stop().await;
        // Ten seconds for the work, and a little for the machine.
        assert!(told.elapsed() < Duration::from_secs(14), "{:?}", told.elapsed());
        telegram.behave();
        opora.advance(TimeDelta::minutes(5));
        opora.start().await;
        let repeated = telegram.chat(1001).sees("Примите лекарство").await;
        assert!(repeated.text.starts_with("Повтор:"), "what was in the air comes once more: {}", repeated.text);
        assert!(opora.stop().await.status.success(), "{}", opora.log());
        let second = telegram.chat(1002).sees_times("Примите лекарство", 1).await;
        assert_eq!(second.len(), 1, "what had arrived is not repeated");
    }
}

/// A cable to a server that can be pulled.
struct Cable {
    port: u16,
    is_in: watch::Sender<bool>,
}

impl Cable {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let is_in = watch::Sender::new(true);
        let state = is_in.subscribe();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (server, mut state) = (server.clone(), state.clone());
                tokio::spawn(async move {
                    if !*state.borrow_and_update() {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(server).await else { return };
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|is_in| !is_in) => {}
                    }
                });
            }
        });
        Self { port, is_in }
    }
}

/// The address with another host and port.
fn through(cable: &Cable, url: &str) -> (String, String) {
    let (head, tail) = url.split_once("://").unwrap();
    let (place, name) = tail.split_once('/').unwrap();
    let (user, server) = place.rsplit_once('@').map_or(("", place), |(user, server)| (user, server));
    let at = if user.is_empty() { "" } else { "@" };
    (format!("{head}://{user}{at}127.0.0.1:{}/{name}", cable.port), server.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_database_is_away_pages_say_so_and_afterwards_all_goes_on() {
    let mut opora = staff::installed(Backend::Postgres).await;
    let url = opora.database_url().unwrap().to_owned();
    let nowhere = Cable { port: 0, is_in: watch::Sender::new(false) };
    let cable = Cable::to(through(&nowhere, &url).1).await;
    opora.set("OPORA_DATABASE_URL", &through(&cable, &url).0);
    opora.start().await;
    let mut admin = staff::administrator(&opora).await;
    staff::citizen(&mut admin, "Петрова", "8 913 123-45-67").await;

    cable.is_in.send_replace(false);
    let page = admin.get("/citizens").await;
    page.refuses(503, "Сервер базы данных не отвечает");
    assert!(page.headers.contains_key("retry-after"));
    let ready = reqwest::get(format!("{}/readyz", opora.url())).await.unwrap();
    assert_eq!(ready.status().as_u16(), 503);
    let alive = reqwest::get(format!("{}/healthz", opora.url())).await.unwrap();
    assert!(alive.status().is_success(), "the process lives: a restart would mend nothing");

    cable.is_in.send_replace(true);
    let back = async { while !admin.get("/citizens").await.status.is_success() {} };
    tokio::time::timeout(Duration::from_mins(1), back).await.expect("it comes back by itself");
    admin.get("/citizens").await.says("Петрова");
    assert!(opora.stop().await.status.success(), "{}", opora.log());
}
