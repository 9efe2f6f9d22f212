//! «Сводка»: what is counted, for whom, and that nothing of ours is blamed on anybody.

use std::sync::Arc;

use chrono::TimeDelta;
use opora_core::{
    messaging::{messenger::Messenger, press::Reaction},
    patronage::{
        activation,
        summary::{self, Measure, Numbers, Summary, Tally},
    },
    people::access::Actor,
    schedule::periodic::Job,
};
use opora_testkit::{Citizen, Curator, World, on_both_databases};

use crate::reminders::kit::{Programme, daily, of_kind, once};

async fn read(world: &World, reader: &Actor) -> Summary {
    summary::summary(&mut world.look(reader.clone()).await).await.expect("the figures can be read")
}

async fn night(world: &World) {
    Arc::new(Tally).run(&world.app).await.expect("it can be counted");
}

fn ends(numbers: &Numbers) -> [i64; 5] {
    Measure::ENDS.map(|end| numbers.of(end))
}

/// Maria is asked on five days; she answers twice, once with «Пропущено»; one day the server was down, one she had blocked the bot.
async fn five_days(world: &World) -> (Curator, Citizen) {
    let anna = world.curator("Иванова Анна Петровна").await;
    let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
    world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-11", "09:00", 5)).await;
    let own = of_kind("curator_reminder", once("Проверить", "2026-03-11", "10:00"));
    world.plan(&anna.actor(), maria.person, &own).await;
    for (day, pressed) in [(11, Some(Reaction::Done)), (12, Some(Reaction::Missed)), (13, None)] {
        world.clock.turn_to(&format!("2026-03-{day}T06:00:00Z"));
        world.claim_all().await;
        let occurrence =
            world.sent().await.into_iter().filter(|it| it.kind == "say").filter_map(|it| it.occurrence).next_back();
        world.deliver_all().await;
        world.clock.advance(TimeDelta::minutes(if day == 11 { 4 } else { 100 }));
        if let (Some(reaction), Some(occurrence)) = (pressed, occurrence) {
            world.press("1001", occurrence, reaction).await;
        }
    }
    world.clock.turn_to("2026-03-14T12:00:00Z");
    world.claim_all().await;
    let mut work = world.begin(Actor::System).await;
    activation::mark_blocked(&mut work, Messenger::Telegram, "1001").await.expect("it can be marked");
    work.commit().await.expect("it stays");
    world.clock.turn_to("2026-03-15T06:00:00Z");
    world.claim_all().await;
    world.clock.turn_to("2026-03-15T21:10:00Z");
    (anna, maria)
}

on_both_databases! {
    /// PT-D40, PT-D43: what we failed to deliver is counted apart.
    async fn each_end_is_counted_and_our_failures_apart(world: World) {
        let (anna, maria) = five_days(&world).await;
        night(&world).await;
        let found = read(&world, &anna.actor()).await;
        assert_eq!(ends(&found.total), [1, 1, 1, 1, 1]);
        assert_eq!(found.total.adherence(), Some(33), "of the three that arrived");
        assert_eq!(Measure::SPEEDS.map(|speed| found.total.of(speed)), [1, 0, 1, 0, 0]);
        assert_eq!(found.weeks.iter().map(|week| week.numbers.ended()).collect::<Vec<_>>(), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0]);
        assert_eq!(found.counted_until.map(|day| day.to_string()).as_deref(), Some("2026-03-15"));
        let weeks = summary::of_citizen(&mut world.look(anna.actor()).await, maria.person).await.expect("her weeks");
        assert_eq!(ends(&weeks[10].numbers), [1, 1, 1, 1, 1]);
        assert_eq!(weeks[10].first.to_string(), "2026-03-09");
    }

    /// PT-D26: a late answer is counted the night after, in the place of what was known.
    async fn late_answers_are_counted_anew(world: World) {
        let (anna, _) = five_days(&world).await;
        night(&world).await;
        world.clock.advance(TimeDelta::hours(1));
        let unanswered = world.sent().await.into_iter().filter(|it| it.kind == "say").filter_map(|it| it.occurrence).next_back();
        world.press("1001", unanswered.expect("the third"), Reaction::Done).await;
        summary::catch_up(&world.app).await.expect("it can be counted");
        assert_eq!(ends(&read(&world, &anna.actor()).await.total), [1, 1, 1, 1, 1], "known days are not counted at start");
        night(&world).await;
        assert_eq!(ends(&read(&world, &anna.actor()).await.total), [2, 1, 0, 1, 1]);
        assert_eq!(world.count("tallies WHERE measure = 'done'").await, 2, "nothing is counted twice");
    }

    /// PT-281, PT-282
    async fn curators_see_their_own_figures_and_the_administrator_all_by_name(world: World) {
        let (anna, maria) = five_days(&world).await;
        let olga = world.curator("Смирнова Ольга").await;
        night(&world).await;
        assert_eq!(read(&world, &olga.actor()).await.total.ended(), 0);
        assert_eq!(read(&world, &anna.actor()).await.curators, []);
        let administrator = world.administrator().await;
        let found = read(&world, &administrator).await;
        let names: Vec<_> = found.curators.iter().map(|it| (it.name.as_deref(), it.numbers.ended())).collect();
        assert_eq!(names, [(Some("Иванова\u{a0}А.\u{a0}П."), 5)]);
        assert_eq!(found.districts.iter().map(|it| it.name.as_deref()).collect::<Vec<_>>(), [None]);
        let foreign = summary::of_citizen(&mut world.look(olga.actor()).await, maria.person).await;
        assert!(foreign.is_err());
    }
}
