//! One conversation, whichever messenger carries it.

use chrono::TimeDelta;
use opora_core::{
    foundation::{
        clock::Timestamp,
        ids::{OccurrenceId, SubmissionId},
    },
    messaging::{
        message::{Keyboard, Outgoing},
        messenger::Messenger,
    },
    on_backend,
    patronage::{
        activation::{self, Activation},
        reminders::{self, ReminderForm, due},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};

use super::chat_in;

/// What a citizen's screen shows, with the labels of buttons but without what they carry.
fn shown(said: &[Outgoing]) -> Vec<String> {
    let line = |outgoing: &Outgoing| match outgoing {
        Outgoing::Say { text, keyboard } => format!("says {text} {}", labels(keyboard)),
        Outgoing::Edit { text, .. } => format!("changes to {text}"),
        Outgoing::Answer { text, .. } => format!("answers {text}"),
        Outgoing::Leave => "leaves".to_owned(),
    };
    said.iter().map(line).collect()
}

fn labels(keyboard: &Keyboard) -> String {
    match keyboard {
        Keyboard::None => String::new(),
        Keyboard::Menu(rows) => format!("{rows:?}"),
        Keyboard::Inline(rows) => {
            format!("{:?}", rows.iter().flatten().map(|button| button.label.as_str()).collect::<Vec<_>>())
        }
        Keyboard::RemoveMenu => "without the menu".to_owned(),
    }
}

async fn code_of(world: &World, citizen: &Citizen) -> String {
    match activation::state_of(&mut world.look(Actor::System).await, citizen.person).await {
        Ok(Activation::Waiting { code, .. }) => code,
        other => panic!("no code waits: {other:?}"),
    }
}

async fn plan(world: &World, author: &Actor, citizen: &Citizen, date: &str, time: &str) {
    let form = ReminderForm {
        kind: "support_measures".to_owned(),
        text: "Примите лекарство".to_owned(),
        repetition: "none".to_owned(),
        start_date: date.to_owned(),
        time: time.to_owned(),
        ..ReminderForm::default()
    };
    let submission = SubmissionId::draw(world.app.clock.now(), &*world.app.chance);
    let mut work = world.begin(author.clone()).await;
    reminders::plan(&mut work, citizen.person, &form, submission).await.expect("it can be planned");
    work.commit().await.expect("it stays");
}

/// As if the messenger had confirmed the citizen's only reminder.
async fn delivered(world: &World, citizen: &Citizen) -> OccurrenceId {
    const SQL: &str = "SELECT id FROM occurrences WHERE person_id = $1";
    let mut work = world.begin(Actor::System).await;
    let found = on_backend!(&mut work.tx, |c| sqlx::query_scalar(SQL).bind(citizen.person).fetch_one(c).await);
    let id: OccurrenceId = found.expect("it is stored");
    let now: Timestamp = work.now;
    reminders::outcome::delivered(&mut work, &[(id, now)]).await.expect("it is delivered");
    work.commit().await.expect("it stays");
    id
}

/// Everything a citizen does, from the code to a file, and everything he sees of it.
async fn scene(world: &World, author: &Actor, messenger: Messenger, account: &str) -> Vec<String> {
    let began = world.app.clock.now();
    let citizen = world.citizen("Петрова Мария").await;
    let code = code_of(world, &citizen).await;
    let mut phone = chat_in(world, messenger, account);
    let mut seen = Vec::new();
    for text in ["Здравствуйте", "0000000000", &code] {
        seen.extend(shown(&phone.says(text).await.last));
    }
    plan(world, author, &citizen, "2026-03-10", "09:01").await;
    plan(world, author, &citizen, "2026-03-11", "09:00").await;
    for text in ["3 дня", "Меры поддержки", "Информация для Вас", "Запросить связь", "Сломался лифт"]
    {
        seen.extend(shown(&phone.says(text).await.last));
    }
    world.clock.advance(TimeDelta::minutes(2));
    let before = phone.outbox().await.len();
    due::claim(&world.app, 10).await.expect("it comes due");
    phone.last = phone.outbox().await.split_off(before);
    seen.extend(shown(&phone.last));
    delivered(world, &citizen).await;
    let done = phone.button("Выполнено");
    for _ in 0..2 {
        seen.extend(shown(&phone.presses(done).await.last));
    }
    seen.extend(shown(&phone.sends("справка.pdf", 1 << 40).await.last));
    world.clock.set(began);
    seen
}

on_both_databases! {
    /// PT-012: the conversation knows no messenger.
    async fn every_messenger_carries_the_same_conversation(world: World) {
        let author = world.administrator().await;
        let telegram = scene(&world, &author, Messenger::Telegram, "1001").await;
        let web = scene(&world, &author, Messenger::Web, "AZAAAAAAcACAAAAAAAAAAA").await;
        assert!(telegram.iter().any(|line| line.starts_with("says Успешная активация [[")), "{telegram:#?}");
        assert!(telegram.iter().any(|line| line.contains("Примите лекарство [\"Выполнено\", \"Пропущено\"]")), "{telegram:#?}");
        assert_eq!(telegram, web);
        assert_eq!(world.count("occurrences WHERE state = 'done'").await, 2);
    }
}
