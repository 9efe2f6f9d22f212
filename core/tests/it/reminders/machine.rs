//! Random events never lead a reminder where machine 3.3 does not go.

use chrono::TimeDelta;
use opora_core::{
    foundation::ids::OccurrenceId,
    messaging::press::Reaction,
    patronage::reminders::{self, OccurrenceState, Reach, Reason, outcome},
    people::access::Actor,
};
use opora_testkit::{Backend, World};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};

use super::kit::{Programme, daily};

#[derive(Debug, Clone, Copy)]
enum Event {
    Wait(i64),
    Claim,
    Delivered,
    Failed,
    Press(Reaction),
    Mark(Reaction),
    DeleteNext,
    ChangeText,
}

fn event() -> impl Strategy<Value = Event> {
    let reaction = prop_oneof![Just(Reaction::Done), Just(Reaction::Missed)];
    prop_oneof![
        3 => (1_i64..2000).prop_map(Event::Wait),
        4 => Just(Event::Claim),
        3 => Just(Event::Delivered),
        2 => Just(Event::Failed),
        3 => reaction.clone().prop_map(Event::Press),
        2 => reaction.prop_map(Event::Mark),
        1 => Just(Event::DeleteNext),
        1 => Just(Event::ChangeText),
    ]
}

/// Steps that machine 3.3 allows, those of several events at once included.
fn is_allowed(from: OccurrenceState, to: OccurrenceState) -> bool {
    use OccurrenceState::{Awaiting, Cancelled, Done, Missed, Planned, Sending, Undelivered};
    from == to
        || matches!(
            (from, to),
            (Planned, Sending | Undelivered | Cancelled)
                | (Sending, Awaiting | Undelivered | Done | Missed)
                | (Awaiting | Undelivered, Done | Missed)
                | (Undelivered, Awaiting)
                | (Done, Missed)
                | (Missed, Done)
        )
}

async fn step(world: &World, actor: &Actor, person: opora_core::foundation::ids::PersonId, event: Event) {
    let entries = world.entries(actor, person, "2026-03-01", "2026-12-31").await;
    let sent: Vec<OccurrenceId> = entries.iter().filter_map(|it| it.occurrence).collect();
    let next = entries.iter().find(|it| it.occurrence.is_none());
    match event {
        Event::Wait(minutes) => world.clock.advance(TimeDelta::minutes(minutes)),
        Event::Claim => drop(world.claim_all().await),
        Event::Delivered => world.deliver_all().await,
        Event::Failed => {
            let mut work = world.begin(Actor::System).await;
            const SQL: &str = "UPDATE outbox SET state = 'failed' WHERE state = 'queued'";
            opora_core::on_backend!(&mut work.tx, |c| sqlx::query(SQL).execute(c).await.map(drop)).unwrap();
            let failed: Vec<_> = sent.into_iter().map(|id| (id, Reason::SendFailed)).collect();
            outcome::undelivered(&mut work, &failed).await.unwrap();
            work.commit().await.unwrap();
        }
        Event::Press(reaction) => {
            if let Some(id) = sent.last() {
                world.press("1001", *id, reaction).await;
            }
        }
        Event::Mark(reaction) => {
            if let Some(entry) = entries.iter().rev().find(|it| it.occurrence.is_some()) {
                let mut work = world.begin(actor.clone()).await;
                // A refusal is an answer too; what counts is where the reminder stands afterwards.
                let _ = reminders::mark(&mut work, entry.series, entry.ordinal, reaction).await;
                work.commit().await.unwrap();
            }
        }
        Event::DeleteNext => {
            if let Some(next) = next {
                let version = world.open(actor, next.series, next.ordinal).await.version;
                world.delete(actor, (next.series, next.ordinal, version), Reach::OnlyThis).await.unwrap();
            }
        }
        Event::ChangeText => {
            if let Some(next) = next {
                let mut opened = world.open(actor, next.series, next.ordinal).await;
                opened.form.text.push('!');
                let at = (next.series, next.ordinal, opened.version);
                world.change(actor, at, Reach::ThisAndFollowing, &opened.form).await.unwrap();
            }
        }
    }
}

async fn live(world: World, events: Vec<Event>) {
    let anna = world.curator("Иванова Анна").await;
    let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
    let actor = anna.actor();
    world.plan(&actor, maria.person, &daily("Лекарство", "2026-03-10", "09:30", 8)).await;
    let look = async || {
        let entries = world.entries(&actor, maria.person, "2026-03-01", "2026-12-31").await;
        entries.into_iter().map(|it| (it.date, it.state)).collect::<std::collections::BTreeMap<_, _>>()
    };
    let mut before = look().await;
    for event in events {
        step(&world, &actor, maria.person, event).await;
        let after = look().await;
        for (date, from) in &before {
            let to = after.get(date).copied().unwrap_or(OccurrenceState::Cancelled);
            assert!(is_allowed(*from, to), "{date}: {from:?} → {to:?} by {event:?}");
        }
        assert!(after.keys().all(|date| before.contains_key(date)), "no reminder appears from nowhere");
        before = after;
    }
    let doubles = "(SELECT occurrence_id FROM outbox WHERE occurrence_id IS NOT NULL
        GROUP BY occurrence_id HAVING count(*) > 1) AS doubles";
    assert_eq!(world.count(doubles).await, 0, "nothing is sent twice");
}

fn random_lives(backend: Backend, cases: u32) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let events = prop::collection::vec(event(), 1..25);
    let outcome = runner.run(&events, |events| {
        opora_testkit::run(backend, |world| live(world, events.clone()));
        Ok(())
    });
    outcome.unwrap();
}

#[test]
fn random_events_follow_the_machine_on_sqlite() {
    random_lives(Backend::Sqlite, 24);
}

#[test]
fn random_events_follow_the_machine_on_postgres() {
    random_lives(Backend::Postgres, 8);
}
