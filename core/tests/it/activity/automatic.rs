//! The three records that Opora makes by itself.

use chrono::TimeDelta;
use opora_core::{
    messaging::press::Reaction,
    on_backend,
    patronage::{
        activity::{self, About, Kind, Written},
        citizens,
        duties::WriteActivity,
        reminders::{
            OccurrenceState::{Awaiting, Done, Missed, Undelivered},
            Reach, Reason,
        },
    },
    people::access::Actor,
    schedule::periodic::Job,
};
use opora_testkit::{Citizen, World, on_both_databases};

use super::kit::{Worklist, day, midnight};
use crate::reminders::kit::{Programme, daily, excluding, of_kind, once};

/// Maria, linked since nine o'clock of day 0.
async fn maria(world: &World) -> (Actor, Citizen) {
    let administrator = world.administrator().await;
    let anna = world.curator("Иванова Анна").await;
    (administrator, world.citizen("Петрова Мария").of(&anna).linked("1001").await)
}

async fn set_inactive(world: &World, actor: &Actor, citizen: &Citizen, inactive: bool, until: Option<&str>) {
    let mut work = world.begin(actor.clone()).await;
    let card = citizens::card(&mut work, citizen.person).await.unwrap();
    let form = citizens::CitizenForm {
        inactive,
        inactive_until: until.unwrap_or_default().to_owned(),
        phone: "+79131234567".to_owned(),
        ..citizens::form_of(&card)
    };
    citizens::change(&mut work, citizen.person, card.version, &form, true).await.unwrap();
    work.commit().await.unwrap();
}

