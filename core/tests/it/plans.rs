//! No statement walks through a growing table: what the use cases say to the databases is listened to, on tables full of rows,
//! and the plan of every statement is looked at.
//!
//! `PostgreSQL` tells the plans it really used (`auto_explain`); `SQLite` is asked for the plan of each text it was given.

mod doors;
mod seed;
pub mod watch;

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use chrono::TimeDelta;
use opora_core::{
    App, Work, audit,
    files::fetcher,
    foundation::{
        db::{Db, Tx},
        errors::Failure,
        ids::SubmissionId,
    },
    messaging::{
        delivery::{
            channels,
            faults::{self, FaultFilter},
            resend,
            standstill::Watch,
        },
        inbox::{self, Conversation},
        message::{Event, Incoming, Keyboard, Outgoing},
        messenger::Messenger,
        outbox::{self, Channel, Draft, Fault, Payload, Priority},
        sender::{self, Adapter, Outcome},
    },
    patronage::{
        activation,
        activity::{self, ActivityFilter, Kind, Seen},
        citizens::{self, CitizenFilter, CitizenForm, Order, selection},
        contacts, curators,
        districts::{self, DistrictForm},
        duties::Patronage,
        exports,
        files::{self, Arrivals},
        journal,
        reminders::{self, MeetingFilter, Upcoming, due},
        summary, today,
        unreachable::{self, Why},
    },
    people::{
        access::{Actor, Author},
        accounts, sessions, throttle,
    },
    schedule::periodic::Job,
};
use opora_testkit::{Backend, World};
use seed::Seeded;
use sqlx::Row;

use crate::messenger::FakeMessenger;

/// Tables that grow with people and time. The others hold what an organisation types in: dozens of rows.
const GROWING: [&str; 28] = [
    "activation_codes",
    "activity",
    "audit",
    "citizen_groups",
    "citizen_search",
    "citizens",
    "consents",
    "contacts",
    "conversations",
    "delivery_incidents",
    "exclusions",
    "export_rows",
    "files",
    "import_rows",
    "inbox",
    "known_places",
    "links",
    "occurrences",
    "outbox",
    "pending_sign_ins",
    "persons",
    "recovery_codes",
    "selections",
    "series",
    "sessions",
    "throttles",
    "web_chats",
    "web_messages",
];

/// Partial indexes that hold only what waits to be done: walking one costs what waits, not what exists.
const QUEUES: [&str; 15] = [
    "inbox_waiting",
    "outbox_queue",
    "outbox_sending",
    "outbox_failed",
    "files_waiting",
    "occurrences_summary",
    "activity_open",
    "links_blocked",
    "activation_codes_ending",
    "activation_codes_live",
    "accounts_administrator",
    "activity_waiting",
    "activity_waiting_person",
    "series_without_end",
    "persons_zone",
];

/// How many records there are is counted up to a limit (PT-221), so that a planner may take tables of this size as a whole.
const COUNTED_UP_TO_A_LIMIT: &str = "SELECT COUNT(*) FROM (SELECT a.id FROM activity a JOIN citizens c";

/// The order of the list of citizens: where many match, walking it until the page is full is the cheapest way.
const ORDERS: [&str; 2] = ["citizens_pkey", "citizen_search_pkey"];

#[test]
fn no_statement_walks_through_a_growing_table_on_sqlite() {
    opora_testkit::run(Backend::Sqlite, async |world| {
        let seeded = seed::fill(&world).await;
        let heard = watch::listen("plans_sqlite", use_everything(&world.app, &seeded)).await;
        let statements: BTreeSet<String> = heard.into_iter().filter(|line| line.starts_with("query: ")).collect();
        assert!(statements.len() > 40, "only {} statements were heard", statements.len());
        let mut faults = walks_on_sqlite(&world, &statements).await;
        // One that has run since it was empty was never measured.
        seed::forget_measures(&world).await;
        faults.extend(walks_on_sqlite(&world, &statements).await);
        assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
    });
}

async fn walks_on_sqlite(world: &World, statements: &BTreeSet<String>) -> BTreeSet<String> {
    let mut faults = BTreeSet::new();
    for statement in statements {
        let sql = statement.trim_start_matches("query: ");
        for step in sqlite_plan(world, sql).await {
            if let Some(table) = walked_by_sqlite(&step, sql) {
                faults.insert(format!("{table}: {step}\n    {}", squeezed(sql)));
            }
        }
    }
    faults
}

