use chrono::TimeDelta;
use opora_core::{
    foundation::{errors::Failure, ids::SeriesId},
    patronage::reminders::{OccurrenceState, Reach, ReminderForm},
};
use opora_testkit::{Citizen, Curator, World, on_both_databases};

use super::kit::{Programme, daily, excluding, once, refusal, shown};

const FROM: &str = "2026-03-01";
const TO: &str = "2026-04-30";

/// A daily reminder from 11 to 15 March, of which nothing was sent.
async fn five_days(world: &World) -> (Curator, Citizen, SeriesId) {
    let anna = world.curator("Иванова Анна").await;
    let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
    let series = world.plan(&anna.actor(), maria.person, &daily("Старое", "2026-03-11", "09:00", 5)).await;
    (anna, maria, series)
}

async fn rows(world: &World, anna: &Curator, maria: &Citizen) -> Vec<String> {
    let entries = world.entries(&anna.actor(), maria.person, FROM, TO).await;
    entries.iter().map(|it| format!("{} {} {}", it.date.format("%d"), it.time.format("%H:%M"), it.text)).collect()
}

async fn run_to_the_end(world: &World) -> Vec<String> {
    world.to_the_end().await;
    let sent = world.sent().await;
    sent.into_iter().map(|it| it.text.rsplit('\n').next().unwrap().replace(" — Информация для Вас:", "")).collect()
}

