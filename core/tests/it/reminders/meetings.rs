//! The calendar of all meetings, and two of them at the same time.

use opora_core::{
    foundation::{config::CuratorVisibility, errors::Failure, ids::SeriesId},
    patronage::reminders::{self, Kind, Meeting, MeetingFilter, OccurrenceState, Reach, ReminderForm},
    people::access::Actor,
};
use opora_testkit::{Curator, World, on_both_databases};

use super::kit::{Programme, daily, date, excluding, of_kind, once};

fn meeting(day: &str, time: &str) -> ReminderForm {
    of_kind("meeting", once("Прием", day, time))
}

async fn found(world: &World, actor: &Actor, first: &str, last: &str, filter: &MeetingFilter) -> Vec<Meeting> {
    let mut work = world.look(actor.clone()).await;
    reminders::meetings(&mut work, date(first), date(last), filter).await.unwrap()
}

/// Date, time and surname of each meeting of March.
async fn march(world: &World, actor: &Actor, filter: &MeetingFilter) -> Vec<String> {
    let found = found(world, actor, "2026-03-01", "2026-03-31", filter).await;
    let line = |it: Meeting| {
        format!("{} {} {}", it.entry.date.format("%m-%d"), it.entry.time.format("%H:%M"), it.citizen.name.surname)
    };
    found.into_iter().map(line).collect()
}

async fn overlap(world: &World, actor: &Actor, series: SeriesId) -> Option<String> {
    let mut work = world.look(actor.clone()).await;
    reminders::overlap(&mut work, series).await.unwrap().map(|it| it.citizen.name.surname)
}

async fn two_citizens(world: &World) -> (Curator, [opora_core::foundation::ids::PersonId; 2]) {
    let anna = world.curator("Иванова Анна Петровна").await;
    let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
    let oleg = world.citizen("Козлов Олег").of(&anna).linked("1002").await;
    (anna, [maria.person, oleg.person])
}