#[test]
fn no_statement_walks_through_a_growing_table_on_postgres() {
    opora_testkit::run(Backend::Postgres, async |mut world| {
        let seeded = seed::fill(&world).await;
        world.app.db = Db::connect(&watch::telling_plans(world.database.url())).await.unwrap();
        let heard = watch::listen("plans_postgres", use_everything(&world.app, &seeded)).await;
        let plans: Vec<String> =
            heard.into_iter().filter_map(|line| line.strip_prefix("notice: ").map(str::to_owned)).collect();
        assert!(plans.len() > 40, "only {} plans were heard", plans.len());
        let mut faults = BTreeSet::new();
        for plan in &plans {
            let Some((_, json)) = plan.split_once("plan:\n") else { continue };
            let told: serde_json::Value = serde_json::from_str(json).unwrap();
            let sql = squeezed(told["Query Text"].as_str().unwrap());
            if sql.starts_with(COUNTED_UP_TO_A_LIMIT) {
                continue;
            }
            walked_by_postgres(&told["Plan"], &mut |step| {
                faults.insert(format!("{step}\n    {sql}"));
            });
        }
        assert!(faults.is_empty(), "{}", faults.into_iter().collect::<Vec<_>>().join("\n"));
    });
}

/// Everything that lists, searches or looks for what is due.
async fn use_everything(app: &App, seeded: &Seeded) {
    look_at_lists(app, seeded).await;
    look_at_one_citizen(app, seeded).await;
    sign_in_and_activate(app, seeded).await;
    work_off(app).await;
    converse(app, seeded).await;
    look_after_delivery(app, seeded).await;
    export_transfer_and_delete(app, seeded).await;
    doors::hand_in(app, seeded).await;
    doors::prove_twice(app, seeded).await;
}

async fn look_at_lists(app: &App, seeded: &Seeded) {
    for actor in [&seeded.administrator, &seeded.curator] {
        let mut work = app.look(actor.clone()).await.unwrap();
        let all = CitizenFilter::default;
        let filters = [
            all(),
            CitizenFilter { name: format!("{} {}", &seed::word(13 * 1104)[..5], &seed::word(1104)[1..6]), ..all() },
            CitizenFilter { name: "19".into(), ..all() },
            CitizenFilter { situation: seed::word(7 * 1104)[..6].into(), ..all() },
            CitizenFilter { district: Some(seeded.district), ..all() },
            CitizenFilter { group: Some(seeded.group), ..all() },
            CitizenFilter { order: Order::Name, ..all() },
            CitizenFilter { order: Order::NameFalling, ..all() },
            CitizenFilter { order: Order::Name, district: Some(seeded.district), ..all() },
            CitizenFilter { order: Order::NameFalling, name: seed::word(1104)[..6].into(), ..all() },
            CitizenFilter {
                name: seed::word(1104)[..6].into(),
                situation: seed::word(7 * 1104)[..6].into(),
                district: Some(seeded.district),
                ..all()
            },
        ];
        for filter in filters {
            let page = citizens::list(&mut work, &filter, None).await.unwrap();
            if let Some(after) = page.after {
                let next = citizens::list(&mut work, &filter, Some(after)).await.unwrap();
                citizens::list(&mut work, &filter, next.before).await.unwrap();
            }
        }
        citizens::cursor_to(&mut work, seeded.citizen).await.unwrap();
        let page = reminders::lately(&mut work, None).await.unwrap();
        if let Some(after) = page.after {
            let next = reminders::lately(&mut work, Some(after)).await.unwrap();
            reminders::lately(&mut work, next.before).await.unwrap();
        }
        let today = work.now.date_naive();
        let all = MeetingFilter::default();
        reminders::meetings(&mut work, today, today + TimeDelta::days(30), &all).await.unwrap();
        look_at_activity(&mut work, seeded).await;
        curators::choices(&mut work).await.unwrap();
        today::today(&mut work).await.unwrap();
        summary::summary(&mut work).await.unwrap();
        reminders::load(&mut work, None).await.unwrap();
        reminders::load(&mut work, Some(seeded.curator_person)).await.unwrap();
    }
    let mut work = app.look(seeded.administrator.clone()).await.unwrap();
    curators::list(&mut work, None).await.unwrap();
    curators::get(&mut work, seeded.curator_person).await.unwrap();
    audit::of_subject(&mut work, seeded.citizen.0, None).await.unwrap();
    look_at_journal(&mut work, seeded).await;
}

