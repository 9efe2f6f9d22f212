//! Thousands of citizens (PT-013): what a page or a search costs does not grow with the house.

use std::{collections::BTreeSet, sync::Arc};

use chrono::TimeDelta;
use opora_core::{
    App,
    foundation::page::{Cursor, PAGE_ROWS},
    messaging::sender,
    patronage::{
        citizens::{self, CitizenFilter, CitizenRow},
        duties::Patronage,
        reminders::due,
        seed::{self, SeedPlan},
    },
    people::access::Actor,
};
use opora_testkit::{Backend, World, on_both_databases};

use crate::{messenger::FakeMessenger, plans::watch};

const DUE: &str = "2026-03-10T09:00:00Z";

async fn fill(world: &World, citizens: u32, series: u32) {
    let plan = SeedPlan { citizens, series, due_at: DUE.parse().expect("a moment"), spread: TimeDelta::zero() };
    seed::fill(&world.app, plan).await.expect("the house is filled");
}

async fn page(app: &App, filter: &CitizenFilter, at: Option<Cursor>) -> (Vec<CitizenRow>, Option<Cursor>) {
    let mut work = app.look(Actor::Operator).await.expect("a look is possible");
    let page = citizens::list(&mut work, filter, at).await.expect("there is a list");
    (page.items, page.after)
}

/// Walks through the whole list.
async fn everybody(app: &App) -> Vec<CitizenRow> {
    let (mut rows, mut next) = page(app, &CitizenFilter::default(), None).await;
    while next.is_some() {
        let (more, after) = page(app, &CitizenFilter::default(), next).await;
        assert!(more.len() <= PAGE_ROWS);
        rows.extend(more);
        next = after;
    }
    rows
}

fn called(row: &CitizenRow) -> CitizenFilter {
    CitizenFilter { name: row.name.full(), ..CitizenFilter::default() }
}

/// How many statements the first page, the one after it, and a search need.
async fn statements(world: &World, sought: &CitizenRow) -> usize {
    let name = match world.backend() {
        Backend::Sqlite => "plans_thousands_sqlite",
        Backend::Postgres => "plans_thousands_postgres",
    };
    let heard = watch::listen(name, async {
        let (_, next) = page(&world.app, &CitizenFilter::default(), None).await;
        page(&world.app, &CitizenFilter::default(), next).await;
        page(&world.app, &called(sought), None).await;
    })
    .await;
    // Not what a new connection is told at its beginning.
    heard.iter().filter(|line| line.starts_with("query: SELECT") || line.starts_with("query: WITH")).count()
}

on_both_databases! {
    /// PT-013
    async fn pages_and_searches_need_the_same_few_statements_among_five_thousand(world: World) {
        fill(&world, 120, 0).await;
        let few = everybody(&world.app).await;
        assert_eq!(few.len(), 120);
        let needed = statements(&world, few.last().expect("somebody")).await;
        assert!((3..20).contains(&needed), "{needed} statements for three pages");
        fill(&world, 4880, 0).await;
        let all = everybody(&world.app).await;
        let different: BTreeSet<String> = all.iter().map(|row| row.id.to_string()).collect();
        assert_eq!((all.len(), different.len()), (5000, 5000), "everybody stands on one page");
        let last = all.last().expect("somebody");
        assert_eq!(statements(&world, last).await, needed);
        let (found, _) = page(&world.app, &called(last), None).await;
        assert!(found.len() <= PAGE_ROWS && found.iter().all(|row| row.name == last.name), "{found:#?}");
        let (by_number, _) = page(&world.app, &CitizenFilter { name: "нет такого".to_owned(), ..called(last) }, None).await;
        assert_eq!(by_number, []);
    }

    /// PT-013: all at one minute, in claims of bounded size, and each to its own chat once.
    async fn thousands_of_reminders_of_one_minute_are_all_handed_over_once(mut world: World) {
        const MANY: usize = 2000;
        world.configure(|config| {
            config.telegram.rate = 0.0;
            config.telegram.chat_rate = 0.0;
        });
        fill(&world, 2000, 2000).await;
        world.clock.turn_to(DUE);
        let mut rounds = 0;
        while due::claim(&world.app, 500).await.expect("they come due").more {
            rounds += 1;
        }
        assert!(rounds <= MANY / 500, "{rounds} rounds");
        let messenger = FakeMessenger::of(&world);
        sender::send_waiting(&world.app, messenger.clone(), Arc::new(Patronage)).await.expect("they are sent");
        let chats: BTreeSet<String> = messenger.sent().into_iter().map(|sent| sent.chat).collect();
        assert_eq!(chats.len(), MANY);
        assert_eq!(world.count("outbox WHERE state = 'delivered'").await, 2000);
        assert_eq!(world.count("occurrences WHERE state = 'awaiting'").await, 2000);
    }
}
