//! What lies ahead, day by day.

use chrono::TimeDelta;
use opora_core::{
    foundation::{config::CuratorVisibility, errors::Failure, ids::PersonId},
    patronage::{
        reminders::{self, LoadDay, OccurrenceState, Reach, ReminderForm},
        seed::{self, SeedPlan},
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

use super::kit::{Programme, daily, excluding, of_kind, once};

async fn load(world: &World, reader: &Actor, curator: Option<PersonId>) -> Vec<LoadDay> {
    let mut work = world.look(reader.clone()).await;
    reminders::load(&mut work, curator).await.expect("it can be read").expect("not too many")
}

async fn load_of(world: &World, reader: &Actor, person: PersonId) -> Vec<LoadDay> {
    let mut work = world.look(reader.clone()).await;
    reminders::load_of(&mut work, person).await.expect("it can be read").expect("not too many")
}

/// The days on which something lies ahead: `11 2+1+0`.
fn shown(days: &[LoadDay]) -> Vec<String> {
    let busy = days.iter().filter(|day| day.total() > 0);
    busy.map(|it| format!("{} {}+{}+{}", it.date.format("%d"), it.reminders, it.meetings, it.own)).collect()
}

fn weekly(form: ReminderForm) -> ReminderForm {
    ReminderForm {
        repetition: "weekly".to_owned(),
        every: "1".to_owned(),
        weekdays: vec!["2".to_owned(), "4".to_owned()],
        end_by: "date".to_owned(),
        end_date: "2026-03-20".to_owned(),
        ..form
    }
}

on_both_databases! {
    /// PT-178: what the calendar shows as planned, counted; excluded, deleted and past ones are not.
    async fn every_kind_is_counted_on_its_day(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let actor = anna.actor();
        let form = excluding("2026-03-13", "2026-03-13", daily("Лекарство", "2026-03-10", "09:30", 5));
        let series = world.plan(&actor, maria.person, &form).await;
        world.plan(&actor, maria.person, &weekly(of_kind("curator_reminder", once("Позвонить", "2026-03-10", "10:00")))).await;
        world.plan(&actor, maria.person, &of_kind("meeting", once("Прием", "2026-03-12", "11:00"))).await;
        world.plan(&actor, maria.person, &once("Потом", "2026-04-08", "11:00")).await;
        world.plan(&actor, maria.person, &once("Далеко", "2026-04-07", "11:00")).await;
        let opened = world.open(&actor, series, 2).await;
        world.delete(&actor, (series, 2, opened.version), Reach::OnlyThis).await.unwrap();
        let days = load(&world, &actor, None).await;
        assert_eq!((days.len(), days[0].date.to_string().as_str()), (28, "2026-03-11"), "from tomorrow on");
        let expected = ["12 1+1+1", "14 1+0+0", "17 0+0+1", "19 0+0+1", "07 1+0+0"];
        assert_eq!(shown(&days), expected);
        assert_eq!(load_of(&world, &actor, maria.person).await, days);
        let mut work = world.look(actor.clone()).await;
        let (first, last) = (days[0].date, days[27].date);
        let entries = reminders::calendar(&mut work, maria.person, first, last, None).await.unwrap();
        let planned = entries.iter().filter(|it| it.state == OccurrenceState::Planned).count();
        assert_eq!(days.iter().map(LoadDay::total).sum::<i64>(), i64::try_from(planned).unwrap());
    }

    /// PT-D35: a meeting that was announced already still lies ahead.
    async fn announced_meetings_lie_ahead_until_their_day(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let form = ReminderForm { advance: "1440".to_owned(), ..of_kind("meeting", once("Прием", "2026-03-12", "11:00")) };
        world.plan(&anna.actor(), maria.person, &form).await;
        world.clock.turn_to("2026-03-11T08:00:00Z");
        world.claim_all().await;
        assert_eq!(world.count("occurrences").await, 1, "its message went");
        for days in [load(&world, &anna.actor(), None).await, load_of(&world, &anna.actor(), maria.person).await] {
            assert_eq!(shown(&days), ["12 0+1+0"]);
        }
        world.clock.advance(TimeDelta::days(1));
        assert_eq!(shown(&load(&world, &anna.actor(), None).await), Vec::<String>::new());
    }

    /// PT-281, PT-282
    async fn curators_see_their_own_load_and_the_administrator_anybodys(mut world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let olga = world.curator("Смирнова Ольга").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let oleg = world.citizen("Козлов Олег").of(&olga).await;
        let chief = world.administrator().await;
        world.plan(&chief, maria.person, &once("Раз", "2026-03-12", "10:00")).await;
        world.plan(&chief, oleg.person, &once("Два", "2026-03-13", "10:00")).await;
        assert_eq!(shown(&load(&world, &chief, None).await), ["12 1+0+0", "13 1+0+0"]);
        assert_eq!(shown(&load(&world, &chief, Some(olga.person)).await), ["13 1+0+0"]);
        assert_eq!(shown(&load(&world, &anna.actor(), None).await), ["12 1+0+0"]);
        let foreign = reminders::load(&mut world.look(anna.actor()).await, Some(olga.person)).await;
        assert!(matches!(foreign, Err(Failure::NotFound)), "{foreign:?}");
        let foreign = reminders::load_of(&mut world.look(anna.actor()).await, oleg.person).await;
        assert!(matches!(foreign, Err(Failure::NotFound)), "{foreign:?}");
        world.configure(|config| config.patronage.curator_visibility = CuratorVisibility::All);
        assert_eq!(shown(&load(&world, &anna.actor(), Some(olga.person)).await), ["13 1+0+0"]);
    }

    /// PT-013: a month of five thousand daily series is counted; of too many no picture is made.
    async fn five_thousand_series_are_counted(world: World) {
        let due_at = "2026-03-10T09:00:00Z".parse().unwrap();
        let plan = SeedPlan { citizens: 1000, series: 5000, due_at, spread: TimeDelta::zero() };
        seed::fill(&world.app, plan).await.expect("the house is filled");
        let chief = world.administrator().await;
        let days = load(&world, &chief, None).await;
        assert!(days.iter().all(|day| day.total() == 5000), "{days:?}");
        let more = SeedPlan { citizens: 10, series: 15_001, ..plan };
        seed::fill(&world.app, more).await.expect("the house is filled");
        let refused = reminders::load(&mut world.look(chief).await, None).await.expect("it can be read");
        assert_eq!(refused, None);
    }
}
