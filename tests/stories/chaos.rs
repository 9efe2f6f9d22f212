//! Everything goes wrong at once, and in the end nothing is lost, nothing came twice without saying so, and every press counted.
//!
//! `scripts/chaos` runs the same with larger numbers and keeps the report.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use opora_core::{
    foundation::{
        clock::Timestamp,
        db::{Db, Tx},
        ids::OccurrenceId,
    },
    messaging::press::Press,
    on_backend,
};
use opora_testkit::{Backend, FakeTelegram, Opora};

use crate::staff;

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
const TROUBLES: u64 = 25;
/// Of a thousand reminders so many are answered at once.
const PRESSES: u64 = 300;
/// What a sender hands over at once; no more can be in doubt at a kill.
const IN_FLIGHT: i64 = 144;
/// How long the rest may take when the trouble is over.
const PATIENCE: Duration = Duration::from_mins(10);

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    story(Backend::Sqlite, Chaos::of(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_one_process() {
    story(Backend::Postgres, Chaos::of(1)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_with_three_processes() {
    story(Backend::Postgres, Chaos::of(3)).await;
}

impl Chaos {
    fn of(processes: usize) -> Self {
        let messages = number("TEST_CHAOS_MESSAGES", 400);
        let kills = number("TEST_CHAOS_KILLS", 4);
        Self { messages, kills, processes, seed: number("TEST_CHAOS_SEED", 1) as u64 }
    }
}

#[expect(clippy::disallowed_methods, reason = "how large the chaos is, is told from outside")]
fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// What was seen on the way.
#[derive(Debug, Default)]
struct Seen {
    /// Messages under way at each kill.
    in_doubt: Vec<i64>,
    outages: usize,
    jumps: usize,
}

async fn story(backend: Backend, chaos: Chaos) {
    let telegram = FakeTelegram::start().await;
    let mut first = staff::installed(backend).await;
    first.uses_telegram(&telegram);
    first.set("OPORA_LOG", "error");
    let spread = chaos.kills.max(1);
    let due_at = first.now() + TimeDelta::seconds(20);
    seed(&first, chaos, due_at, spread).await;
    let mut processes: Vec<Opora> = (1..chaos.processes).map(|_| first.another()).collect();
    processes.insert(0, first);
    for process in &mut processes {
        process.start().await;
    }
    let db = processes[0].open_database().await;
    if let Ok(left) = (due_at - processes[0].now()).to_std() {
        processes[0].advance(TimeDelta::from_std(left).unwrap());
    }
    telegram.chaos(chaos.seed, TROUBLES, "Выполнено", PRESSES);
    let began = Instant::now();
    let seen = torment(&mut processes, &db, chaos).await;
    telegram.behave();
    let tormented = began.elapsed();
    quiet(&db, &telegram).await;
    let report = Report::of(&db, &telegram, &seen).await;
    report.print(backend, chaos, tormented, began.elapsed());
    report.check(&seen, &telegram);
    for process in &mut processes {
        assert!(process.stop().await.status.success(), "{}", process.log());
    }
}

async fn seed(opora: &Opora, chaos: Chaos, due_at: Timestamp, spread: usize) {
    let (citizens, series) = ((chaos.messages / PER_CITIZEN).to_string(), chaos.messages.to_string());
    let (due_at, spread) = (due_at.to_rfc3339(), spread.to_string());
    let arguments = ["seed", "--citizens", &citizens, "--series", &series, "--due-at", &due_at, "--spread", &spread];
    let seeded = opora.run(&arguments).await;
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
}

/// Kills, cuts off the database and turns the clock, at moments that differ with the seed.
async fn torment(processes: &mut [Opora], db: &Db, chaos: Chaos) -> Seen {
    let mut seen = Seen::default();
    let mut drawn = chaos.seed;
    let mut draw = |bound: u64| {
        drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (drawn >> 33) % bound
    };
    for kill in 0..chaos.kills {
        tokio::time::sleep(Duration::from_millis(200 + draw(900))).await;
        if kill % 4 == 1 {
            // Back and forth, as a clock that is corrected.
            processes[0].advance(TimeDelta::seconds(if kill % 8 == 1 { 5 } else { -3 }));
            seen.jumps += 1;
        }
        if let (Some(database), 2) = (processes[0].server_database(), kill % 4) {
            database.goes_down().await;
            tokio::time::sleep(Duration::from_millis(300 + draw(900))).await;
            database.comes_back().await;
            seen.outages += 1;
        }
        let victim = &mut processes[usize::try_from(draw(chaos.processes as u64)).unwrap()];
        victim.kill().await;
        seen.in_doubt.push(count(db, "outbox WHERE state = 'sending'").await);
        victim.start().await;
    }
    seen
}

/// Waits until nothing is left to do.
async fn quiet(db: &Db, telegram: &FakeTelegram) {
    let waiting = "outbox WHERE channel = 'telegram' AND state IN ('queued', 'sending')";
    let began = Instant::now();
    loop {
        let left = [
            count(db, waiting).await,
            count(db, "occurrences WHERE state IN ('planned', 'sending')").await,
            count(db, "inbox WHERE processed_at IS NULL").await,
            i64::try_from(telegram.unread()).unwrap(),
        ];
        if left == [0; 4] && began.elapsed() > Duration::from_secs(1) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "messages, reminders, updates processed and unread: {left:?} are left");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn count(db: &Db, what: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {what}");
    // The server may be just coming back.
    for _ in 0..50 {
        let Ok(mut tx) = db.read().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let counted = match &mut tx {
            Tx::Sqlite(tx) => sqlx::query_scalar(sqlx::AssertSqlSafe(sql.clone())).fetch_one(&mut **tx).await,
            Tx::Postgres(tx) => sqlx::query_scalar(sqlx::AssertSqlSafe(sql.clone())).fetch_one(&mut **tx).await,
        };
        if let Ok(counted) = counted {
            return counted;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the database does not answer");
}

/// A reminder as the database knows it.
#[derive(sqlx::FromRow)]
struct Reminder {
    id: OccurrenceId,
    state: String,
    due_at: Timestamp,
    is_repeat: bool,
    message_state: String,
}

/// The fake's record held against the database.
#[derive(Debug, Default)]
struct Report {
    reminders: usize,
    arrived: usize,
    lost: Vec<OccurrenceId>,
    /// Did not arrive, and the curator is told so.
    given_up: usize,
    marked: usize,
    twice: usize,
    twice_unmarked: Vec<OccurrenceId>,
    more_than_twice: usize,
    out_of_order: Vec<i64>,
    pressed: usize,
    presses_lost: Vec<OccurrenceId>,
    recorded: usize,
}

impl Report {
    async fn of(db: &Db, telegram: &FakeTelegram, seen: &Seen) -> Self {
        let reminders = reminders(db).await;
        assert!(!seen.in_doubt.is_empty() && !reminders.is_empty());
        let mut report = Self { reminders: reminders.len(), ..Self::default() };
        let arrived = arrivals(telegram);
        let mut due: HashMap<OccurrenceId, Timestamp> = HashMap::new();
        for reminder in &reminders {
            due.insert(reminder.id, reminder.due_at);
            report.look_at(reminder, arrived.by_reminder.get(&reminder.id).map_or(&[][..], Vec::as_slice));
        }
        for (chat, order) in &arrived.by_chat {
            let moments: Vec<_> = order.iter().map(|id| due[id]).collect();
            if !moments.is_sorted() {
                report.out_of_order.push(*chat);
            }
        }
        report.look_at_presses(telegram, &reminders);
        report
    }

    fn look_at(&mut self, reminder: &Reminder, texts: &[String]) {
        self.marked += usize::from(reminder.is_repeat);
        match texts {
            [] if reminder.state == "undelivered" => self.given_up += 1,
            [] => self.lost.push(reminder.id),
            [_] => self.arrived += 1,
            [first, second, more @ ..] => {
                self.arrived += 1;
                self.twice += 1;
                self.more_than_twice += usize::from(!more.is_empty());
                let is_marked = second.starts_with("Повтор:") && !first.starts_with("Повтор:") && reminder.is_repeat;
                if !is_marked {
                    self.twice_unmarked.push(reminder.id);
                }
            }
        }
        assert!(["delivered", "failed", "expired"].contains(&reminder.message_state.as_str()));
    }

    fn look_at_presses(&mut self, telegram: &FakeTelegram, reminders: &[Reminder]) {
        let states: HashMap<OccurrenceId, &str> = reminders.iter().map(|it| (it.id, it.state.as_str())).collect();
        let pressed: std::collections::HashSet<OccurrenceId> =
            telegram.pressed().iter().filter_map(|data| reminder_of(data)).collect();
        self.pressed = pressed.len();
        self.presses_lost = pressed.iter().filter(|id| states.get(id) != Some(&"done")).copied().collect();
        self.recorded = reminders.iter().filter(|it| it.state == "done").count();
    }

    fn print(&self, backend: Backend, chaos: Chaos, tormented: Duration, took: Duration) {
        println!(
            "chaos on {backend:?}: {chaos:?}, {:.0} s of trouble, {:.0} s in all",
            tormented.as_secs_f64(),
            took.as_secs_f64()
        );
        println!(
            "  reminders {}, arrived {}, lost {}, given up and said so {}",
            self.reminders,
            self.arrived,
            self.lost.len(),
            self.given_up
        );
        println!(
            "  marked as repetitions {}, arrived twice {}, of these unmarked {}, more than twice {}",
            self.marked,
            self.twice,
            self.twice_unmarked.len(),
            self.more_than_twice
        );
        println!(
            "  chats out of order {}, reminders pressed {}, recorded {}, presses lost {}",
            self.out_of_order.len(),
            self.pressed,
            self.recorded,
            self.presses_lost.len()
        );
    }

    fn check(&self, seen: &Seen, telegram: &FakeTelegram) {
        println!(
            "  in doubt at the kills {:?}, calls in doubt {}, outages {}, jumps of the clock {}",
            seen.in_doubt,
            telegram.doubts(),
            seen.outages,
            seen.jumps
        );
        assert_eq!(self.lost, [], "lost");
        assert_eq!(self.twice_unmarked, [], "twice without saying so");
        assert_eq!(self.more_than_twice, 0);
        assert!(self.out_of_order.is_empty(), "out of order: {:?}", self.out_of_order);
        assert_eq!(self.presses_lost, [], "pressed and not recorded");
        assert_eq!(self.recorded, self.pressed, "recorded and not pressed");
        assert!(seen.in_doubt.iter().all(|doubt| *doubt <= IN_FLIGHT), "{:?}", seen.in_doubt);
        let doubts = usize::try_from(seen.in_doubt.iter().sum::<i64>()).unwrap() + telegram.doubts();
        // Whoever is killed is not always the sender; a database that goes away under it leaves its messages in doubt, too.
        let by_outages = seen.outages * usize::try_from(IN_FLIGHT).unwrap();
        assert!(self.twice <= doubts + by_outages, "{} twice, {doubts} in doubt", self.twice);
    }
}

async fn reminders(db: &Db) -> Vec<Reminder> {
    const SQL: &str = "SELECT o.id, o.state, o.due_at, m.is_repeat, m.state AS message_state
        FROM occurrences o JOIN outbox m ON m.occurrence_id = o.id AND m.cause LIKE 'reminder:%'";
    let mut tx = db.read().await.unwrap();
    on_backend!(&mut tx, |c| sqlx::query_as(SQL).fetch_all(c).await).unwrap()
}

/// What the fake took, in its order.
#[derive(Default)]
struct Arrivals {
    by_reminder: HashMap<OccurrenceId, Vec<String>>,
    /// Each reminder once, where it came first.
    by_chat: BTreeMap<i64, Vec<OccurrenceId>>,
}

fn arrivals(telegram: &FakeTelegram) -> Arrivals {
    let mut arrivals = Arrivals::default();
    for call in telegram.calls_of("sendMessage") {
        let data = &call.params["reply_markup"]["inline_keyboard"][0][0]["callback_data"];
        let Some(reminder) = data.as_str().and_then(reminder_of) else { continue };
        if !call.was_taken {
            continue;
        }
        let text = call.params["text"].as_str().unwrap_or_default().to_owned();
        arrivals.by_reminder.entry(reminder).or_default().push(text);
        let order = arrivals.by_chat.entry(call.chat.unwrap()).or_default();
        if !order.contains(&reminder) {
            order.push(reminder);
        }
    }
    arrivals
}

fn reminder_of(data: &str) -> Option<OccurrenceId> {
    match data.parse() {
        Ok(Press::React { occurrence, .. }) => Some(occurrence),
        _ => None,
    }
}
