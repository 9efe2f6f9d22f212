use chrono::TimeDelta;
use opora_core::patronage::reminders::{self, Kind, ReminderForm, due};
use opora_testkit::{World, on_both_databases};

use super::kit::{Programme, daily, date, excluding, of_kind, once, shown};

fn weekly(text: &str, start: &str, time: &str, every: u16, days: &[&str], times: u16) -> ReminderForm {
    ReminderForm {
        repetition: "weekly".to_owned(),
        every: every.to_string(),
        weekdays: days.iter().map(|day| (*day).to_owned()).collect(),
        ..daily(text, start, time, times)
    }
}

on_both_databases! {
    /// PT-174, PT-154, PT-156, PT-157, PT-159, PT-162, PT-163, PT-167, PT-D31, PT-D32
    async fn a_month_of_a_mixed_set_arrives_as_planned(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let until = ReminderForm { end_by: "date".to_owned(), times: String::new(), end_date: "2026-03-14".to_owned(), ..daily("д", "2026-03-11", "08:00", 1) };
        let forms = [
            once("раз", "2026-03-20", "12:00"),
            ReminderForm { every: "3".to_owned(), ..daily("трижды", "2026-03-11", "07:00", 3) },
            excluding("2026-03-12", "2026-03-13", until),
            weekly("пн чт", "2026-03-11", "09:00", 2, &["1", "4"], 4),
            ReminderForm { repetition: "monthly".to_owned(), ..daily("месяц", "2026-03-31", "10:00", 2) },
            of_kind("curator_reminder", once("себе", "2026-03-15", "10:00")),
        ];
        for form in &forms {
            world.plan(&anna.actor(), maria.person, form).await;
        }
        let mut planned = shown(&world.entries(&anna.actor(), maria.person, "2026-03-01", "2026-04-30").await);
        planned.retain(|row| row.ends_with("planned"));
        world.to_the_end().await;
        let texts: Vec<String> = world
            .sent()
            .await
            .into_iter()
            .map(|it| it.text.replace(".2026,", "").replace(" — Информация для Вас:", ""))
            .collect();
        assert_eq!(
            texts,
            [
                "11.03 07:00 трижды",
                "11.03 08:00 д",
                "12.03 09:00 пн чт",
                "14.03 07:00 трижды",
                "14.03 08:00 д",
                "17.03 07:00 трижды",
                "20.03 12:00 раз",
                "23.03 09:00 пн чт",
                "26.03 09:00 пн чт",
                "31.03 10:00 месяц",
                "06.04 09:00 пн чт",
                "30.04 10:00 месяц",
            ]
        );
        assert_eq!(planned.len(), texts.len() + 1, "the calendar had promised the same, and the curator's own");
    }

    /// PT-178, PT-179
    async fn the_calendar_merges_what_was_sent_with_what_is_to_come_and_filters(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-11", "09:00", 3)).await;
        world.plan(&anna.actor(), maria.person, &of_kind("meeting", once("Прием", "2026-03-12", "08:00"))).await;
        world.clock.turn_to("2026-03-11T06:00:00Z");
        world.claim_all().await;
        let all = world.entries(&anna.actor(), maria.person, "2026-03-11", "2026-03-12").await;
        assert_eq!(shown(&all), ["03-11 sending", "03-12 planned", "03-12 planned"]);
        assert_eq!(all[1].text, "Прием", "by time within the day");
        let mut work = world.look(anna.actor()).await;
        let (first, last) = (date("2026-03-01"), date("2026-03-31"));
        let meetings =
            reminders::calendar(&mut work, maria.person, first, last, Some(Kind::Meeting)).await.unwrap();
        assert_eq!(meetings.len(), 1);
    }

    /// PT-D35
    async fn an_advance_notice_moves_only_the_message(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let form = ReminderForm { advance: "60".to_owned(), ..of_kind("meeting", once("Прием", "2026-03-11", "09:00")) };
        world.plan(&anna.actor(), maria.person, &form).await;
        let next = due::next_moment(&world.app).await.unwrap().unwrap();
        assert_eq!(next.to_rfc3339(), "2026-03-11T05:00:00+00:00");
        world.clock.set(next);
        world.claim_all().await;
        world.deliver_all().await;
        assert!(world.sent().await[0].text.starts_with("11.03.2026, 09:00 — "));
        let deviating = async || {
            let mut work = world.look(anna.actor()).await;
            reminders::deviations_of(&mut work, maria.person, None).await.unwrap().items.len()
        };
        world.clock.advance(TimeDelta::minutes(89));
        assert_eq!(deviating().await, 0, "waiting is counted from the meeting");
        world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(deviating().await, 1);
    }
}
