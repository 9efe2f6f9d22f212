//! «Отклонения» of the last 72 hours.

use chrono::TimeDelta;
use opora_core::{
    foundation::{ids::OccurrenceId, page::Cursor},
    messaging::press::Reaction,
    patronage::{
        citizens::{self, CitizenForm},
        reminders::{self, OccurrenceState, Reason},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, Curator, World, on_both_databases};

use super::kit::{Programme, of_kind, once};

/// Anna's citizen Maria has just got a reminder: it is 10.03.2026, 09:30.
async fn one_delivered(world: &World) -> (Curator, Citizen, OccurrenceId) {
    let anna = world.curator("Иванова Анна Петровна").await;
    let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
    world.plan(&anna.actor(), maria.person, &once("Вопрос?", "2026-03-10", "09:30")).await;
    world.clock.turn_to("2026-03-10T06:30:00Z");
    world.claim_all().await;
    let occurrence = world.sent().await[0].occurrence.unwrap();
    world.deliver_all().await;
    (anna, maria, occurrence)
}

/// Who is listed, with the states of the reminders.
async fn listed(world: &World, actor: &Actor) -> Vec<(String, Vec<OccurrenceState>)> {
    let mut work = world.look(actor.clone()).await;
    let page = reminders::lately(&mut work, None).await.unwrap();
    let line = |it: reminders::Watched| (it.citizen.name.surname, it.deviations.iter().map(|it| it.state).collect());
    page.items.into_iter().map(line).collect()
}

async fn names(world: &World, actor: &Actor) -> Vec<String> {
    listed(world, actor).await.into_iter().map(|(name, _)| name).collect()
}

/// A citizen without a bot, whose reminder therefore is not delivered.
async fn missed_by_the_bot(world: &World, anna: &Curator, name: &str, time: &str) -> Citizen {
    let citizen = world.citizen(name).of(anna).await;
    world.plan(&anna.actor(), citizen.person, &once("Лекарство", "2026-03-10", time)).await;
    citizen
}

async fn set_inactive(world: &World, actor: &Actor, citizen: &Citizen, until: Option<&str>) {
    let mut work = world.begin(actor.clone()).await;
    let card = citizens::card(&mut work, citizen.person).await.unwrap();
    let form = CitizenForm {
        name: "Мария".to_owned(),
        phone: "8 913 123-45-67".to_owned(),
        inactive: until.is_some(),
        inactive_until: until.unwrap_or_default().to_owned(),
        ..citizens::form_of(&card)
    };
    citizens::change(&mut work, citizen.person, card.version, &form, false).await.unwrap();
    work.commit().await.unwrap();
}

on_both_databases! {
    /// PT-250, PT-D48
    async fn a_waiting_reminder_is_listed_after_half_an_hour(world: World) {
        let (anna, ..) = one_delivered(&world).await;
        world.clock.advance(TimeDelta::minutes(29));
        assert!(listed(&world, &anna.actor()).await.is_empty());
        world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(listed(&world, &anna.actor()).await, [("Петрова".to_owned(), vec![OccurrenceState::Awaiting])]);
    }

    /// PT-249, PT-250
    async fn a_refused_reminder_is_listed_at_once_and_for_72_hours(world: World) {
        let (anna, maria, occurrence) = one_delivered(&world).await;
        world.press("1001", occurrence, Reaction::Missed).await;
        assert_eq!(listed(&world, &anna.actor()).await, [("Петрова".to_owned(), vec![OccurrenceState::Missed])]);
        world.clock.advance(TimeDelta::hours(71));
        assert_eq!(names(&world, &anna.actor()).await, ["Петрова"]);
        world.clock.advance(TimeDelta::hours(2));
        assert!(listed(&world, &anna.actor()).await.is_empty());
        let mut work = world.look(anna.actor()).await;
        let tab = reminders::deviations_of(&mut work, maria.person, None).await.unwrap();
        assert_eq!(tab.items.len(), 1, "the card has no window");
    }

    /// PT-249
    async fn what_was_not_delivered_is_listed_and_citizens_are_grouped_the_latest_first(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let early = missed_by_the_bot(&world, &anna, "Первая Анна", "09:10").await;
        missed_by_the_bot(&world, &anna, "Вторая Анна", "09:30").await;
        world.plan(&anna.actor(), early.person, &once("Ещё раз", "2026-03-10", "09:40")).await;
        world.to_the_end().await;
        let mut work = world.look(anna.actor()).await;
        let page = reminders::lately(&mut work, None).await.unwrap();
        let texts = |it: &reminders::Watched| it.deviations.iter().map(|it| it.text.clone()).collect::<Vec<_>>();
        assert_eq!(page.items[0].citizen.name.surname, "Первая");
        assert_eq!(texts(&page.items[0]), ["Ещё раз", "Лекарство"]);
        assert_eq!(page.items[0].deviations[0].reason, Some(Reason::NotLinked));
        assert_eq!(page.items[1].citizen.name.surname, "Вторая");
        assert_eq!(page.items.len(), 2);
    }

    /// PT-251
    async fn it_leaves_the_list_when_it_is_done(world: World) {
        let (anna, _, occurrence) = one_delivered(&world).await;
        world.clock.advance(TimeDelta::hours(1));
        assert_eq!(names(&world, &anna.actor()).await, ["Петрова"]);
        world.press("1001", occurrence, Reaction::Done).await;
        assert!(listed(&world, &anna.actor()).await.is_empty());
    }

    /// PT-249: a curator's own reminders are nobody's deviation.
    async fn own_reminders_of_curators_are_never_listed(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let own = of_kind("curator_reminder", once("Позвонить", "2026-03-10", "09:30"));
        world.plan(&anna.actor(), maria.person, &own).await;
        world.to_the_end().await;
        world.clock.advance(TimeDelta::hours(5));
        assert_eq!(world.count("occurrences WHERE state = 'awaiting'").await, 1);
        assert!(listed(&world, &anna.actor()).await.is_empty());
    }

    /// PT-254, PT-D47
    async fn inactive_citizens_are_left_out_here_but_not_on_their_card(world: World) {
        let (anna, maria, occurrence) = one_delivered(&world).await;
        let anna = anna.actor();
        world.press("1001", occurrence, Reaction::Missed).await;
        set_inactive(&world, &anna, &maria, Some("")).await;
        assert!(listed(&world, &anna).await.is_empty());
        let mut work = world.look(anna.clone()).await;
        assert_eq!(reminders::deviations_of(&mut work, maria.person, None).await.unwrap().items.len(), 1);
        drop(work);
        set_inactive(&world, &anna, &maria, None).await;
        assert_eq!(names(&world, &anna).await, ["Петрова"]);
        set_inactive(&world, &anna, &maria, Some("11.03.2026")).await;
        world.clock.turn_to("2026-03-11T20:59:59Z");
        assert!(listed(&world, &anna).await.is_empty());
        world.clock.turn_to("2026-03-11T21:00:00Z");
        assert_eq!(names(&world, &anna).await, ["Петрова"], "the day after has begun, even before the job ran");
    }

    /// PT-253, PT-281, PT-282
    async fn a_curator_sees_his_own_and_the_administrator_everybodys(mut world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let olga = world.curator("Смирнова Ольга Игоревна").await;
        missed_by_the_bot(&world, &anna, "Петрова Мария", "09:10").await;
        missed_by_the_bot(&world, &olga, "Козлов Олег", "09:20").await;
        world.to_the_end().await;
        assert_eq!(names(&world, &anna.actor()).await, ["Петрова"]);
        assert_eq!(names(&world, &olga.actor()).await, ["Козлов"]);
        let chief = world.administrator().await;
        assert_eq!(names(&world, &chief).await, ["Козлов", "Петрова"]);
        world.configure(|config| {
            config.patronage.curator_visibility = opora_core::foundation::config::CuratorVisibility::All;
        });
        assert_eq!(names(&world, &anna.actor()).await, ["Козлов", "Петрова"]);
    }

    /// PT-249
    async fn many_citizens_come_page_by_page(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        for n in 0..30 {
            missed_by_the_bot(&world, &anna, &format!("Фамилия{n:02} Имя"), "09:30").await;
        }
        world.to_the_end().await;
        let page = async |cursor: Option<Cursor>| {
            let mut work = world.look(anna.actor()).await;
            reminders::lately(&mut work, cursor).await.unwrap()
        };
        let first = page(None).await;
        let second = page(first.after.clone()).await;
        assert_eq!((first.items.len(), second.items.len(), second.after.is_none()), (25, 5, true));
        let mut seen: Vec<_> = first.items.iter().chain(&second.items).map(|it| it.citizen.person).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 30);
        assert_eq!(page(second.before).await.items, first.items);
        assert_eq!(page(Some(Cursor::after("nonsense"))).await.items, first.items);
    }
}