async fn look_at_journal(work: &mut Work, seeded: &Seeded) {
    let since = work.now - TimeDelta::days(1);
    let filters = [
        audit::Filter::default(),
        audit::Filter { subject: Some(seeded.citizen.0), ..audit::Filter::default() },
        audit::Filter { author: Some(Author::Curator(seeded.curator_person)), ..audit::Filter::default() },
        audit::Filter { action: Some("y".into()), since: Some(since), ..audit::Filter::default() },
    ];
    for filter in filters {
        let page = audit::list(work, &filter, None).await.unwrap();
        journal::names(work, &page.items).await.unwrap();
        if let Some(after) = page.after {
            let next = audit::list(work, &filter, Some(after)).await.unwrap();
            audit::list(work, &filter, next.before).await.unwrap();
        }
    }
}

async fn look_at_activity(work: &mut Work, seeded: &Seeded) {
    let all = ActivityFilter::default;
    let today = work.now.date_naive();
    let filters = [
        all(),
        ActivityFilter { seen: Seen::Unseen, ..all() },
        ActivityFilter { kind: Some(Kind::ContactRequest), first: Some(today), last: Some(today), ..all() },
        ActivityFilter { name: seed::word(1104)[..6].into(), ..all() },
        ActivityFilter { curator: Some(seeded.curator_person), seen: Seen::Seen, ..all() },
        ActivityFilter { district: Some(seeded.district), ..all() },
    ];
    for filter in filters {
        let listed = activity::list(work, &filter, None).await.unwrap();
        if let Some(after) = listed.page.after {
            let next = activity::list(work, &filter, Some(after)).await.unwrap();
            activity::list(work, &filter, next.page.before).await.unwrap();
        }
    }
    activity::waiting(work).await.unwrap();
}

async fn look_at_one_citizen(app: &App, seeded: &Seeded) {
    let mut work = app.begin(seeded.administrator.clone()).await.unwrap();
    let (person, today) = (seeded.citizen, work.now.date_naive());
    let card = citizens::card(&mut work, person).await.unwrap();
    activation::state_of(&mut work, person).await.unwrap();
    accounts::name_of_author(&mut work.tx, card.created_by).await.unwrap();
    let form = CitizenForm { inn: "500100732259".into(), diary: "Звонила".into(), ..citizens::form_of(&card) };
    citizens::change(&mut work, person, card.version, &form, false).await.unwrap();
    let submission = SubmissionId::draw(work.now, &*app.chance);
    let form = CitizenForm { inn: String::new(), surname: "Новая".into(), ..form };
    citizens::register(&mut work, &form, submission, false).await.unwrap();
    activation::renew(&mut work, person).await.unwrap();
    let far = DistrictForm { name: "Дальний".into(), time_zone: "Asia/Omsk".into() };
    districts::change(&mut work, seeded.district, &far).await.unwrap();
    contacts::list(&mut work, person, None).await.unwrap();
    files::list(&mut work, person, files::TypeFilter::All, None).await.unwrap();
    reminders::calendar(&mut work, person, today, today + TimeDelta::days(30), None).await.unwrap();
    reminders::upcoming(&mut work, person, Upcoming::Days(7)).await.unwrap();
    reminders::deviations_of(&mut work, person, None).await.unwrap();
    reminders::load_of(&mut work, person).await.unwrap();
    summary::of_citizen(&mut work, person).await.unwrap();
    work.commit().await.unwrap();
}

