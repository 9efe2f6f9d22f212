//! Random lives: what the databases find set by set is what a simple look at one person's days finds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate, TimeDelta};
use opora_core::{
    foundation::{clock::Timestamp, ids::OccurrenceId},
    messaging::press::Reaction,
    patronage::{
        activity::{About, ActivityFilter, Kind},
        reminders::{
            OccurrenceState::{Awaiting, Undelivered},
            Reason,
        },
    },
};
use opora_testkit::{Backend, World};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::kit::{Worklist, day, midnight};
use crate::reminders::kit::{Programme, once};

/// What happens on one day.
#[derive(Debug, Clone)]
struct Day {
    /// Reminders of the day, and what becomes of them at once.
    reminders: Vec<Fate>,
    /// An earlier reminder without a mark gets one: which (counted from the latest), and what.
    late: Option<(usize, bool)>,
    /// A new assignment so many days ahead.
    planned: Option<u64>,
    /// Nothing runs on this day.
    is_down: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Ignored,
    Done,
    Missed,
    Grey(Reason),
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => Just(Fate::Missed),
        8 => Just(Fate::Ignored),
        1 => Just(Fate::Done),
        1 => Just(Fate::Grey(Reason::BotBlocked)),
        1 => Just(Fate::Grey(Reason::TooLate)),
        1 => Just(Fate::Grey(Reason::NoChannel)),
    ]
}

/// People are of a kind for a while: otherwise no row of five and no ten silent days would ever come.
fn days() -> impl Strategy<Value = Vec<Day>> {
    let usual = prop::collection::vec((fate(), 1_usize..14), 3..6);
    let odd = prop::collection::vec(
        (
            prop::option::weighted(0.12, fate()),
            prop::option::weighted(0.1, (0_usize..6, any::<bool>())),
            prop::option::weighted(0.08, 1_u64..8),
            prop::bool::weighted(0.15),
            0_usize..8,
        ),
        36,
    );
    (usual, odd).prop_map(|(usual, odd)| {
        let habits = usual.into_iter().flat_map(|(fate, times)| std::iter::repeat_n(fate, times));
        habits
            .zip(odd)
            .map(|(habit, (other, late, planned, is_down, pause))| Day {
                reminders: if pause == 0 {
                    other.into_iter().collect()
                } else {
                    other.into_iter().chain([habit]).collect()
                },
                late,
                planned,
                is_down,
            })
            .collect()
    })
}

struct Reminder {
    id: OccurrenceId,
    date: NaiveDate,
    due_at: Timestamp,
    fate: Fate,
    marked_at: Option<Timestamp>,
}

/// One person's life and the records that follow from it.
#[derive(Default)]
struct Life {
    reminders: Vec<Reminder>,
    planned: BTreeSet<NaiveDate>,
    records: BTreeMap<&'static str, Vec<(NaiveDate, NaiveDate)>>,
}

impl Life {
    fn note(&mut self, kind: Kind, first: NaiveDate, last: NaiveDate) {
        self.records.entry(kind.name()).or_default().push((first, last));
    }

    fn speaks_of(&self, kind: Kind, date: NaiveDate) -> bool {
        self.records
            .get(kind.name())
            .is_some_and(|all| all.iter().any(|(first, last)| (*first..=*last).contains(&date)))
    }

    /// PT-D44: five dates in a row, none spoken of yet, the earliest first.
    fn look_for_missed(&mut self) {
        let bad: BTreeSet<NaiveDate> =
            self.reminders.iter().filter(|it| it.fate == Fate::Missed).map(|it| it.date).collect();
        for first in &bad {
            let five: Vec<NaiveDate> = first.iter_days().take(5).collect();
            if five.iter().all(|date| bad.contains(date) && !self.speaks_of(Kind::Missed, *date)) {
                self.note(Kind::Missed, five[0], five[4]);
            }
        }
    }

    /// PT-D45, in the run of `today`.
    fn look_for_silence(&mut self, today: NaiveDate) {
        let (first, last) = (today - Days::new(10), today - Days::new(1));
        let counts = |it: &&Reminder| {
            it.marked_at.is_none()
                && matches!(it.fate, Fate::Ignored | Fate::Grey(Reason::BotBlocked | Reason::NoChannel))
        };
        let last_mark = self.reminders.iter().filter_map(|it| it.marked_at).max();
        let is_quiet = last_mark.is_none_or(|at| at < midnight(&first.to_string()));
        let has_some = self.reminders.iter().filter(counts).any(|it| (first..=last).contains(&it.date));
        let since = self.reminders.iter().filter(counts).filter(|it| last_mark.is_none_or(|at| it.due_at > at));
        let is_old = since.map(|it| it.date).min().is_some_and(|date| date <= first);
        let is_new = first.iter_days().take(10).all(|date| !self.speaks_of(Kind::Inactive, date));
        if is_quiet && has_some && is_old && is_new {
            self.note(Kind::Inactive, first, last);
        }
    }