on_both_databases! {
    /// PT-190
    async fn an_opened_reminder_shows_its_values_and_the_rest_of_the_series(world: World) {
        let (anna, _, series) = five_days(&world).await;
        let opened = world.open(&anna.actor(), series, 3).await;
        assert!(opened.is_series && !opened.is_sent);
        assert_eq!(opened.entry.state, OccurrenceState::Planned);
        let expected = ReminderForm {
            times: "3".to_owned(),
            start_date: "2026-03-13".to_owned(),
            advance: "0".to_owned(),
            ..daily("Старое", "2026-03-11", "09:00", 5)
        };
        assert_eq!(opened.form, expected);
    }

    /// PT-191, PT-D38
    async fn a_new_text_for_all_that_follows_keeps_the_series_and_what_was_sent(world: World) {
        let (anna, maria, series) = five_days(&world).await;
        world.clock.turn_to("2026-03-12T07:00:00Z");
        world.claim_all().await;
        let opened = world.open(&anna.actor(), series, 3).await;
        let form = ReminderForm { text: "Новое".to_owned(), ..opened.form };
        let changed = world.change(&anna.actor(), (series, 3, opened.version), Reach::ThisAndFollowing, &form).await;
        assert_eq!(changed.unwrap().series, series);
        assert_eq!(
            rows(&world, &anna, &maria).await,
            ["11 09:00 Старое", "12 09:00 Старое", "13 09:00 Новое", "14 09:00 Новое", "15 09:00 Новое"]
        );
        assert_eq!(run_to_the_end(&world).await.len(), 4, "the 11th was too late");
    }

    /// PT-191, PT-D38
    async fn a_new_text_from_the_middle_leaves_the_planned_before_it_alone(world: World) {
        let (anna, maria, series) = five_days(&world).await;
        let opened = world.open(&anna.actor(), series, 4).await;
        let form = ReminderForm { text: "Новое".to_owned(), ..opened.form };
        world.change(&anna.actor(), (series, 4, opened.version), Reach::ThisAndFollowing, &form).await.unwrap();
        let expected =
            ["11 09:00 Старое", "12 09:00 Старое", "13 09:00 Старое", "14 09:00 Новое", "15 09:00 Новое"];
        assert_eq!(rows(&world, &anna, &maria).await, expected);
        world.clock.turn_to("2026-03-10T06:00:00Z");
        assert_eq!(run_to_the_end(&world).await.len(), 5);
    }

    /// PT-191, PT-D38
    async fn a_new_time_for_all_that_follows_begins_a_new_series(world: World) {
        let (anna, maria, series) = five_days(&world).await;
        world.clock.turn_to("2026-03-11T06:00:00Z");
        world.claim_all().await;
        let opened = world.open(&anna.actor(), series, 3).await;
        let form = ReminderForm { time: "18:00".to_owned(), ..opened.form };
        let changed = world.change(&anna.actor(), (series, 3, opened.version), Reach::ThisAndFollowing, &form).await.unwrap();
        assert_ne!(changed.series, series);
        assert_eq!(
            rows(&world, &anna, &maria).await,
            ["11 09:00 Старое", "12 09:00 Старое", "13 18:00 Старое", "14 18:00 Старое", "15 18:00 Старое"]
        );
    }

    /// PT-191, PT-D38
    async fn a_change_of_one_detaches_it_and_leaves_a_gap(world: World) {
        let (anna, maria, series) = five_days(&world).await;
        let opened = world.open(&anna.actor(), series, 2).await;
        let form = ReminderForm { time: "20:00".to_owned(), text: "Иначе".to_owned(), ..opened.form };
        let changed = world.change(&anna.actor(), (series, 2, opened.version), Reach::OnlyThis, &form).await.unwrap();
        assert_ne!(changed.series, series);
        let detached =
            ["11 09:00 Старое", "12 20:00 Иначе", "13 09:00 Старое", "14 09:00 Старое", "15 09:00 Старое"];
        assert_eq!(rows(&world, &anna, &maria).await, detached);

        // The gap stays when the rest of the series is changed.
        let opened = world.open(&anna.actor(), series, 1).await;
        let form = ReminderForm { time: "10:00".to_owned(), ..opened.form };
        world.change(&anna.actor(), (series, 1, opened.version), Reach::ThisAndFollowing, &form).await.unwrap();
        assert_eq!(
            rows(&world, &anna, &maria).await,
            ["11 10:00 Старое", "12 20:00 Иначе", "13 10:00 Старое", "14 10:00 Старое", "15 10:00 Старое"]
        );
        assert_eq!(
            run_to_the_end(&world).await,
            [
                "11.03.2026, 10:00 Старое",
                "12.03.2026, 20:00 Иначе",
                "13.03.2026, 10:00 Старое",
                "14.03.2026, 10:00 Старое",
                "15.03.2026, 10:00 Старое",
            ]
        );
    }

    /// PT-D31, PT-D38
    async fn a_monthly_series_split_in_february_still_wants_the_31st(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let form = ReminderForm { repetition: "monthly".to_owned(), ..daily("Старое", "2026-03-31", "09:00", 4) };
        let series = world.plan(&anna.actor(), maria.person, &form).await;
        let opened = world.open(&anna.actor(), series, 2).await;
        assert_eq!(opened.form.start_date, "2026-04-30");
        let form = ReminderForm { time: "18:00".to_owned(), ..opened.form };
        world.change(&anna.actor(), (series, 2, opened.version), Reach::ThisAndFollowing, &form).await.unwrap();
        let entries = world.entries(&anna.actor(), maria.person, "2026-03-01", "2026-12-31").await;
        let dates: Vec<String> = entries.iter().map(|it| it.date.to_string()).collect();
        assert_eq!(dates, ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]);
    }

    /// PT-192
    async fn what_was_sent_is_history(world: World) {
        let (anna, _, series) = five_days(&world).await;
        world.clock.turn_to("2026-03-11T06:00:00Z");
        world.claim_all().await;
        world.deliver_all().await;
        let opened = world.open(&anna.actor(), series, 1).await;
        assert!(opened.is_sent);
        for reach in [Reach::OnlyThis, Reach::ThisAndFollowing] {
            let changed = world.change(&anna.actor(), (series, 1, opened.version), reach, &opened.form).await;
            assert_eq!(refusal(changed), "reminders-already-sent");
            let deleted = world.delete(&anna.actor(), (series, 1, opened.version), reach).await;
            assert_eq!(refusal(deleted), "reminders-already-sent");
        }
    }

    /// PT-193
    async fn deleting_one_or_all_that_follow_leaves_what_was_sent(world: World) {
        let (anna, maria, series) = five_days(&world).await;
        world.clock.turn_to("2026-03-11T06:00:00Z");
        world.claim_all().await;
        world.deliver_all().await;
        world.delete(&anna.actor(), (series, 3, 1), Reach::OnlyThis).await.unwrap();
        let days = async || shown(&world.entries(&anna.actor(), maria.person, FROM, TO).await);
        assert_eq!(days().await, ["03-11 awaiting", "03-12 planned", "03-14 planned", "03-15 planned"]);
        world.delete(&anna.actor(), (series, 4, 2), Reach::ThisAndFollowing).await.unwrap();
        assert_eq!(days().await, ["03-11 awaiting", "03-12 planned"]);
        assert_eq!(run_to_the_end(&world).await.len(), 2);
    }

    /// PT-D38, PT-081
    async fn an_outdated_version_is_refused(world: World) {
        let (anna, _, series) = five_days(&world).await;
        let opened = world.open(&anna.actor(), series, 2).await;
        let reach = Reach::ThisAndFollowing;
        world.change(&anna.actor(), (series, 2, opened.version), reach, &opened.form).await.unwrap();
        let second = world.change(&anna.actor(), (series, 2, opened.version), reach, &opened.form).await;
        assert!(matches!(second, Err(Failure::Stale)), "{second:?}");
    }

    /// PT-D34
    async fn what_was_sent_cannot_be_excluded(world: World) {
        let (anna, _, series) = five_days(&world).await;
        world.clock.turn_to("2026-03-11T06:00:00Z");
        world.claim_all().await;
        let opened = world.open(&anna.actor(), series, 2).await;
        let form = excluding("2026-03-11", "2026-03-13", opened.form.clone());
        let changed = world.change(&anna.actor(), (series, 2, opened.version), Reach::ThisAndFollowing, &form).await;
        assert_eq!(refusal(changed), "reminders-exclusion-sent");
    }

    /// PT-D39
    async fn a_change_of_all_that_follows_slips_past_the_one_being_sent(world: World) {
        let (anna, maria, series) = five_days(&world).await;
        let opened = world.open(&anna.actor(), series, 1).await;
        world.clock.turn_to("2026-03-11T06:00:00Z");
        world.claim_all().await;
        let form = ReminderForm { text: "Новое".to_owned(), ..opened.form };
        let changed = world.change(&anna.actor(), (series, 1, opened.version), Reach::ThisAndFollowing, &form).await;
        assert!(changed.unwrap().was_being_sent);
        assert_eq!(
            rows(&world, &anna, &maria).await,
            ["11 09:00 Старое", "12 09:00 Новое", "13 09:00 Новое", "14 09:00 Новое", "15 09:00 Новое"]
        );
    }

    /// PT-194, PT-D39
    async fn an_edit_at_the_due_moment_gives_exactly_one_message(world: World) {
        const TIMES: usize = 100;
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let (mut old, mut new) = (0, 0);
        for _ in 0..TIMES {
            let now = world.app.clock.now() + TimeDelta::hours(3);
            let form = once("Старое", &now.format("%Y-%m-%d").to_string(), &now.format("%H:%M").to_string());
            let series = world.plan(&anna.actor(), maria.person, &form).await;
            let edited = ReminderForm { text: "Новое".to_owned(), ..form };
            let before = world.sent().await.len();
            let (changed, _) = tokio::join!(
                async {
                    tokio::task::yield_now().await;
                    world.change(&anna.actor(), (series, 1, 1), Reach::OnlyThis, &edited).await
                },
                world.claim_all(),
            );
            world.claim_all().await;
            let sent = world.sent().await;
            assert_eq!(sent.len(), before + 1);
            let is_new = sent.iter().filter(|it| it.text.ends_with("Новое")).count() > new;
            match changed {
                Ok(_) => assert!(is_new, "the edit was taken, so the new text must go"),
                Err(failure) => {
                    assert!(!is_new);
                    assert_eq!(refusal::<()>(Err(failure)), "reminders-being-sent");
                }
            }
            if is_new { new += 1 } else { old += 1 }
            world.clock.advance(TimeDelta::minutes(1));
        }
        assert_eq!(old + new, TIMES);
    }
}