async fn export_transfer_and_delete(app: &App, seeded: &Seeded) {
    let session = sessions::resume(app, &seeded.cookie, "192.0.2.200").await.unwrap().expect("the session").id;
    let mut work = app.begin(seeded.administrator.clone()).await.unwrap();
    let filter = CitizenFilter { name: seed::word(1104)[..6].into(), ..CitizenFilter::default() };
    selection::tick(&mut work, session, &[seeded.citizen], &[seeded.citizen]).await.unwrap();
    selection::tick_found(&mut work, session, &filter).await.unwrap();
    selection::ticked_among(&mut work, session, &[seeded.citizen]).await.unwrap();
    let number = selection::ticked(&mut work, session).await.unwrap();
    work.commit().await.unwrap();
    for kind in [exports::Kind::Citizens, exports::Kind::History] {
        let mut work = app.begin(seeded.administrator.clone()).await.unwrap();
        let scope = exports::Scope { session, filter: &filter };
        let export = exports::request(&mut work, kind, scope, app.house_words()).await.unwrap();
        exports::latest(&mut work).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(exports::produce(app, &export).await.unwrap(), exports::State::Ready);
    }
    exports::work_off(app).await.unwrap();
    let mut work = app.begin(seeded.administrator.clone()).await.unwrap();
    let to = seeded.curator_person.to_string();
    citizens::transfer(&mut work, session, &to, number).await.unwrap();
    citizens::delete(&mut work, seeded.citizen).await.unwrap();
    let page = citizens::deleted(&mut work, None).await.unwrap();
    assert_eq!(page.items.len(), 1);
    citizens::restore(&mut work, seeded.citizen).await.unwrap();
    work.commit().await.unwrap();
}

async fn sign_in_and_activate(app: &App, seeded: &Seeded) {
    let attempt = opora_core::people::sign_in::Attempt {
        login: "nobody".into(),
        password: opora_core::foundation::secrets::Secret::new("guess"),
        address: "192.0.2.200".into(),
        device: String::new(),
    };
    opora_core::people::sign_in::sign_in(app, attempt).await.unwrap_err();
    sessions::resume(app, &seeded.cookie, "192.0.2.200").await.unwrap();
    let mut work = app.begin(Actor::Stranger { address: "77".into() }).await.unwrap();
    activation::activate(&mut work, Messenger::Telegram, "no-such-account", "77", "0000000000").await.unwrap();
    activation::mark_blocked(&mut work, Messenger::Telegram, "account-77").await.unwrap();
    activation::mark_unblocked(&mut work, Messenger::Telegram, "account-77").await.unwrap();
    work.commit().await.unwrap();
}

async fn work_off(app: &App) {
    due::next_moment(app).await.unwrap();
    due::claim(app, 10).await.unwrap();
    due::summarise_missed(app).await.unwrap();
    citizens::wake_up_inactive(app).await.unwrap();
    summary::catch_up(app).await.unwrap();
    activity::run_automatic(app).await.unwrap();
    sessions::clean(app).await.unwrap();
    throttle::clean(app).await.unwrap();
    let mut work = app.begin(Actor::System).await.unwrap();
    let before = work.now - TimeDelta::days(14);
    inbox::clean(&mut work, before, 100).await.unwrap();
    opora_core::messaging::letters::failed(&mut work).await.ok();
    work.commit().await.unwrap();
}

/// Messages go out and end in every way, updates and files arrive.
async fn converse(app: &App, seeded: &Seeded) {
    let messenger = FakeMessenger::with(app.clock.clone());
    messenger.answers("account-1101", [Outcome::Blocked]);
    messenger.answers("account-1102", [Outcome::Temporary("502".into())]);
    let mut work = app.begin(Actor::System).await.unwrap();
    let now = work.now;
    let chats =
        [(1101, None, true), (1102, None, true), (1103, Some(now), true), (1104, None, true), (1104, None, false)];
    for (chat, expires_at, is_reminder) in chats {
        let draft = Draft {
            channel: Channel::Messenger(Messenger::Telegram),
            recipient: format!("account-{chat}"),
            person: Some(seeded.citizen),
            occurrence: is_reminder.then(|| seed::occurrence(chat)),
            cause: None,
            priority: Priority::Reminder,
            payload: Payload::Message(say("x")),
            due_at: now,
            expires_at,
        };
        outbox::put(&mut work, draft).await.unwrap();
    }
    let text = Incoming {
        messenger: Messenger::Telegram,
        update: "new".into(),
        chat: "account-1104".into(),
        account: "account-1104".into(),
        at: now,
        what: Event::Text { text: "x".into() },
    };
    inbox::store(&mut work, &[text]).await.unwrap();
    activity::record(&mut work, seeded.citizen, activity::Cause::File(seeded.file)).await.unwrap();
    work.commit().await.unwrap();
    assert_eq!(inbox::process_waiting(app, &Echo).await.unwrap(), 1);
    assert!(sender::send_waiting(app, messenger.clone(), Arc::new(Patronage)).await.unwrap());
    assert!(outbox::unfinished(app, Channel::Messenger(Messenger::Telegram)).await.unwrap() > 0);
    // Nothing waits; looking for it must cost nothing.
    fetcher::fetch_waiting(app, &[messenger as Arc<dyn Adapter>], &Arrivals).await.unwrap();
}

