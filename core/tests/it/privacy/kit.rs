//! A citizen who has left traces everywhere.

use std::sync::Arc;

use opora_core::{
    Work,
    foundation::{
        db::Tx,
        ids::{SubmissionId, WebChatId},
    },
    messaging::{
        conversations, inbox,
        letters::{self, Recipient},
        message::{Event, Incoming, IncomingFile, Keyboard, Outgoing},
        messenger::Messenger,
        outbox::{self, Letter},
        sender::Adapter,
        web_chat::{self, Key, Post},
    },
    on_backend,
    patronage::{
        citizens::{self, CitizenForm},
        contacts,
        files::{self, Arrivals},
        reminders::{self, ReminderForm, due},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, World};

use crate::messenger::FakeMessenger;

/// Words that stand for the person; none of them may be found after the erasure.
pub const TRACES: [&str; 19] = [
    "Петрова",
    "петрова",
    "Мария",
    "мария",
    "9135550127",
    "555-01-27",
    "500100732259",
    "maria@example.ru",
    "инвалидность",
    "Любит звонки",
    "Сломался лифт",
    "Лифт починят",
    "Примите таблетку",
    "Справка о доходах",
    "Моя справка",
    "Тайное слово",
    "Где моя пенсия",
    "100200300",
    "1954-11-22",
];

pub fn submission(world: &World) -> SubmissionId {
    SubmissionId::draw(world.app.clock.now(), &*world.app.chance)
}

/// Maria, and everything that can be known of her.
pub async fn maria(world: &World) -> Citizen {
    world.mail_is_set("chief@example.ru").await;
    let administrator = world.administrator().await;
    let anna = world.curator("Иванова Анна Петровна").await;
    let chat = web_chat(world).await;
    let maria = world.citizen("Петрова Мария Ивановна").of(&anna).linked("100200300");
    let maria = maria.linked_to_web_chat(&chat.to_string()).await;
    let group = world.group("Ветераны").await;
    let mut work = world.begin(administrator.clone()).await;
    let card = citizens::card(&mut work, maria.person).await.unwrap();
    let form = CitizenForm {
        birth_date: "22.11.1954".into(),
        inn: "500100732259".into(),
        phone: "8 (913) 555-01-27".into(),
        email: "maria@example.ru".into(),
        situation: "Живёт одна, инвалидность II группы".into(),
        diary: "Любит звонки по утрам".into(),
        groups: vec![group],
        ..citizens::form_of(&card)
    };
    citizens::change(&mut work, maria.person, card.version, &form, false).await.unwrap();
    let reminder = ReminderForm {
        kind: "support_measures".into(),
        text: "Примите таблетку".into(),
        repetition: "none".into(),
        start_date: "10.03.2026".into(),
        time: "10:00".into(),
        ..ReminderForm::default()
    };
    reminders::plan(&mut work, maria.person, &reminder, submission(world)).await.unwrap();
    work.commit().await.unwrap();
    speaks(world, &maria).await;
    sends_a_file(world, &maria).await;
    world.clock.turn_to("2026-03-10T07:00:00Z");
    due::claim(&world.app, 100).await.unwrap();
    is_written_about(world, &administrator, &maria).await;
    maria
}

/// A browser in which something was typed.
async fn web_chat(world: &World) -> WebChatId {
    let key = Key::draw(world.app.clock.now(), &*world.app.chance);
    let mut work = stranger(world).await;
    let chat = web_chat::open(&mut work, &key).await.unwrap().unwrap();
    web_chat::post(&mut work, &chat, submission(world), Post::Text("Где моя пенсия".into())).await.unwrap();
    work.commit().await.unwrap();
    chat.id
}

async fn stranger(world: &World) -> Work {
    world.begin(Actor::Stranger { address: "telegram:100200300".into() }).await
}

/// Free text, a request, and what the conversation remembers.
async fn speaks(world: &World, maria: &Citizen) {
    let mut work = stranger(world).await;
    let incoming = Incoming {
        messenger: Messenger::Telegram,
        update: "1".into(),
        account: "100200300".into(),
        chat: "100200300".into(),
        at: world.app.clock.now(),
        what: Event::Text { text: "Тайное слово".into() },
    };
    inbox::store(&mut work, &[incoming]).await.unwrap();
    let state = serde_json::json!({ "pending": { "text": "Тайное слово" } });
    conversations::save(&mut work, Messenger::Telegram, "100200300", Some(&state)).await.unwrap();
    let hello = Outgoing::Say { text: "Здравствуйте, Мария".into(), keyboard: Keyboard::None };
    outbox::say(&mut work, Messenger::Telegram, "100200300", Some(maria.person), hello.clone()).await.unwrap();
    outbox::say(&mut work, Messenger::Telegram, "100200300", None, hello).await.unwrap();
    work.commit().await.unwrap();
    let mut work = world.begin(maria.actor()).await;
    contacts::request(&mut work, maria.person, Some("Сломался лифт")).await.unwrap();
    work.commit().await.unwrap();
}

async fn sends_a_file(world: &World, maria: &Citizen) {
    let messenger = FakeMessenger::of(world);
    messenger.files.lock().unwrap().insert("f1".to_owned(), "Справка о доходах".into());
    let file = IncomingFile {
        source: "f1".into(),
        name: Some("Моя справка.txt".into()),
        media_type: Some("text/plain".into()),
        size: None,
        caption: Some("Моя справка".into()),
        album: None,
    };
    let mut work = world.begin(maria.actor()).await;
    files::announce(&mut work, maria.person, Messenger::Telegram, "100200300", &file).await.unwrap();
    work.commit().await.unwrap();
    let adapters: [Arc<dyn Adapter>; 1] = [messenger];
    opora_core::files::fetcher::fetch_waiting(&world.app, &adapters, &Arrivals).await.unwrap();
    assert_eq!(world.count("files WHERE state = 'stored'").await, 1);
}

/// What the staff writes, and a letter about several people.
async fn is_written_about(world: &World, administrator: &Actor, maria: &Citizen) {
    let mut work = world.begin(administrator.clone()).await;
    let row = contacts::list(&mut work, maria.person, None).await.unwrap().items.remove(0);
    contacts::save_result(&mut work, row.id, row.version, "Лифт починят").await.unwrap();
    let text = "Не отправлено: Петрова Мария Ивановна; Борисов Борис".to_owned();
    let letter = Letter { subject: "Сводка".into(), text };
    letters::notify(&mut work, Recipient::Administrator, letter, "summary").await.unwrap();
    work.commit().await.unwrap();
}

/// What the deletion of the card leaves behind.
pub async fn delete(world: &World, citizen: &Citizen) {
    const CARD: &str = "UPDATE citizens SET deleted_at = $2 WHERE person_id = $1";
    const LINKS: &str = "UPDATE links SET state = 'unlinked' WHERE person_id = $1";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| {
        sqlx::query(CARD).bind(citizen.person).bind(world.app.clock.now()).execute(&mut *c).await.map(drop).unwrap();
        sqlx::query(LINKS).bind(citizen.person).execute(c).await.map(drop).unwrap();
    });
    tx.commit().await.unwrap();
}

