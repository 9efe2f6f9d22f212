//! Everything goes wrong at once, and in the end nothing is lost, nothing came twice without saying so, and every press counted.
//!
//! Thousands of reminders come due while people press buttons, and meanwhile the program is killed again and again, Telegram drops
//! connections and talks nonsense, the database goes away or finds no room, and the clock jumps. When all that is over, what the
//! messenger took is held against what the database says.
//!
//! The check does it with hundreds of reminders; `scripts/chaos` does the same with ten thousand, and its reports are kept in
//! `docs/benchmarks.md`.

mod blows;
mod database;
mod reckoning;
mod record;

use std::time::{Duration, Instant};

use blows::Blows;
use chrono::TimeDelta;
use database::{Place, count};
use opora_core::foundation::{clock::Timestamp, db::Db};
use opora_testkit::{FakeTelegram, Opora};
use reckoning::Reckoning;

/// How much goes wrong.
#[derive(Debug, Clone, Copy)]
struct Chaos {
    messages: usize,
    kills: usize,
    processes: usize,
    seed: u64,
}

/// Reminders of one citizen: their order is looked at.
const PER_CITIZEN: usize = 4;
/// Of a thousand calls so many go wrong.
const TROUBLES: u64 = 60;
/// Of a thousand reminders so many are answered at once.
const PRESSES: u64 = 300;
/// With every blow the clock goes on by this, in two jumps, and the reminders of this time come due.
const STRIDE: TimeDelta = TimeDelta::seconds(60);
/// How long the rest may take when the trouble is over.
const PATIENCE: Duration = Duration::from_mins(10);

/// PT-D40, PT-D41, PT-D42
#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    story(Place::file(), Chaos::of(1)).await;
}

/// PT-D40, PT-D41, PT-D42
#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_one_process() {
    story(Place::server().await, Chaos::of(1)).await;
}

/// PT-D40, PT-D41, PT-D42
#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes() {
    story(Place::server().await, Chaos::of(3)).await;
}

impl Chaos {
    fn of(processes: usize) -> Self {
        let messages = number("TEST_CHAOS_MESSAGES", 400);
        let kills = number("TEST_CHAOS_KILLS", 6);
        Self { messages, kills, processes, seed: number("TEST_CHAOS_SEED", 1) as u64 }
    }

    /// Until all reminders have come due.
    fn spread(self) -> TimeDelta {
        STRIDE * i32::try_from(self.kills).unwrap()
    }
}

#[expect(clippy::disallowed_methods, reason = "how large the chaos is, is told from outside")]
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

async fn story(place: Place, chaos: Chaos) {
    let telegram = FakeTelegram::start().await;
    let mut processes = founded(&place, &telegram, chaos).await;
    for process in &mut processes {
        process.start().await;
    }
    let db = processes[0].open_database().await;
    telegram.chaos(chaos.seed, TROUBLES, "Выполнено", PRESSES);
    let began = Instant::now();
    let mut blows = Blows::new(&place, &db, chaos);
    blows.rain_on(&mut processes).await;
    let tormented = began.elapsed();
    telegram.behave();
    processes[0].advance(chaos.spread());
    quiet(&db, &telegram, chaos).await;
    let reckoning = Reckoning::of(&db, &telegram).await;
    println!("chaos on {place}: {chaos:?}");
    println!(
        "  trouble for {:.0} s, quiet {:.1} s after it",
        secs(tormented),
        secs(began.elapsed().saturating_sub(tormented))
    );
    println!("{}{reckoning}", blows.seen);
    println!("  troubles of the messenger: {:?}", telegram.troubles());
    reckoning.check(&blows.seen, &telegram);
    blows.seen.check(chaos);
    for process in &mut processes {
        assert!(process.stop().await.status.success(), "{}", process.log());
    }
}

fn secs(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

/// The installation with its citizens and reminders; nothing runs yet.
async fn founded(place: &Place, telegram: &FakeTelegram, chaos: Chaos) -> Vec<Opora> {
    let mut first = place.installation();
    first.uses_telegram(telegram);
    first.set("OPORA_LOG", "error");
    // The first ones come due with the first blow.
    seed(&first, chaos, first.now() + STRIDE).await;
    let mut processes: Vec<Opora> = (1..chaos.processes).map(|_| first.another()).collect();
    processes.insert(0, first);
    processes
}

async fn seed(opora: &Opora, chaos: Chaos, due_at: Timestamp) {
    let (citizens, series) = ((chaos.messages / PER_CITIZEN).to_string(), chaos.messages.to_string());
    let (due_at, spread) = (due_at.to_rfc3339(), chaos.spread().num_seconds().to_string());
    let arguments = ["seed", "--citizens", &citizens, "--series", &series, "--due-at", &due_at, "--spread", &spread];
    let seeded = opora.run(&arguments).await;
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
}

/// Waits until nothing is left to do.
async fn quiet(db: &Db, telegram: &FakeTelegram, chaos: Chaos) {
    let began = Instant::now();
    loop {
        let left = [
            count(db, "outbox WHERE channel = 'telegram' AND state = 'queued'").await,
            i64::try_from(chaos.messages).unwrap() - count(db, "occurrences").await,
            count(db, "occurrences WHERE state IN ('planned', 'sending')").await,
            count(db, "inbox WHERE processed_at IS NULL").await,
            i64::try_from(telegram.unread()).unwrap(),
        ];
        if left == [0; 5] {
            return;
        }
        let waits_for = "messages, reminders not due and due, updates unprocessed and unread";
        assert!(began.elapsed() < PATIENCE, "{waits_for}: {left:?} are left");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
