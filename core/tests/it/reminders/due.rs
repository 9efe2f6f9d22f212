use std::collections::BTreeSet;

use chrono::TimeDelta;
use opora_core::{
    foundation::config::BotMode,
    patronage::reminders::{self, Reason, ReminderForm, due},
};
use opora_testkit::{Backend, World, on_both_databases};

use super::kit::{Programme, daily, of_kind, once, shown};

on_both_databases! {
    /// PT-130, PT-131, PT-148, PT-149, PT-150, PT-152
    async fn a_reminder_goes_out_at_its_moment_with_two_buttons(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        for (kind, text) in [("support_measures", "<b>*_ Льготы"), ("information", "Вопрос?"), ("meeting", "Прием")] {
            world.plan(&anna.actor(), maria.person, &of_kind(kind, once(text, "2026-03-10", "09:30"))).await;
        }
        world.clock.turn_to("2026-03-10T06:29:59Z");
        assert_eq!(world.claim_all().await, due::Claimed::default());
        world.clock.turn_to("2026-03-10T06:30:00Z");
        assert_eq!(world.claim_all().await.sent, 3);
        let sent = world.sent().await;
        let texts: BTreeSet<&str> = sent.iter().map(|message| message.text.as_str()).collect();
        assert_eq!(
            texts,
            BTreeSet::from([
                "10.03.2026, 09:30 — Дата встречи с соц. куратором: Прием",
                "10.03.2026, 09:30 — Информация для Вас: Вопрос?",
                "10.03.2026, 09:30 — Меры поддержки: <b>*_ Льготы",
            ])
        );
        for message in &sent {
            let buttons = message.payload["keyboard"]["rows"][0].as_array().unwrap();
            let labels: Vec<&str> = buttons.iter().map(|button| button["label"].as_str().unwrap()).collect();
            assert_eq!(labels, ["Выполнено", "Пропущено"]);
            assert_eq!(message.recipient, "1001");
        }
        assert_eq!(world.claim_all().await, due::Claimed::default());
    }

    /// PT-D40
    async fn after_a_downtime_the_fresh_go_late_and_the_old_stay_grey(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let own = of_kind("curator_reminder", once("Для себя", "2026-03-10", "09:10"));
        world.plan(&anna.actor(), maria.person, &own).await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "10:00", 3)).await;
        let meeting = ReminderForm { advance: "1440".to_owned(), ..of_kind("meeting", once("Прием", "2026-03-13", "09:00")) };
        world.plan(&anna.actor(), maria.person, &meeting).await;
        world.clock.turn_to("2026-03-12T08:00:00Z");
        let claimed = world.claim_all().await;
        assert_eq!((claimed.sent, claimed.too_late, claimed.fired), (2, 2, 1));
        let texts: Vec<String> = world.sent().await.into_iter().map(|message| message.text).collect();
        assert_eq!(
            texts,
            [
                "13.03.2026, 09:00 — Дата встречи с соц. куратором: Прием",
                "Напоминание на 10:00\n12.03.2026, 10:00 — Информация для Вас: Лекарство",
            ]
        );
        assert_eq!(world.count("occurrences WHERE reason = 'too_late'").await, 2);
        assert_eq!(due::summarise_missed(&world.app).await.unwrap(), 1, "one letter to Anna");
        assert_eq!(due::summarise_missed(&world.app).await.unwrap(), 0, "and never again");
    }

    /// PT-D40
    async fn with_grace_zero_nothing_is_sent_late(mut world: World) {
        world.configure(|config| config.patronage.late_send_grace_minutes = 0);
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "09:30", 2)).await;
        world.clock.turn_to("2026-03-10T06:32:00Z");
        assert_eq!(world.claim_all().await.too_late, 1);
        world.clock.turn_to("2026-03-11T06:30:20Z");
        assert_eq!(world.claim_all().await.sent, 1);
    }

    /// PT-D40, PT-D42
    async fn a_clock_that_jumps_back_sends_nothing_twice(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "09:30", 2)).await;
        for moment in ["2026-03-10T06:30:00Z", "2026-03-10T06:00:00Z", "2026-03-10T06:30:00Z"] {
            world.clock.turn_to(moment);
            world.claim_all().await;
        }
        assert_eq!(world.sent().await.len(), 1);
    }

    /// PT-D30
    async fn a_time_that_the_clocks_skip_or_repeat_is_sent_once(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let berlin = world.district("Берлин", Some("Europe/Berlin")).await;
        let maria = world.citizen("Петрова Мария").of(&anna).living_in(berlin).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Ночью", "2026-03-28", "02:30", 3)).await;
        world.plan(&anna.actor(), maria.person, &daily("Ночью", "2026-10-24", "02:30", 3)).await;
        let mut moments = Vec::new();
        while let Some(next) = due::next_moment(&world.app).await.unwrap() {
            moments.push(next.format("%m-%d %H:%M").to_string());
            world.clock.set(next);
            assert_eq!(world.claim_all().await.sent, 1);
        }
        assert_eq!(
            moments,
            ["03-28 01:30", "03-29 01:00", "03-30 00:30", "10-24 00:30", "10-25 00:30", "10-26 01:30"]
        );
        assert!(world.sent().await.iter().all(|message| message.text.contains(", 02:30 — ")));
    }

    /// PT-D29
    async fn a_change_of_zone_moves_what_is_planned_and_sends_nothing_again(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let omsk = world.district("Омск", Some("Asia/Omsk")).await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "09:30", 3)).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        assert_eq!(world.claim_all().await.sent, 1);
        let mut work = world.begin(anna.actor()).await;
        const SQL: &str = "UPDATE citizens SET district_id = $1";
        opora_core::on_backend!(&mut work.tx, |c| sqlx::query(SQL).bind(omsk).execute(c).await.map(drop)).unwrap();
        reminders::replan_person(&mut work, maria.person).await.unwrap();
        work.commit().await.unwrap();
        let next = due::next_moment(&world.app).await.unwrap().unwrap();
        assert_eq!(next.to_rfc3339(), "2026-03-11T03:30:00+00:00");
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 0);
        assert_eq!(world.claim_all().await.sent, 0);
    }

    /// PT-D18
    async fn without_a_bot_reminders_become_a_list_of_calls(mut world: World) {
        world.configure(|config| config.bot_mode = BotMode::Off);
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &once("Позвонить", "2026-03-10", "09:30")).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        let mut work = world.look(anna.actor()).await;
        let deviations = reminders::deviations_of(&mut work, maria.person, None).await.unwrap().items;
        assert_eq!(deviations[0].reason, Some(Reason::NoChannel));
        assert_eq!(world.count("outbox").await, 0);
    }

    /// PT-151, PT-D50
    async fn a_curators_own_reminder_fires_for_the_curator_only(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let form = of_kind("curator_reminder", once("Позвонить маме Марии", "2026-03-10", "09:30"));
        world.plan(&anna.actor(), maria.person, &form).await;
        world.clock.turn_to("2026-03-12T06:30:00Z");
        assert_eq!(world.claim_all().await.fired, 1);
        assert_eq!(world.count("outbox WHERE channel <> 'email'").await, 0);
        assert_eq!(world.count("activity WHERE kind = 'curator_reminder'").await, 1);
        let entries = world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await;
        assert_eq!(shown(&entries), ["03-10 awaiting"]);
        let mut work = world.look(anna.actor()).await;
        assert!(reminders::deviations_of(&mut work, maria.person, None).await.unwrap().items.is_empty());
    }

    /// PT-033: one letter to the curator and one copy to the administrator, once however often the timer looks.
    async fn a_curators_own_reminder_is_mailed_to_the_curator_with_a_copy(world: World) {
        world.mail_is_set("admin@opora.test").await;
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let form = of_kind("curator_reminder", once("Позвонить маме Марии", "2026-03-10", "09:30"));
        world.plan(&anna.actor(), maria.person, &form).await;
        assert_eq!(world.count("outbox").await, 0);
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        world.claim_all().await;
        assert_eq!(world.count("outbox WHERE channel = 'email'").await, 2);
    }

    /// PT-D42
    async fn four_workers_claim_every_reminder_exactly_once(world: World) {
        const SERIES: usize = 120;
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        for number in 0..SERIES {
            let form = daily(&number.to_string(), "2026-03-10", "09:30", 2);
            world.plan(&anna.actor(), maria.person, &form).await;
        }
        world.clock.turn_to("2026-03-10T06:30:00Z");
        let worker = async || {
            let mut sent = 0;
            loop {
                // A worker that finds everything held by others looks again until nothing is due any more.
                let claimed = due::claim(&world.app, 7).await.unwrap();
                sent += claimed.sent;
                let next = due::next_moment(&world.app).await.unwrap();
                if next.is_none_or(|next| next > world.app.clock.now()) {
                    return sent;
                }
            }
        };
        let (a, b, c, d) = tokio::join!(worker(), worker(), worker(), worker());
        assert_eq!(a + b + c + d, SERIES);
        assert_eq!(world.count("outbox").await, i64::try_from(SERIES).unwrap());
        assert_eq!(world.count("occurrences").await, i64::try_from(SERIES).unwrap());
        if world.backend() == Backend::Postgres {
            assert!([a, b, c, d].iter().filter(|sent| **sent > 0).count() > 1, "the workers share the load");
        }
    }

    /// PT-166
    async fn nothing_due_means_nothing_done(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        assert_eq!(due::next_moment(&world.app).await.unwrap(), None);
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-11", "09:30", 3)).await;
        let next = due::next_moment(&world.app).await.unwrap().unwrap();
        assert_eq!(next - world.app.clock.now(), TimeDelta::minutes(24 * 60 + 30));
        assert_eq!(world.claim_all().await, due::Claimed::default());
        assert_eq!(world.count("occurrences").await, 0);
    }

    async fn a_deleted_card_gets_nothing_more(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "09:30", 3)).await;
        let mut work = world.begin(anna.actor()).await;
        reminders::stop_person(&mut work, maria.person).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(due::next_moment(&world.app).await.unwrap(), None);
    }

    async fn several_messengers_of_one_citizen_carry_one_question(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").linked_to_web_chat("browser").await;
        world.plan(&anna.actor(), maria.person, &once("Вопрос?", "2026-03-10", "09:30")).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        assert_eq!(world.claim_all().await.sent, 1);
        let sent = world.sent().await;
        let channels: BTreeSet<&str> = sent.iter().map(|message| message.channel.as_str()).collect();
        assert_eq!(channels, BTreeSet::from(["telegram", "web"]));
        assert_eq!(sent[0].occurrence, sent[1].occurrence);
    }
}