on_both_databases! {
    /// PT-212: the fifth «Пропущено» makes the record at once, by press and by hand; the daily run adds nothing.
    async fn five_missed_days_make_one_record_at_the_fifth_press(world: World) {
        let (administrator, maria) = maria(&world).await;
        world.plan(&administrator, maria.person, &daily("Лекарство", "2026-03-10", "09:30", 9)).await;
        for number in 0..9 {
            world.clock.set(midnight(&day(number).to_string()) + TimeDelta::minutes(9 * 60 + 30));
            world.claim_all().await;
            world.deliver_all().await;
            let occurrence = world.sent().await.into_iter().rfind(|sent| sent.kind != "edit").unwrap().occurrence.unwrap();
            match number {
                3 => world.mark(&administrator, occurrence, Reaction::Missed).await,
                _ => drop(world.press("1001", occurrence, Reaction::Missed).await),
            }
            assert_eq!(world.made(Kind::Missed).await, i64::from(number >= 4), "day {number}");
        }
        let record = world.records(&administrator).await.into_iter().find(|record| record.kind == Kind::Missed).unwrap();
        assert_eq!(record.about, About::Dates { first: day(0), last: day(4), files: 0, requests: 0 });
        world.run_on(9).await;
        assert_eq!(world.made(Kind::Missed).await, 1, "nine days give one record");
        let tenth = world.happened(maria.person, 9, Awaiting, None).await;
        world.mark(&administrator, tenth, Reaction::Missed).await;
        assert_eq!(world.made(Kind::Missed).await, 2, "ten days give two");
    }

    /// PT-213: a day without a miss breaks the row, whatever was done on the others.
    async fn a_day_without_a_miss_breaks_the_row(world: World) {
        let (administrator, maria) = maria(&world).await;
        world.all_happened(maria.person, [0, 1, 2, 3], Missed).await;
        world.happened(maria.person, 4, Done, None).await;
        let last = world.happened(maria.person, 5, Awaiting, None).await;
        world.mark(&administrator, last, Reaction::Missed).await;
        world.run_on(6).await;
        assert_eq!(world.made(Kind::Missed).await, 0);
    }

    /// PT-D44: something missed on a day makes it bad, whatever else was done on it; a mark that is taken back keeps the record.
    async fn one_miss_is_enough_for_a_bad_day(world: World) {
        let (administrator, maria) = maria(&world).await;
        world.all_happened(maria.person, 0..5, Done).await;
        world.all_happened(maria.person, 0..4, Missed).await;
        let last = world.happened(maria.person, 4, Awaiting, None).await;
        world.mark(&administrator, last, Reaction::Missed).await;
        assert_eq!(world.made(Kind::Missed).await, 1);
        world.mark(&administrator, last, Reaction::Done).await;
        world.mark(&administrator, last, Reaction::Missed).await;
        world.run_on(5).await;
        assert_eq!(world.made(Kind::Missed).await, 1);
    }

    /// PT-212: what was marked before this version ran is found at night.
    async fn the_daily_run_finds_rows_nobody_looked_at(world: World) {
        let (_, maria) = maria(&world).await;
        world.all_happened(maria.person, 0..5, Missed).await;
        assert_eq!(world.made(Kind::Missed).await, 0);
        assert_eq!(world.run_on(5).await.missed, 1);
    }

    /// PT-214: ten days without a mark make one record, thirty make three.
    async fn ten_days_of_silence_make_a_record(world: World) {
        let (administrator, maria) = maria(&world).await;
        world.all_happened(maria.person, 0..31, Awaiting).await;
        let mut made = Vec::new();
        for number in 1..=31 {
            if world.run_on(number).await.inactive > 0 {
                made.push(number);
            }
        }
        assert_eq!(made, [10, 20, 30]);
        let record = world.records(&administrator).await.into_iter().rfind(|record| record.kind == Kind::Inactive).unwrap();
        assert_eq!(record.about, About::Dates { first: day(0), last: day(9), files: 0, requests: 0 });
    }

    /// PT-214: a mark on day 9 prevents it, by press or by hand; the ten days begin anew after it.
    async fn a_mark_within_the_days_prevents_the_record(world: World) {
        let (_, maria) = maria(&world).await;
        world.all_happened(maria.person, (0..8).chain(9..20), Awaiting).await;
        world.happened(maria.person, 8, Done, None).await;
        let made = [10, 18, 19].map(|number| (number, i64::from(number == 19)));
        for (number, expected) in made {
            world.run_on(number).await;
            assert_eq!(world.made(Kind::Inactive).await, expected, "day {number}");
        }
    }

    /// PT-214, PT-D45: somebody activated nine days ago cannot get one; weekly reminders count from the first ignored one.
    async fn nobody_is_silent_before_the_activation(world: World) {
        let (_, maria) = maria(&world).await;
        const SQL: &str = "UPDATE links SET linked_at = $1";
        let mut tx = world.tx().await;
        on_backend!(&mut tx, |c| sqlx::query(SQL).bind(midnight("2026-03-12")).execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        world.all_happened(maria.person, [0, 3, 10], Awaiting).await;
        world.run_on(12).await;
        assert_eq!(world.made(Kind::Inactive).await, 0, "what was ignored before the activation does not count");
        world.run_on(13).await;
        assert_eq!(world.made(Kind::Inactive).await, 1);
    }

    /// PT-D45: a file and a request are no marks, but the record tells of them.
    async fn signs_of_life_stand_in_the_record(world: World) {
        let (administrator, maria) = maria(&world).await;
        world.all_happened(maria.person, 0..10, Awaiting).await;
        world.asks(&maria).await;
        world.run_on(10).await;
        let record = world.records(&administrator).await.into_iter().find(|record| record.kind == Kind::Inactive).unwrap();
        assert_eq!(record.about, About::Dates { first: day(0), last: day(9), files: 0, requests: 1 });
    }

    /// PT-214, PT-220: our own failures never make a record; a blocked bot, or calls nobody made, do.
    async fn our_own_downtime_is_never_counted(world: World) {
        let (_, maria) = maria(&world).await;
        for reason in [Reason::TooLate, Reason::SendFailed, Reason::NotLinked] {
            for number in 0..12 {
                world.happened(maria.person, number, Undelivered, Some(reason)).await;
            }
        }
        for number in 1..=12 {
            let written = world.run_on(number).await;
            assert_eq!((written.missed, written.inactive), (0, 0), "day {number}");
        }
        for (name, reason) in [("Сидоров Пётр", Reason::BotBlocked), ("Волкова Анна", Reason::NoChannel)] {
            let other = world.citizen(name).await;
            for number in 3..13 {
                world.happened(other.person, number, Undelivered, Some(reason)).await;
            }
        }
        assert_eq!(world.run_on(13).await.inactive, 2);
    }

    /// PT-215: the last reminder two days ahead makes one record; a new one makes another, later.
    async fn the_end_of_assignments_is_told_once(world: World) {
        let (administrator, maria) = maria(&world).await;
        world.plan(&administrator, maria.person, &daily("Зарядка", "2026-03-10", "09:30", 5)).await;
        assert_eq!(world.run_on(1).await.no_assignments, 0, "the last one is three days ahead");
        assert_eq!(world.run_on(2).await.no_assignments, 1, "two days");
        let record = world.records(&administrator).await.remove(0);
        assert_eq!(record.about, About::Dates { first: day(4), last: day(4), files: 0, requests: 0 });
        world.plan(&administrator, maria.person, &once("Приём", "2026-03-20", "12:00")).await;
        let made = [3, 7, 8, 9, 12].map(|number| (number, 1 + i64::from(number >= 8)));
        for (number, expected) in made {
            world.run_on(number).await;
            assert_eq!(world.made(Kind::NoAssignments).await, expected, "day {number}");
        }
    }

    /// PT-215, PT-D46: excluded, deleted and curators' own reminders are no assignments; who never had one is not told of.
    async fn only_real_assignments_count(world: World) {
        let (administrator, maria) = maria(&world).await;
        world.citizen("Сидоров Пётр").linked("1002").await;
        let long = daily("Зарядка", "2026-03-10", "09:30", 10);
        let series = world.plan(&administrator, maria.person, &excluding("2026-03-13", "2026-03-18", long)).await;
        world.plan(&administrator, maria.person, &of_kind("curator_reminder", once("Позвонить", "2026-03-25", "09:30"))).await;
        assert_eq!(world.run_on(0).await.no_assignments, 0, "day 9 is still to come");
        let opened = world.open(&administrator, series, 10).await;
        world.delete(&administrator, (series, 10, opened.version), Reach::OnlyThis).await.unwrap();
        assert_eq!(world.run_on(1).await.no_assignments, 1, "day 2 is the last one now");
    }

    /// PT-215: an installation may do without it.
    async fn the_monitor_of_assignments_can_be_switched_off(mut world: World) {
        let (administrator, maria) = maria(&world).await;
        world.plan(&administrator, maria.person, &once("Зарядка", "2026-03-11", "09:30")).await;
        world.configure(|config| config.sections.no_assignments_monitor = false);
        assert_eq!(world.run_on(1).await, Written { days: 1, ..Written::default() });
        let work = world.look(administrator).await;
        assert!(!activity::kinds(&work).contains(&Kind::NoAssignments));
    }

    /// PT-220, PT-D40: days on which nothing ran are made up in order, and nothing is made twice.
    async fn missed_days_are_made_up_and_never_doubled(world: World) {
        let (_, maria) = maria(&world).await;
        world.all_happened(maria.person, 0..22, Awaiting).await;
        world.run_on(1).await;
        let written = world.run_on(22).await;
        assert_eq!((written.days, written.inactive), (21, 2));
        assert_eq!(world.run_on(22).await, Written::default(), "the day is done");
        world.clock.set(midnight("2026-03-15"));
        WriteActivity.run(&world.app).await.unwrap();
        assert_eq!(world.made(Kind::Inactive).await, 2, "a clock that was set back changes nothing");
    }

    /// PT-220: a process that dies in the middle leaves the day undone; two at once do it once.
    async fn a_broken_run_is_repeated_whole(world: World) {
        let (_, maria) = maria(&world).await;
        world.all_happened(maria.person, 0..5, Missed).await;
        world.all_happened(maria.person, 5..15, Awaiting).await;
        world.run_on(0).await;
        world.clock.set(midnight(&day(15).to_string()) + TimeDelta::minutes(11));
        let mut lost = Box::pin(activity::run_automatic(&world.app));
        for _ in 0..40 {
            if futures::poll!(lost.as_mut()).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(lost);
        let (one, other) = tokio::join!(activity::run_automatic(&world.app), activity::run_automatic(&world.app));
        one.unwrap();
        other.unwrap();
        // Five missed days; ten silent days; the last reminder, on day 14, told of on day 12.
        assert_eq!([world.made(Kind::Missed).await, world.made(Kind::Inactive).await], [1, 1]);
        assert_eq!(world.count("daily_runs WHERE day = '2026-03-25'").await, 1);
    }

    /// PT-212, PT-214, PT-215, PT-D47: «неактивный» leaves the citizen out, and everything begins anew when it ends.
    async fn inactive_citizens_are_left_out(world: World) {
        let (administrator, maria) = maria(&world).await;
        world.all_happened(maria.person, 0..12, Awaiting).await;
        world.all_happened(maria.person, 0..4, Missed).await;
        world.clock.set(midnight("2026-03-14"));
        set_inactive(&world, &administrator, &maria, true, None).await;
        let fifth = world.happened(maria.person, 4, Awaiting, None).await;
        world.mark(&administrator, fifth, Reaction::Missed).await;
        for number in [5, 10, 11] {
            let written = world.run_on(number).await;
            assert_eq!([written.missed, written.inactive, written.no_assignments], [0, 0, 0], "day {number}");
        }
        set_inactive(&world, &administrator, &maria, false, None).await;
        world.all_happened(maria.person, 12..21, Awaiting).await;
        for number in 12..=20 {
            let written = world.run_on(number).await;
            assert_eq!((written.missed, written.inactive), (0, 0), "day {number}");
        }
        assert_eq!(world.run_on(21).await.inactive, 1, "ten days since day 11");
    }

    /// PT-D47: the same when the end was set beforehand.
    async fn windows_begin_anew_after_a_dated_inactivity(world: World) {
        let (administrator, maria) = maria(&world).await;
        set_inactive(&world, &administrator, &maria, true, Some("13.03.2026")).await;
        world.all_happened(maria.person, 0..14, Awaiting).await;
        world.clock.set(midnight("2026-03-14") + TimeDelta::seconds(5));
        citizens::wake_up_inactive(&world.app).await.unwrap();
        for (number, expected) in [(4, 0), (13, 0), (14, 1)] {
            assert_eq!(world.run_on(number).await.inactive, expected, "day {number}");
        }
    }

    /// PT-220: each zone has its own day, from ten past midnight by its own clocks.
    async fn every_zone_has_its_own_night(world: World) {
        world.administrator().await;
        let far = world.district("Дальний", Some("Asia/Kamchatka")).await;
        let near = world.citizen("Ближний Пётр").linked("1001").await;
        let distant = world.citizen("Дальняя Анна").living_in(far).linked("1002").await;
        for citizen in [&near, &distant] {
            world.all_happened(citizen.person, 0..5, Missed).await;
        }
        // Midnight in Kamchatka is nine hours earlier than in Moscow.
        let there = midnight(&day(5).to_string()) - TimeDelta::hours(9);
        world.clock.set(there + TimeDelta::minutes(9));
        assert_eq!(activity::run_automatic(&world.app).await.unwrap().missed, 0);
        world.clock.set(there + TimeDelta::minutes(10));
        let written = activity::run_automatic(&world.app).await.unwrap();
        assert_eq!((written.days, written.missed), (1, 1));
        assert_eq!(world.run_on(5).await.missed, 1);
    }
}
