//! Which records are mailed at once, and the daily letter about those that wait.

use opora_core::{
    files::fetcher::{Fetched, OnFetched},
    foundation::ids::{FileId, PersonId},
    messaging::{message::IncomingFile, messenger::Messenger},
    on_backend,
    patronage::{
        activity::{self, Kind},
        files::{self, Announced, Arrivals},
        reminders::OccurrenceState::{Awaiting, Missed},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};

use super::kit::{Worklist, midnight};
use crate::reminders::kit::{Programme, of_kind, once};

/// The letters that wait: to whom, and the subject.
async fn letters(world: &World) -> Vec<(String, String)> {
    let letters = world.sent().await.into_iter().filter(|sent| sent.channel == "email");
    let subject = |payload: &serde_json::Value| payload["subject"].as_str().unwrap_or_default().to_owned();
    let mut letters: Vec<_> = letters.map(|sent| (sent.recipient, subject(&sent.payload))).collect();
    letters.sort();
    letters
}

async fn sends_a_file(world: &World, citizen: &Citizen) -> FileId {
    let file = IncomingFile {
        source: "source".to_owned(),
        name: Some("справка.pdf".to_owned()),
        media_type: None,
        size: Some(5),
        caption: None,
        album: None,
    };
    let mut work = world.begin(citizen.actor()).await;
    let announced = files::announce(&mut work, citizen.person, Messenger::Telegram, "1001", &file).await.unwrap();
    work.commit().await.unwrap();
    let Announced::Receiving(id) = announced else { panic!("{announced:?}") };
    let fetched = Fetched { file: id, person: citizen.person, name: "справка.pdf".to_owned(), album: None };
    let mut work = world.begin(Actor::System).await;
    Arrivals.stored(&mut work, &fetched).await.unwrap();
    Arrivals.stored(&mut work, &fetched).await.unwrap();
    work.commit().await.unwrap();
    id
}

fn to_both(curator_of: PersonId, subject: &str) -> Vec<(String, String)> {
    let to = [format!("administrator-besides-curator-of:{curator_of}"), format!("curator-of:{curator_of}")];
    to.into_iter().map(|to| (to, subject.to_owned())).collect()
}

on_both_databases! {
    /// PT-209, PT-210, PT-216, PT-220, PT-D51: each of the three kinds once to the curator and once to the administrator; one
    /// record each, even when it is reported twice.
    async fn three_kinds_are_mailed_at_once(world: World) {
        world.mail_is_set("admin@mail.test").await;
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        sends_a_file(&world, &maria).await;
        let mut expected = to_both(maria.person, "Новый файл: Петрова Мария");
        assert_eq!(letters(&world).await, expected);
        world.asks(&maria).await;
        expected.extend(to_both(maria.person, "Запрос на связь: Петрова Мария"));
        expected.sort();
        assert_eq!(letters(&world).await, expected);
        world.plan(&anna.actor(), maria.person, &of_kind("curator_reminder", once("Позвонить", "2026-03-10", "09:30"))).await;
        world.to_the_end().await;
        expected.extend(to_both(maria.person, "Напоминание: Петрова Мария"));
        expected.sort();
        assert_eq!(letters(&world).await, expected);
        for kind in [Kind::File, Kind::ContactRequest, Kind::CuratorReminder] {
            assert_eq!(world.made(kind).await, 1, "{}", kind.name());
        }
    }

    /// PT-D51: the other three are seen in the panel only.
    async fn automatic_records_are_not_mailed(world: World) {
        world.mail_is_set("admin@mail.test").await;
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.all_happened(maria.person, 0..5, Missed).await;
        world.all_happened(maria.person, 5..15, Awaiting).await;
        world.run_on(5).await;
        world.run_on(15).await;
        assert_eq!(world.count("activity").await, 3);
        assert_eq!(letters(&world).await, []);
    }

    /// PT-D51: if wanted, one letter a day at eight to each curator whose records wait; nobody else gets one.
    async fn the_daily_letter_tells_what_waits(mut world: World) {
        world.mail_is_set("").await;
        let (anna, olga) = (world.curator("Иванова Анна").await, world.curator("Смирнова Ольга").await);
        let (maria, pyotr) = (world.citizen("Петрова Мария").of(&anna).await, world.citizen("Сидоров Пётр").of(&olga).await);
        world.asks(&maria).await;
        world.asks(&maria).await;
        world.asks(&pyotr).await;
        let of_olga = world.records(&olga.actor()).await.remove(0).id;
        world.tick(&olga.actor(), of_olga).await;
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query("DELETE FROM outbox").execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        world.clock.set(midnight("2026-03-11") + chrono::TimeDelta::hours(9));
        assert_eq!(activity::send_digest(&world.app).await.unwrap(), 0, "off, as long as nobody switches it on");
        world.configure(|config| config.mail.daily_digest = true);
        world.clock.set(midnight("2026-03-11") + chrono::TimeDelta::minutes(8 * 60 - 1));
        assert_eq!(activity::send_digest(&world.app).await.unwrap(), 0, "not before eight");
        world.clock.set(midnight("2026-03-11") + chrono::TimeDelta::hours(8));
        for _ in 0..2 {
            activity::send_digest(&world.app).await.unwrap();
        }
        let to_anna = (format!("curator:{}", anna.person), "Активность: 2 непросмотренные записи".to_owned());
        assert_eq!(letters(&world).await, std::slice::from_ref(&to_anna));
        let text = world.sent().await.remove(0).text;
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], "10.03.2026, 09:00 — Петрова Мария: связь с соц. куратором");
        assert!(lines.last().unwrap().ends_with("/activity?seen=no"), "{text}");
        world.clock.advance(chrono::TimeDelta::days(1));
        activity::send_digest(&world.app).await.unwrap();
        assert_eq!(letters(&world).await, [to_anna.clone(), to_anna]);
    }
}
