//! «История напоминания»: why a reminder stands where it stands (design D5).

use std::sync::Arc;

use chrono::TimeDelta;
use opora_core::{
    foundation::ids::SeriesId,
    messaging::{
        downtime::SignOfLife,
        messenger::Messenger,
        press::Reaction,
        sender::{self, incidents::Incident},
    },
    patronage::{
        duties::Patronage,
        reminders::{
            self, OccurrenceState, Reason,
            story::{What, story as tell},
        },
    },
    people::{access::Actor, accounts::AuthorName},
    schedule::periodic::{self, Job},
};
use opora_testkit::{Citizen, Curator, World, on_both_databases};

use crate::{
    messenger::{FakeMessenger, temporary, unknown},
    reminders::kit::{Programme, of_kind, once, refusal},
};

struct Told {
    anna: Curator,
    maria: Citizen,
    series: SeriesId,
    telegram: Arc<FakeMessenger>,
}

/// Anna plans something for Maria at 09:30.
async fn planned(world: &World) -> Told {
    let anna = world.curator("Иванова Анна Петровна").await;
    let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
    let series = world.plan(&anna.actor(), maria.person, &once("Вопрос?", "2026-03-10", "09:30")).await;
    Told { anna, maria, series, telegram: FakeMessenger::of(world) }
}

impl Told {
    async fn sends(&self, world: &World) {
        sender::send_waiting(&world.app, self.telegram.clone(), Arc::new(Patronage)).await.expect("it can be sent");
    }

    async fn story(&self, world: &World) -> Vec<What> {
        let mut work = world.look(self.anna.actor()).await;
        tell(&mut work, self.series, 1).await.expect("it has a story").into_iter().map(|step| step.what).collect()
    }
}

fn incident(what: &What) -> Option<(Incident, i64, Option<&str>)> {
    match what {
        What::Incident(it) => Some((it.incident, it.times, it.detail.as_deref())),
        _ => None,
    }
}

async fn minute(world: &World, job: &Arc<SignOfLife>) {
    let jobs: [Arc<dyn Job>; 1] = [job.clone()];
    periodic::run_due(&world.app, &jobs).await.expect("the sign is given");
}

