//! «Сегодня»: who needs the reader, and why.

use chrono::TimeDelta;
use opora_core::{
    foundation::ids::PersonId,
    messaging::{messenger::Messenger, press::Reaction},
    on_backend,
    patronage::{
        activation, activity, contacts,
        today::{self, Cause, Counts, Need, Tallies, Today},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, Curator, World, on_both_databases};

use crate::reminders::kit::{Programme, of_kind, once};

async fn today(world: &World, reader: &Actor) -> Today {
    today::today(&mut world.look(reader.clone()).await).await.expect("the page can be read")
}

async fn counts(world: &World, reader: &Actor) -> Counts {
    today::counts(&mut world.look(reader.clone()).await).await.expect("the numbers can be read")
}

async fn asks(world: &World, citizen: &Citizen, comment: &str) {
    let mut work = world.begin(citizen.actor()).await;
    contacts::request(&mut work, citizen.person, Some(comment)).await.expect("it can be requested");
    work.commit().await.expect("it stays");
}

/// A reminder at `moment` that is delivered and, perhaps, answered.
async fn reminded(world: &World, author: &Actor, citizen: &Citizen, moment: &str, pressed: Option<Reaction>) {
    let (date, time) = moment.split_once(' ').expect("date and time");
    world.plan(author, citizen.person, &once("Примите лекарство", date, time)).await;
    world.to_the_end().await;
    let sent = world.sent().await.into_iter().rev().find(|it| it.occurrence.is_some() && it.kind == "say");
    let occurrence = sent.expect("it was sent").occurrence.expect("it asks");
    world.deliver_all().await;
    if let Some(reaction) = pressed {
        world.press(citizen.chat.as_deref().expect("a chat"), occurrence, reaction).await;
    }
}

/// Surnames with their causes, in the order of the page.
fn shown(today: &Today) -> Vec<(&str, Vec<Cause>)> {
    today.people.iter().map(|it| (it.who.name.surname.as_str(), it.needs.iter().map(Need::cause).collect())).collect()
}

async fn sets_inactive(world: &World, person: PersonId, inactive: bool) {
    const SQL: &str = "UPDATE citizens SET inactive = $2 WHERE person_id = $1";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(SQL).bind(person).bind(inactive).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

async fn two(world: &World) -> (Curator, Citizen, Citizen) {
    let anna = world.curator("Иванова Анна Петровна").await;
    let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
    let oleg = world.citizen("Сидоров Олег").of(&anna).linked("1002").await;
    (anna, maria, oleg)
}

on_both_databases! {
    async fn a_quiet_day_is_empty(world: World) {
        let (anna, ..) = two(&world).await;
        let page = today(&world, &anna.actor()).await;
        assert_eq!((page.people.len(), page.files.len(), page.meetings.len()), (0, 0, 0));
        assert_eq!(page.counts, Counts::default());
        assert_eq!(page.reader.map(|name| name.full()).as_deref(), Some("Иванова Анна Петровна"));
    }

    /// PT-211: a request is overdue once the day after it has passed; overdue ones come first.
    async fn overdue_requests_come_first(world: World) {
        let (anna, maria, oleg) = two(&world).await;
        asks(&world, &maria, "Сломался лифт").await;
        world.clock.turn_to("2026-03-11T20:59:59Z");
        assert_eq!(counts(&world, &anna.actor()).await.overdue, 0, "the next day is not over in Moscow");
        world.plan(&anna.actor(), oleg.person, &of_kind("curator_reminder", once("Проверить", "2026-03-12", "00:00"))).await;
        world.clock.turn_to("2026-03-11T21:00:00Z");
        world.claim_all().await;
        asks(&world, &oleg, "").await;
        let page = today(&world, &anna.actor()).await;
        let all = vec![("Петрова", vec![Cause::Contact]), ("Сидоров", vec![Cause::Contact, Cause::OwnReminder])];
        assert_eq!(shown(&page), all, "each person stands there once");
        let Need::Contact { is_overdue, comment, .. } = &page.people[0].needs[0] else { panic!("a request") };
        assert_eq!((*is_overdue, comment.as_deref()), (true, Some("Сломался лифт")));
        let counts = counts(&world, &anna.actor()).await;
        assert_eq!((counts.contacts, counts.overdue, counts.own_reminders, counts.waiting()), (2, 1, 1, 3));
    }

    /// PT-217: what is ticked does not wait any more.
    async fn a_tick_ends_the_waiting(world: World) {
        let (anna, maria, _) = two(&world).await;
        asks(&world, &maria, "").await;
        let page = today(&world, &anna.actor()).await;
        let Need::Contact { record, .. } = page.people[0].needs[0] else { panic!("a request") };
        let mut work = world.begin(anna.actor()).await;
        activity::tick(&mut work, record).await.expect("it can be ticked");
        work.commit().await.expect("it stays");
        assert_eq!(shown(&today(&world, &anna.actor()).await), []);
    }

    /// PT-249, PT-250, PT-251
    async fn deviations_of_72_hours_wait_but_young_silence_does_not(world: World) {
        let (anna, maria, oleg) = two(&world).await;
        reminded(&world, &anna.actor(), &maria, "2026-03-10 10:00", Some(Reaction::Missed)).await;
        assert_eq!(shown(&today(&world, &anna.actor()).await), [("Петрова", vec![Cause::Deviations])], "at once");
        reminded(&world, &anna.actor(), &oleg, "2026-03-10 11:00", None).await;
        world.clock.advance(TimeDelta::minutes(29));
        assert_eq!(today(&world, &anna.actor()).await.people.len(), 1);
        world.clock.advance(TimeDelta::minutes(1));
        let page = today(&world, &anna.actor()).await;
        assert_eq!(shown(&page), [("Сидоров", vec![Cause::Deviations]), ("Петрова", vec![Cause::Deviations])]);
        assert_eq!(page.counts.deviations, 2);
        world.clock.turn_to("2026-03-13T07:00:00Z");
        assert_eq!(shown(&today(&world, &anna.actor()).await), [("Сидоров", vec![Cause::Deviations])], "72 hours are over");
        let occurrence = world.sent().await.into_iter().filter(|it| it.recipient == "1002").find_map(|it| it.occurrence);
        world.press("1002", occurrence.unwrap(), Reaction::Done).await;
        assert_eq!(shown(&today(&world, &anna.actor()).await), []);
    }

    /// PT-D29, PT-D43: each reminder counts on the day of its citizen, curators' own ones do not, and the numbers are of who asks.
    async fn the_day_so_far_is_told_in_numbers(world: World) {
        let (anna, maria, oleg) = two(&world).await;
        let olga = world.curator("Смирнова Ольга").await;
        let east = world.district("Восток", Some("Asia/Vladivostok")).await;
        let far = world.citizen("Дальняя Дарья").of(&anna).living_in(east).linked("1003").await;
        let silent = world.citizen("Тихий Тихон").of(&olga).await;
        let chief = world.administrator().await;
        assert!(today(&world, &anna.actor()).await.tallies.expect("few").is_nothing());
        reminded(&world, &chief, &maria, "2026-03-10 10:00", Some(Reaction::Done)).await;
        reminded(&world, &chief, &oleg, "2026-03-10 10:01", Some(Reaction::Missed)).await;
        reminded(&world, &chief, &maria, "2026-03-10 10:02", None).await;
        world.plan(&chief, maria.person, &of_kind("curator_reminder", once("Проверить", "2026-03-10", "10:03"))).await;
        world.plan(&chief, silent.person, &once("Никуда", "2026-03-10", "10:04")).await;
        world.to_the_end().await;
        // In Vladivostok it is the eleventh already; in Moscow half past five in the afternoon.
        reminded(&world, &chief, &far, "2026-03-11 00:30", None).await;
        let numbers = |it: Tallies| [it.sent, it.done, it.missed, it.unanswered, it.undelivered];
        for (reader, expected) in [
            (anna.actor(), [4, 1, 1, 2, 0]),
            (olga.actor(), [0, 0, 0, 0, 1]),
            (chief.clone(), [4, 1, 1, 2, 1]),
        ] {
            assert_eq!(numbers(today(&world, &reader).await.tallies.expect("few")), expected);
        }
        world.clock.turn_to("2026-03-10T21:00:00Z");
        assert_eq!(numbers(today(&world, &chief).await.tallies.expect("few")), [1, 0, 0, 1, 0], "a new day in Moscow");
        world.clock.turn_to("2026-03-11T14:00:00Z");
        assert!(today(&world, &chief).await.tallies.expect("few").is_nothing(), "and in Vladivostok");
    }

    /// PT-D35, PT-D29: a meeting whose message went days ago counts on its day.
    async fn an_announced_meeting_counts_on_its_day(world: World) {
        let (_, maria, _) = two(&world).await;
        let chief = world.administrator().await;
        let mut form = of_kind("meeting", once("Прием", "2026-03-14", "10:00"));
        form.advance = "4320".to_owned();
        world.plan(&chief, maria.person, &form).await;
        world.to_the_end().await;
        world.deliver_all().await;
        assert!(today(&world, &chief).await.tallies.expect("few").is_nothing());
        world.clock.turn_to("2026-03-14T05:00:00Z");
        let tallies = today(&world, &chief).await.tallies.expect("few");
        assert_eq!((tallies.sent, tallies.unanswered), (1, 1));
    }

    /// PT-254
    async fn inactive_citizens_are_left_out_of_the_deviations(world: World) {
        let (anna, maria, _) = two(&world).await;
        reminded(&world, &anna.actor(), &maria, "2026-03-10 10:00", Some(Reaction::Missed)).await;
        for (inactive, people) in [(true, 0), (false, 1)] {
            sets_inactive(&world, maria.person, inactive).await;
            let page = today(&world, &anna.actor()).await;
            assert_eq!((page.people.len(), page.counts.deviations), (people, i64::try_from(people).unwrap()));
        }
    }

    /// PT-281, PT-282
    async fn a_curator_sees_his_own_people_and_the_administrator_all(world: World) {
        let (anna, maria, _) = two(&world).await;
        let olga = world.curator("Смирнова Ольга Игоревна").await;
        let ivan = world.citizen("Чужой Иван").of(&olga).linked("1003").await;
        asks(&world, &maria, "").await;
        reminded(&world, &olga.actor(), &ivan, "2026-03-10 10:00", Some(Reaction::Missed)).await;
        let administrator = world.administrator().await;
        for (reader, names) in [
            (anna.actor(), vec!["Петрова"]),
            (olga.actor(), vec!["Чужой"]),
            (administrator, vec!["Петрова", "Чужой"]),
        ] {
            let page = today(&world, &reader).await;
            assert_eq!(shown(&page).into_iter().map(|(name, _)| name).collect::<Vec<_>>(), names);
            let counts = counts(&world, &reader).await;
            assert_eq!(usize::try_from(counts.contacts + counts.deviations).unwrap(), names.len());
        }
    }

    async fn people_out_of_reach_are_named_once(world: World) {
        let (anna, maria, _) = two(&world).await;
        world.citizen("Новая Нина").of(&anna).await;
        let mut work = world.begin(Actor::System).await;
        activation::mark_blocked(&mut work, Messenger::Telegram, "1001").await.expect("it can be marked");
        work.commit().await.expect("it stays");
        assert_eq!(shown(&today(&world, &anna.actor()).await), [("Петрова", vec![Cause::Blocked])]);
        world.clock.advance(world.app.config.activation_code_life());
        let page = today(&world, &anna.actor()).await;
        assert_eq!(shown(&page), [("Петрова", vec![Cause::Blocked]), ("Новая", vec![Cause::Expired])]);
        let mut work = world.begin(Actor::System).await;
        activation::mark_unblocked(&mut work, Messenger::Telegram, "1001").await.expect("it can be marked");
        work.commit().await.expect("it stays");
        sets_inactive(&world, maria.person, false).await;
        assert_eq!(shown(&today(&world, &anna.actor()).await), [("Новая", vec![Cause::Expired])]);
    }

    /// PT-223, PT-226: sent ones and those to come, in their order, with the time on the citizen's clocks.
    async fn meetings_of_the_day_stand_in_their_order(world: World) {
        let (anna, maria, oleg) = two(&world).await;
        let north = world.district("Северный", Some("Asia/Novosibirsk")).await;
        let far = world.citizen("Дальняя Дарья").of(&anna).living_in(north).linked("1003").await;
        let meeting = |time: &str| of_kind("meeting", once("Возьмите паспорт", "2026-03-10", time));
        world.plan(&anna.actor(), maria.person, &meeting("09:30")).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        world.plan(&anna.actor(), maria.person, &meeting("11:30")).await;
        world.plan(&anna.actor(), far.person, &meeting("15:30")).await;
        world.plan(&anna.actor(), oleg.person, &meeting("12:00")).await;
        let tomorrow = of_kind("meeting", once("Завтра", "2026-03-11", "09:30"));
        world.plan(&anna.actor(), oleg.person, &tomorrow).await;
        let page = today(&world, &anna.actor()).await;
        let rows: Vec<_> = page.meetings.iter().map(|it| (it.who.name.surname.as_str(), it.time.to_string(), it.clashes)).collect();
        let row = |name, time: &str, clashes| (name, time.to_owned(), clashes);
        assert_eq!(rows[0], row("Петрова", "09:30:00", false));
        assert!(rows[1..3].contains(&row("Петрова", "11:30:00", true)), "{rows:?}");
        assert!(rows[1..3].contains(&row("Дальняя", "15:30:00", true)), "15:30 in Novosibirsk is 11:30 in Moscow");
        assert_eq!(rows[3..], [row("Сидоров", "12:00:00", false)]);
        assert_eq!(page.counts.meetings, 4);
    }
}