/// Where `words` stand: every column of every table, and every file below the data folder.
pub async fn found(world: &World, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (table, row) in rows(world).await {
        found.extend(words.iter().filter(|word| row.contains(**word)).map(|word| format!("{table}: {word}: {row}")));
    }
    let mut folders = vec![world.app.config.data_dir.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            let hits = words.iter().filter(|word| content.contains(**word));
            found.extend(hits.map(|word| format!("{}: {word}", path.display())));
        }
    }
    found
}

/// Every row of every table as text.
async fn rows(world: &World) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut tx = world.app.db.read().await.unwrap();
    match &mut tx {
        Tx::Sqlite(tx) => {
            let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
                .fetch_all(&mut **tx)
                .await
                .unwrap();
            for table in tables {
                let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
                    .bind(&table)
                    .fetch_all(&mut **tx)
                    .await
                    .unwrap();
                let text: Vec<String> =
                    columns.iter().map(|name| format!("COALESCE(CAST(\"{name}\" AS BLOB), x'')")).collect();
                let sql = format!("SELECT CAST({} AS BLOB) FROM \"{table}\"", text.join(" || ' | ' || "));
                let rows: Vec<Vec<u8>> =
                    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await.unwrap();
                all.extend(rows.iter().map(|row| (table.clone(), String::from_utf8_lossy(row).into_owned())));
            }
        }
        Tx::Postgres(tx) => {
            let tables: Vec<String> = sqlx::query_scalar(
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
            )
            .fetch_all(&mut **tx)
            .await
            .unwrap();
            for table in tables {
                let sql = format!("SELECT CAST(t AS TEXT) FROM \"{table}\" t");
                let rows: Vec<Option<String>> =
                    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await.unwrap();
                all.extend(rows.into_iter().flatten().map(|row| (table.clone(), row)));
            }
        }
    }
    all
}