on_both_databases! {
    /// PT-223
    async fn meetings_of_several_citizens_stand_together_and_nothing_else(world: World) {
        let (anna, [maria, oleg]) = two_citizens(&world).await;
        let actor = anna.actor();
        world.plan(&actor, maria, &meeting("2026-03-12", "11:00")).await;
        world.plan(&actor, oleg, &meeting("2026-03-12", "10:00")).await;
        world.plan(&actor, oleg, &meeting("2026-04-01", "10:00")).await;
        world.plan(&actor, maria, &once("Лекарство", "2026-03-12", "09:00")).await;
        let all = MeetingFilter::default();
        assert_eq!(march(&world, &actor, &all).await, ["03-12 10:00 Козлов", "03-12 11:00 Петрова"]);
        world.clock.turn_to("2026-03-12T07:00:00Z");
        world.claim_all().await;
        world.deliver_all().await;
        let states: Vec<_> = found(&world, &actor, "2026-03-12", "2026-03-12", &all).await;
        let states: Vec<_> = states.into_iter().map(|it| it.entry.state).collect();
        assert_eq!(states, [OccurrenceState::Awaiting, OccurrenceState::Planned], "what was sent stays");
    }

    /// PT-223: the section shows what the cards show, whatever the rule.
    async fn the_section_agrees_with_the_cards(world: World) {
        let (anna, [maria, _]) = two_citizens(&world).await;
        let actor = anna.actor();
        let weekly = ReminderForm {
            repetition: "weekly".to_owned(),
            weekdays: vec!["1".to_owned(), "4".to_owned()],
            end_by: "date".to_owned(),
            end_date: "2026-06-01".to_owned(),
            every: "2".to_owned(),
            ..meeting("2026-03-12", "12:00")
        };
        let monthly = ReminderForm {
            repetition: "monthly".to_owned(),
            every: "1".to_owned(),
            end_by: "times".to_owned(),
            times: "5".to_owned(),
            ..meeting("2026-03-31", "13:00")
        };
        let short = excluding("2026-03-14", "2026-03-15", of_kind("meeting", daily("Прием", "2026-03-11", "14:00", 7)));
        let mut series = Vec::new();
        for form in [meeting("2026-03-20", "11:00"), weekly, monthly, short] {
            series.push(world.plan(&actor, maria, &form).await);
        }
        let opened = world.open(&actor, series[3], 2).await;
        world.delete(&actor, (series[3], 2, opened.version), Reach::OnlyThis).await.unwrap();
        for (first, last) in [("2026-03-01", "2026-03-31"), ("2026-03-17", "2026-03-18"), ("2026-06-01", "2026-07-31")] {
            let mut work = world.look(actor.clone()).await;
            let kind = Some(Kind::Meeting);
            let card = reminders::calendar(&mut work, maria, date(first), date(last), kind).await.unwrap();
            drop(work);
            let all = found(&world, &actor, first, last, &MeetingFilter::default()).await;
            let mut section: Vec<_> = all.into_iter().map(|it| it.entry).collect();
            section.sort_by_key(|it| (it.date, it.time, it.series, it.ordinal));
            assert_eq!(section, card, "{first} … {last}");
        }
    }

    /// PT-224, PT-281, PT-282
    async fn it_is_narrowed_by_curator_district_and_name_and_to_what_is_in_sight(mut world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let olga = world.curator("Смирнова Ольга Игоревна").await;
        let north = world.district("Север", None).await;
        let maria = world.citizen("Семёнова Мария Ивановна").of(&anna).living_in(north).await;
        let oleg = world.citizen("Козлов Олег").of(&olga).await;
        let chief = world.administrator().await;
        world.plan(&chief, maria.person, &meeting("2026-03-12", "10:00")).await;
        world.plan(&chief, oleg.person, &meeting("2026-03-13", "10:00")).await;
        let (hers, his) = ("03-12 10:00 Семёнова", "03-13 10:00 Козлов");
        let all = MeetingFilter::default;
        assert_eq!(march(&world, &chief, &all()).await, [hers, his]);
        let of_olga = MeetingFilter { curator: Some(olga.person), ..all() };
        assert_eq!(march(&world, &chief, &of_olga).await, [his]);
        assert_eq!(march(&world, &chief, &MeetingFilter { district: Some(north), ..all() }).await, [hers]);
        assert_eq!(march(&world, &chief, &MeetingFilter { name: "мария СЕМЕН".to_owned(), ..all() }).await, [hers]);
        assert_eq!(march(&world, &anna.actor(), &all()).await, [hers]);
        assert!(march(&world, &anna.actor(), &of_olga).await.is_empty());
        world.configure(|config| config.patronage.curator_visibility = CuratorVisibility::All);
        assert_eq!(march(&world, &anna.actor(), &all()).await, [hers, his]);
        let mut work = world.look(Actor::Citizen { person: maria.person }).await;
        let refused = reminders::meetings(&mut work, date("2026-03-01"), date("2026-03-31"), &all()).await;
        assert!(matches!(refused, Err(Failure::Forbidden)));
    }

    /// PT-226
    async fn a_second_meeting_at_the_same_minute_is_told(world: World) {
        let (anna, [maria, oleg]) = two_citizens(&world).await;
        let actor = anna.actor();
        let first = world.plan(&actor, maria, &meeting("2026-03-12", "11:00")).await;
        assert_eq!(overlap(&world, &actor, first).await, None, "not with itself");
        let other = world.plan(&actor, oleg, &meeting("2026-03-12", "11:01")).await;
        assert_eq!(overlap(&world, &actor, other).await, None);
        let second = world.plan(&actor, oleg, &of_kind("meeting", daily("Прием", "2026-03-11", "11:00", 5))).await;
        assert_eq!(overlap(&world, &actor, second).await.as_deref(), Some("Петрова"));
        let message = world.plan(&actor, oleg, &once("Лекарство", "2026-03-12", "11:00")).await;
        assert_eq!(overlap(&world, &actor, message).await, None, "only meetings meet");
        let opened = world.open(&actor, second, 2).await;
        let change = ReminderForm { time: "12:00".to_owned(), ..opened.form };
        let changed = world.change(&actor, (second, 2, opened.version), Reach::OnlyThis, &change).await.unwrap();
        assert_eq!(overlap(&world, &actor, changed.series).await, None);
        assert_eq!(overlap(&world, &actor, second).await, None, "the one that was moved away is no more");
    }

    /// PT-226
    async fn other_curators_excluded_days_and_other_clocks_are_told_apart(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let olga = world.curator("Смирнова Ольга Игоревна").await;
        let omsk = world.district("Дальний", Some("Asia/Omsk")).await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let foreign = world.citizen("Козлов Олег").of(&olga).await;
        let far = world.citizen("Дальняя Нина").of(&anna).living_in(omsk).await;
        let chief = world.administrator().await;
        let planned = world.plan(&chief, foreign.person, &meeting("2026-03-12", "11:00")).await;
        let suspended = excluding("2026-03-12", "2026-03-12", of_kind("meeting", daily("Прием", "2026-03-11", "11:00", 3)));
        world.plan(&chief, maria.person, &suspended).await;
        assert_eq!(overlap(&world, &chief, planned).await, None);
        let here = world.plan(&chief, maria.person, &meeting("2026-03-12", "11:00")).await;
        assert_eq!(overlap(&world, &chief, here).await, None);
        let same_wall_time = world.plan(&chief, far.person, &meeting("2026-03-12", "11:00")).await;
        assert_eq!(overlap(&world, &chief, same_wall_time).await, None, "11:00 in Omsk is another moment");
        let same_moment = world.plan(&chief, far.person, &meeting("2026-03-12", "14:00")).await;
        assert_eq!(overlap(&world, &chief, same_moment).await.as_deref(), Some("Петрова"));
    }
}
