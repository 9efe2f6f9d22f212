//! What is due is prepared beside the sender: that is right only as long as the sender changes nothing of what is looked at.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use opora_core::{
    foundation::db::Tx,
    messaging::sender::{self, Outcome},
    patronage::{
        duties::Patronage,
        reminders::due,
        seed::{self, SeedPlan},
    },
};
use opora_testkit::{Backend, World};

use tokio_util::sync::CancellationToken;

use crate::{
    messenger::{FakeMessenger, delivered, temporary, unknown},
    outbox::becomes,
};

const DUE: &str = "2026-03-10T09:00:00Z";
/// Whatever decides about the next reminders, with the columns that matter where the sender writes others.
const LOOKED_AT: [(&str, &str); 8] = [
    ("series", "*"),
    ("exclusions", "*"),
    ("citizens", "*"),
    ("persons", "*"),
    ("links", "*"),
    ("curators", "*"),
    ("districts", "*"),
    ("occurrences", "id, series_id, ordinal"),
];

/// A house whose reminders wait in the outbox.
async fn waiting() -> World {
    let mut world = World::on(Backend::Sqlite).await;
    world.configure(|config| (config.telegram.rate, config.telegram.chat_rate) = (0.0, 0.0));
    let plan = SeedPlan { citizens: 8, series: 8, due_at: DUE.parse().unwrap(), spread: TimeDelta::zero() };
    seed::fill(&world.app, plan).await.unwrap();
    world.clock.turn_to(DUE);
    due::claim(&world.app, 500).await.unwrap();
    world
}

async fn chats(world: &World) -> Vec<String> {
    let mut tx = world.tx().await;
    let Tx::Sqlite(tx) = &mut tx else { unreachable!("the world is embedded") };
    sqlx::query_scalar("SELECT chat FROM links ORDER BY chat").fetch_all(&mut **tx).await.unwrap()
}

/// All that is looked at, as SQLite writes it.
async fn looked_at(world: &World) -> BTreeMap<&'static str, Vec<String>> {
    let mut tx = world.tx().await;
    let Tx::Sqlite(tx) = &mut tx else { unreachable!("the world is embedded") };
    let mut all = BTreeMap::new();
    for (table, columns) in LOOKED_AT {
        let columns: Vec<String> = match columns {
            "*" => sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
                .bind(table)
                .fetch_all(&mut **tx)
                .await
                .unwrap(),
            some => some.split(", ").map(str::to_owned).collect(),
        };
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
        let sql = format!("SELECT {} FROM {table} ORDER BY rowid", quoted.join(" || ', ' || "));
        let rows = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut **tx).await.unwrap();
        all.insert(table, rows);
    }
    all
}

async fn sends(world: &World, messenger: &Arc<FakeMessenger>) {
    assert!(sender::send_waiting(&world.app, messenger.clone(), Arc::new(Patronage)).await.unwrap());
}

#[tokio::test]
async fn what_becomes_of_messages_changes_nothing_that_decides_about_the_next_ones() {
    let world = waiting().await;
    let messenger = FakeMessenger::of(&world);
    let outcomes = [
        temporary(),
        unknown(),
        Outcome::Refused("400".to_owned()),
        Outcome::NoEntry("401".to_owned()),
        Outcome::TooMany { retry_after: Duration::from_secs(1) },
    ];
    for (chat, outcome) in chats(&world).await.iter().zip(outcomes) {
        messenger.answers(chat, [outcome]);
    }
    let before = looked_at(&world).await;
    sends(&world, &messenger).await;
    // Some are to be tried again, and it is too late then.
    world.clock.advance(TimeDelta::hours(30));
    sends(&world, &messenger).await;
    assert_eq!(world.count("outbox WHERE finished_at IS NULL").await, 0);
    assert!(world.count("outbox WHERE state = 'expired'").await > 0);
    assert!(world.count("outbox WHERE state = 'failed'").await > 0);
    assert_eq!(looked_at(&world).await, before);
}

/// Whether a look ahead still holds after one message has ended like this.
async fn holds_after(outcome: Outcome) -> bool {
    let world = waiting().await;
    let messenger = FakeMessenger::of(&world);
    messenger.falls_silent();
    messenger.answers(&chats(&world).await[0], [outcome]);
    let cancel = CancellationToken::new();
    let sending = sender::run(world.app.clone(), messenger.clone(), Arc::new(Patronage), cancel.clone());
    let sending = tokio::spawn(sending);
    messenger.has_taken(8).await;
    let (mark, seen) = world.app.db.look_ahead().await.unwrap().expect("nothing is being changed");
    drop(seen);
    messenger.wakes();
    becomes(&world, "outbox WHERE finished_at IS NULL", 0).await;
    let holds = world.tx().await.is_first_since(mark).await.unwrap();
    cancel.cancel();
    sending.await.unwrap();
    holds
}

#[tokio::test]
async fn a_look_ahead_holds_until_somebody_blocks_the_bot() {
    assert!(holds_after(delivered()).await);
    assert!(holds_after(Outcome::Refused("400".to_owned())).await);
    assert!(!holds_after(Outcome::Blocked).await);
}