/// What failed is looked at and sent again, and the watch looks.
async fn look_after_delivery(app: &App, seeded: &Seeded) {
    let mut work = app.begin(seeded.administrator.clone()).await.unwrap();
    channels::overview(&mut work).await.unwrap();
    faults::counts(&mut work, FaultFilter::default()).await.unwrap();
    let telegram = Some(Channel::Messenger(Messenger::Telegram));
    for filter in [FaultFilter::default(), FaultFilter { channel: telegram, fault: Some(Fault::Refused) }] {
        let page = faults::list(&mut work, filter, None).await.unwrap();
        let next = faults::list(&mut work, filter, page.after).await.unwrap();
        faults::list(&mut work, filter, next.before).await.unwrap();
        resend::resend(&mut work, &Patronage, &[next.items[0].id]).await.unwrap();
        resend::in_question(&mut work, filter).await.unwrap();
    }
    for why in [Why::Blocked, Why::NotConnected] {
        let page = unreachable::list(&mut work, why, None).await.unwrap();
        unreachable::list(&mut work, why, page.after).await.unwrap();
    }
    work.commit().await.unwrap();
    Watch.run(app).await.unwrap();
}

fn say(text: &str) -> Outgoing {
    Outgoing::Say { text: text.into(), keyboard: Keyboard::None }
}

/// Says what was said.
struct Echo;

#[async_trait]
impl Conversation for Echo {
    async fn receive(&self, work: &mut Work, incoming: &Incoming) -> Result<(), Failure> {
        outbox::say(work, incoming.messenger, &incoming.chat, None, say("x")).await?;
        Ok(())
    }
}

async fn sqlite_plan(world: &World, sql: &str) -> Vec<String> {
    let Tx::Sqlite(mut tx) = world.tx().await else { panic!("not SQLite") };
    if !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|verb| sql.trim_start().starts_with(verb)) {
        return Vec::new();
    }
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let steps = sqlx::query(explain).fetch_all(&mut *tx).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    steps.iter().map(|step| step.get::<String, _>("detail")).collect()
}

/// The growing table that this step of a plan walks through, if it does.
fn walked_by_sqlite(step: &str, sql: &str) -> Option<String> {
    let rest = step.strip_prefix("SCAN ")?;
    let name = rest.split_whitespace().next()?;
    let words: Vec<&str> = sql.split([' ', '\n', ',', '(', ')']).filter(|word| !word.is_empty()).collect();
    // A part of the statement that has a name of its own was read already.
    if words.windows(2).any(|pair| pair[1] == name && squeezed(sql).contains(&format!("{} AS (", pair[0]))) {
        return None;
    }
    let table =
        GROWING.into_iter().find(|table| *table == name || words.windows(2).any(|pair| pair == [*table, name]))?;
    if let Some((_, index)) = rest.split_once("VIRTUAL TABLE INDEX ") {
        let is_lookup = index.split_once(':').is_some_and(|(_, how)| how.contains(['M', '=']));
        return (!is_lookup).then(|| table.to_owned());
    }
    let is_queue = QUEUES.iter().any(|index| rest.ends_with(&format!("INDEX {index}")));
    (!is_queue).then(|| table.to_owned())
}

/// Tells every step of a plan that walks through a growing table. Along an index it may walk when a limit stops it at once,
/// or when that is the order of the list itself.
fn walked_by_postgres(plan: &serde_json::Value, fault: &mut impl FnMut(String)) {
    let text = |key: &str| plan[key].as_str().unwrap_or_default();
    let (node, relation, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
    let walks = match node {
        "Seq Scan" => GROWING.contains(&relation),
        "Index Scan" | "Index Only Scan" => {
            GROWING.contains(&relation)
                && plan["Index Cond"].is_null()
                && ![&QUEUES[..], &ORDERS].concat().contains(&index)
        }
        _ => false,
    };
    if walks {
        fault(format!("{node} {relation} {index} {}", text("Filter")));
    }
    for inner in plan["Plans"].as_array().into_iter().flatten() {
        let stops_at_once = node == "Limit" && inner["Filter"].is_null() && inner["Plans"].is_null();
        if stops_at_once && inner["Node Type"] != "Seq Scan" {
            continue;
        }
        walked_by_postgres(inner, fault);
    }
}

fn squeezed(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