on_both_databases! {
    /// PT-192: an ordinary story follows from the ordinary rows.
    async fn an_ordinary_reminder_needs_no_rows_of_its_own(world: World) {
        let told = planned(&world).await;
        assert_eq!(told.story(&world).await, [What::Planned { by: AuthorName::Person("Иванова Анна Петровна".to_owned()) }]);
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        told.sends(&world).await;
        let occurrence = world.sent().await[0].occurrence.expect("it asks");
        world.clock.advance(TimeDelta::minutes(4));
        world.press("1001", occurrence, Reaction::Missed).await;
        let steps = told.story(&world).await;
        assert_eq!(steps[1], What::Claimed);
        let number = Some("17".to_owned());
        assert_eq!(steps[2], What::Shown { messenger: Some(Messenger::Telegram), number, is_repeat: false });
        let after = Some(TimeDelta::minutes(4));
        assert_eq!(steps[3], What::Answered { state: OccurrenceState::Missed, after, is_late: false });
        assert_eq!(world.count("delivery_incidents").await, 0);
    }

    /// PT-195, PT-D26: marks made by hand stand beside late answers, each with its author.
    async fn late_answers_and_marks_by_hand_are_told(world: World) {
        let told = planned(&world).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        told.sends(&world).await;
        world.clock.advance(TimeDelta::minutes(31));
        let occurrence = world.sent().await[0].occurrence.expect("it asks");
        world.press("1001", occurrence, Reaction::Missed).await;
        let late = What::Answered { state: OccurrenceState::Missed, after: Some(TimeDelta::minutes(31)), is_late: true };
        assert_eq!(told.story(&world).await.last(), Some(&late));
        world.clock.advance(TimeDelta::minutes(1));
        let mut work = world.begin(told.anna.actor()).await;
        reminders::mark(&mut work, told.series, 1, Reaction::Done).await.expect("it can be marked");
        work.commit().await.expect("it stays");
        let (from, to) = (Some(OccurrenceState::Missed), OccurrenceState::Done);
        let marked = What::Marked { from, to, by: AuthorName::Person("Иванова Анна Петровна".to_owned()) };
        assert_eq!(told.story(&world).await.last(), Some(&marked));
    }

    /// PT-D41: however often it was tried, the story has one line of it.
    async fn attempts_that_failed_are_one_line_with_their_number(world: World) {
        let told = planned(&world).await;
        told.telegram.answers("1001", [temporary(), temporary()]);
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        for _ in 0..3 {
            told.sends(&world).await;
            world.clock.advance(TimeDelta::minutes(1));
        }
        let steps = told.story(&world).await;
        assert_eq!(incident(&steps[2]), Some((Incident::Retried, 2, Some("502"))));
        assert!(matches!(steps[3], What::Shown { .. }), "{steps:?}");
    }

    /// PT-D42
    async fn a_repetition_after_an_unknown_outcome_is_told(world: World) {
        let told = planned(&world).await;
        told.telegram.answers("1001", [unknown()]);
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        for _ in 0..2 {
            told.sends(&world).await;
            world.clock.advance(TimeDelta::minutes(1));
        }
        let steps = told.story(&world).await;
        assert_eq!(incident(&steps[2]), Some((Incident::Repeated, 1, Some("broke off"))));
        assert!(matches!(steps[3], What::Shown { is_repeat: true, .. }), "{steps:?}");
    }

    /// PT-D40: what we missed is our failure, and the story says when we were away.
    async fn a_time_without_signs_of_life_is_ours(world: World) {
        let told = planned(&world).await;
        minute(&world, &Arc::new(SignOfLife::default())).await;
        world.clock.advance(TimeDelta::minutes(1));
        let working = Arc::new(SignOfLife::default());
        minute(&world, &working).await;
        world.clock.advance(TimeDelta::minutes(1));
        minute(&world, &working).await;
        assert_eq!(world.count("downtimes").await, 0, "a minute is no downtime");
        world.clock.turn_to("2026-03-10T10:00:00Z");
        minute(&world, &Arc::new(SignOfLife::default())).await;
        assert_eq!(world.count("downtimes").await, 1);
        world.claim_all().await;
        let steps = told.story(&world).await;
        assert!(matches!(steps[1], What::Down { messenger: None, until } if until == world.app.clock.now()), "{steps:?}");
        assert_eq!(steps[2..], [What::Undelivered { reason: Reason::TooLate, is_ours: true }]);
    }

    /// PT-D41: one line, however long a messenger takes nothing.
    async fn a_messenger_that_takes_nothing_is_one_line(world: World) {
        let told = planned(&world).await;
        told.telegram.answers("1001", vec![temporary(); 12]);
        let job = Arc::new(SignOfLife::default());
        minute(&world, &job).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        for _ in 0..10 {
            told.sends(&world).await;
            world.clock.advance(TimeDelta::minutes(1));
            minute(&world, &job).await;
        }
        let known = world.count("downtimes WHERE channel = 'telegram'").await;
        assert_eq!(known, 1);
        let steps = told.story(&world).await;
        assert!(steps.iter().any(|it| matches!(it, What::Down { messenger: Some(Messenger::Telegram), .. })), "{steps:?}");
    }

    /// PT-281
    async fn foreign_stories_are_not_found(world: World) {
        let told = planned(&world).await;
        let olga = world.curator("Смирнова Ольга").await;
        let mut work = world.look(olga.actor()).await;
        assert_eq!(refusal(tell(&mut work, told.series, 1).await), "not found");
        drop(work);
        let own = of_kind("curator_reminder", once("Проверить", "2026-03-10", "09:40"));
        let series = world.plan(&told.anna.actor(), told.maria.person, &own).await;
        world.clock.turn_to("2026-03-10T06:40:00Z");
        world.claim_all().await;
        let mut work = world.look(Actor::System).await;
        let steps = tell(&mut work, series, 1).await.expect("it has a story");
        assert_eq!(steps[1].what, What::Fired);
    }
}