    /// PT-D46, in the run of `today`.
    fn look_for_the_end(&mut self, today: NaiveDate) {
        let all = self.reminders.iter().map(|it| it.date).chain(self.planned.iter().copied());
        let Some(last) = all.max() else { return };
        let is_near = last <= today + Days::new(2) && last >= today - Days::new(7);
        if is_near && !self.speaks_of(Kind::NoAssignments, last) {
            self.note(Kind::NoAssignments, last, last);
        }
    }
}

async fn live(world: World, days: Vec<Day>) {
    let administrator = world.administrator().await;
    let maria = world.citizen("Петрова Мария").linked("1001").await;
    let mut life = Life::default();
    let mut last_run = None;
    for (number, plan) in (0..).zip(&days) {
        if !plan.is_down {
            world.run_on(number).await;
            for run in last_run.map_or(number, |last: u64| last + 1)..=number {
                life.look_for_missed();
                life.look_for_silence(day(run));
                life.look_for_the_end(day(run));
            }
            last_run = Some(number);
        }
        world.clock.set(midnight(&day(number).to_string()) + TimeDelta::hours(12));
        let now = world.app.clock.now();
        if let Some(ahead) = plan.planned {
            let date = day(number + ahead);
            world.plan(&administrator, maria.person, &once("Приём", &date.to_string(), "10:00")).await;
            life.planned.insert(date);
        }
        for fate in &plan.reminders {
            let (state, reason) = match fate {
                Fate::Grey(reason) => (Undelivered, Some(*reason)),
                _ => (Awaiting, None),
            };
            let id = world.happened(maria.person, number, state, reason).await;
            let due_at = now - TimeDelta::hours(3);
            life.reminders.push(Reminder { id, date: day(number), due_at, fate: Fate::Ignored, marked_at: None });
            let last = life.reminders.len() - 1;
            match fate {
                Fate::Missed => mark(&world, &administrator, &mut life, last, Reaction::Missed).await,
                Fate::Done => mark(&world, &administrator, &mut life, last, Reaction::Done).await,
                other => life.reminders[last].fate = *other,
            }
        }
        if let Some((back, is_missed)) = plan.late {
            let open: Vec<usize> =
                (0..life.reminders.len()).filter(|at| life.reminders[*at].marked_at.is_none()).collect();
            if let Some(at) = open.iter().rev().nth(back) {
                let reaction = if is_missed { Reaction::Missed } else { Reaction::Done };
                mark(&world, &administrator, &mut life, *at, reaction).await;
            }
        }
    }
    for kind in [Kind::Missed, Kind::Inactive, Kind::NoAssignments] {
        let filter = ActivityFilter { kind: Some(kind), ..ActivityFilter::default() };
        let found = world.listed(&administrator, &filter).await.page.items;
        let found = found.into_iter().map(|record| match record.about {
            About::Dates { first, last, .. } => (first, last),
            other => panic!("{other:?}"),
        });
        let found: BTreeSet<_> = found.collect();
        let expected: BTreeSet<_> = life.records.remove(kind.name()).into_iter().flatten().collect();
        assert_eq!(found, expected, "{}", kind.name());
    }
}

async fn mark(
    world: &World,
    actor: &opora_core::people::access::Actor,
    life: &mut Life,
    at: usize,
    reaction: Reaction,
) {
    let reminder = &mut life.reminders[at];
    reminder.marked_at = Some(world.app.clock.now());
    reminder.fate = if reaction == Reaction::Missed { Fate::Missed } else { Fate::Done };
    world.mark(actor, reminder.id, reaction).await;
    if reaction == Reaction::Missed {
        life.look_for_missed();
    }
}

fn random_lives(backend: Backend, cases: u32) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&days(), |days| {
        opora_testkit::run(backend, |world| live(world, days.clone()));
        Ok(())
    });
    outcome.unwrap();
}

/// PT-212, PT-213, PT-214, PT-215, PT-220: all three against a simple reference, with late marks and days on which nothing ran.
#[test]
fn random_lives_give_the_records_of_the_reference_on_sqlite() {
    random_lives(Backend::Sqlite, 24);
}

/// PT-212, PT-213, PT-214, PT-215, PT-220
#[test]
fn random_lives_give_the_records_of_the_reference_on_postgres() {
    random_lives(Backend::Postgres, 10);
}
