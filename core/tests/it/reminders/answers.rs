use chrono::TimeDelta;
use opora_core::{
    foundation::ids::OccurrenceId,
    messaging::press::Reaction,
    patronage::reminders::{self, OccurrenceState, Reach, Reacted, Reason, outcome},
    people::access::{Actor, Author},
};
use opora_testkit::{Citizen, Curator, World, on_both_databases};

use super::kit::{Programme, daily, once, refusal, shown};

/// Anna's citizen Maria has got one reminder.
async fn one_sent(world: &World) -> (Curator, Citizen, OccurrenceId) {
    let anna = world.curator("Иванова Анна Петровна").await;
    let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
    world.plan(&anna.actor(), maria.person, &once("Вопрос?", "2026-03-10", "09:30")).await;
    world.clock.turn_to("2026-03-10T06:30:00Z");
    world.claim_all().await;
    let occurrence = world.sent().await[0].occurrence.unwrap();
    (anna, maria, occurrence)
}

async fn state(world: &World, anna: &Curator, maria: &Citizen) -> String {
    shown(&world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await).join(", ")
}

fn taken(reaction: Reaction, text: &str) -> Reacted {
    Reacted::Taken(reaction, text.to_owned())
}

on_both_databases! {
    /// PT-132, PT-134, PT-135, PT-183, PT-184, PT-185
    async fn done_turns_the_dot_green_and_takes_the_buttons_away(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        assert_eq!(state(&world, &anna, &maria).await, "03-10 sending");
        world.deliver_all().await;
        assert_eq!(state(&world, &anna, &maria).await, "03-10 awaiting");
        world.clock.advance(TimeDelta::minutes(5));
        assert_eq!(world.press("1001", occurrence, Reaction::Done).await, taken(Reaction::Done, "Отмечено: Выполнено"));
        let entry = world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await.remove(0);
        assert_eq!(entry.state, OccurrenceState::Done);
        assert_eq!(entry.reacted_at, Some(world.app.clock.now()));
        assert_eq!(entry.reacted_by, Some(Author::Citizen(maria.person)));
        let edit = world.sent().await.remove(1);
        assert_eq!(edit.kind, "edit");
        assert_eq!(edit.text, "10.03.2026, 09:30 — Информация для Вас: Вопрос?\nОтмечено: Выполнено");
        assert_eq!((edit.payload["message"].as_str(), edit.payload.get("keyboard")), (Some("m-1001"), None));
        assert_eq!(world.count("outbox WHERE channel = 'email'").await, 0, "no letter");
    }

    /// PT-133, PT-186
    async fn missed_turns_the_dot_red(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        world.deliver_all().await;
        assert_eq!(world.press("1001", occurrence, Reaction::Missed).await, taken(Reaction::Missed, "Отмечено: Пропущено"));
        assert_eq!(state(&world, &anna, &maria).await, "03-10 missed");
    }

    /// PT-136, PT-D25
    async fn the_first_press_wins(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        world.deliver_all().await;
        world.press("1001", occurrence, Reaction::Missed).await;
        let second = world.press("1001", occurrence, Reaction::Done).await;
        assert_eq!(second, Reacted::AlreadyTaken(Reaction::Missed));
        assert_eq!(state(&world, &anna, &maria).await, "03-10 missed");
        assert_eq!(world.count("outbox").await, 2, "one edit");
    }

    /// PT-136, PT-D25
    async fn of_two_simultaneous_presses_one_counts(world: World) {
        let (_, _, occurrence) = one_sent(&world).await;
        world.deliver_all().await;
        let (a, b) = tokio::join!(
            world.press("1001", occurrence, Reaction::Done),
            world.press("1001", occurrence, Reaction::Missed)
        );
        let taken = [&a, &b].iter().filter(|it| matches!(it, Reacted::Taken(..))).count();
        let refused = [&a, &b].iter().filter(|it| matches!(it, Reacted::AlreadyTaken(_))).count();
        assert_eq!((taken, refused), (1, 1), "{a:?} {b:?}");
    }

    /// PT-137, PT-D26
    async fn a_press_after_forty_days_counts(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        world.deliver_all().await;
        world.clock.advance(TimeDelta::days(40));
        world.press("1001", occurrence, Reaction::Done).await;
        assert_eq!(state(&world, &anna, &maria).await, "03-10 done");
    }

    /// PT-D26
    async fn a_press_on_a_deleted_series_says_so(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let series = world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "09:30", 5)).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        world.deliver_all().await;
        let occurrence = world.sent().await[0].occurrence.unwrap();
        world.delete(&anna.actor(), (series, 2, 1), Reach::ThisAndFollowing).await.unwrap();
        assert_eq!(world.press("1001", occurrence, Reaction::Done).await, Reacted::NoLonger);
        assert_eq!(shown(&world.entries(&anna.actor(), maria.person, "2026-03-01", "2026-03-31").await), ["03-10 awaiting"]);
    }

    /// PT-138, PT-D27
    async fn somebody_elses_press_changes_nothing(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        world.citizen("Чужая Вера").of(&anna).linked("2002").await;
        world.deliver_all().await;
        assert_eq!(world.press("2002", occurrence, Reaction::Done).await, Reacted::NotLinked);
        assert_eq!(world.press("3003", occurrence, Reaction::Done).await, Reacted::NotLinked);
        assert_eq!(state(&world, &anna, &maria).await, "03-10 awaiting");
    }

    async fn a_press_may_be_faster_than_the_record_of_the_delivery(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        world.press("1001", occurrence, Reaction::Done).await;
        world.deliver_all().await;
        assert_eq!(state(&world, &anna, &maria).await, "03-10 done");
        let edits = world.sent().await.into_iter().filter(|message| message.kind == "edit").count();
        assert_eq!(edits, 1);
    }

    async fn an_answer_in_one_messenger_closes_the_question_in_the_other(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").linked_to_web_chat("browser").await;
        world.plan(&anna.actor(), maria.person, &once("Вопрос?", "2026-03-10", "09:30")).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        let occurrence = world.sent().await[0].occurrence.unwrap();
        world.deliver_all().await;
        world.press("1001", occurrence, Reaction::Done).await;
        let mut edited: Vec<String> =
            world.sent().await.into_iter().filter(|it| it.kind == "edit").map(|it| it.recipient).collect();
        edited.sort();
        assert_eq!(edited, ["1001", "browser"]);
    }

    /// PT-141, PT-188, PT-D42
    async fn a_failed_message_is_grey_and_a_press_on_it_still_counts(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        let mut work = world.begin(Actor::System).await;
        fail_outbox(&mut work).await;
        outcome::undelivered(&mut work, &[(occurrence, Reason::SendFailed)]).await.unwrap();
        work.commit().await.unwrap();
        let entry = world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await.remove(0);
        assert_eq!((entry.state, entry.reason), (OccurrenceState::Undelivered, Some(Reason::SendFailed)));
        world.press("1001", occurrence, Reaction::Done).await;
        let entry = world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await.remove(0);
        assert_eq!((entry.state, entry.reason), (OccurrenceState::Done, None));
    }

    async fn one_messenger_that_fails_does_not_make_grey_what_another_still_carries(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").linked_to_web_chat("browser").await;
        world.plan(&anna.actor(), maria.person, &once("Вопрос?", "2026-03-10", "09:30")).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        world.claim_all().await;
        let occurrence = world.sent().await[0].occurrence.unwrap();
        let mut work = world.begin(Actor::System).await;
        const SQL: &str = "UPDATE outbox SET state = 'failed' WHERE channel = 'telegram'";
        opora_core::on_backend!(&mut work.tx, |c| sqlx::query(SQL).execute(c).await.map(drop)).unwrap();
        outcome::undelivered(&mut work, &[(occurrence, Reason::BotBlocked)]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(state(&world, &anna, &maria).await, "03-10 sending");
        let mut work = world.begin(Actor::System).await;
        fail_outbox(&mut work).await;
        outcome::undelivered(&mut work, &[(occurrence, Reason::SendFailed)]).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(state(&world, &anna, &maria).await, "03-10 undelivered");
    }

    /// PT-195
    async fn a_curator_marks_by_hand_and_corrects(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        let entry = world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await.remove(0);
        let mark = async |reaction| {
            let mut work = world.begin(anna.actor()).await;
            let marked = reminders::mark(&mut work, entry.series, entry.ordinal, reaction).await;
            work.commit().await.unwrap();
            refusal(marked)
        };
        assert_eq!(mark(Reaction::Done).await, "reminders-being-sent");
        world.deliver_all().await;
        assert_eq!(mark(Reaction::Missed).await, "accepted");
        assert_eq!(mark(Reaction::Done).await, "accepted");
        let marked = world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await.remove(0);
        assert_eq!(marked.state, OccurrenceState::Done);
        assert_eq!(marked.reacted_by_name.as_deref(), Some("Иванова Анна Петровна"));
        assert_eq!(world.press("1001", occurrence, Reaction::Missed).await, Reacted::AlreadyTaken(Reaction::Done));
        assert_eq!(world.count("audit WHERE action = 'reminder.marked'").await, 2);
    }

    /// PT-104, PT-105, PT-D48
    async fn ignored_refused_and_undelivered_ones_are_deviations_until_they_are_done(world: World) {
        let (anna, maria, occurrence) = one_sent(&world).await;
        world.deliver_all().await;
        let listed = async || {
            let mut work = world.look(anna.actor()).await;
            let page = reminders::deviations_of(&mut work, maria.person, None).await.unwrap();
            page.items.into_iter().map(|it| it.state).collect::<Vec<_>>()
        };
        world.clock.advance(TimeDelta::minutes(29));
        assert_eq!(listed().await, []);
        world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(listed().await, [OccurrenceState::Awaiting]);
        world.clock.advance(TimeDelta::days(400));
        assert_eq!(listed().await, [OccurrenceState::Awaiting], "without a time window");
        world.press("1001", occurrence, Reaction::Done).await;
        assert_eq!(listed().await, []);
    }

    /// PT-104
    async fn deviations_come_page_by_page_the_newest_first(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "09:30", 60)).await;
        for _ in 0..60 {
            world.clock.advance(TimeDelta::days(1));
            world.claim_all().await;
        }
        let mut work = world.look(anna.actor()).await;
        let first = reminders::deviations_of(&mut work, maria.person, None).await.unwrap();
        assert_eq!((first.items.len(), first.items[0].ordinal), (50, 60));
        let second = reminders::deviations_of(&mut work, maria.person, first.after).await.unwrap();
        assert_eq!((second.items.len(), second.items[0].ordinal), (10, 10));
        let back = reminders::deviations_of(&mut work, maria.person, second.before).await.unwrap();
        assert_eq!(back.items, first.items);
    }
}

async fn fail_outbox(work: &mut opora_core::Work) {
    const SQL: &str = "UPDATE outbox SET state = 'failed'";
    opora_core::on_backend!(&mut work.tx, |c| sqlx::query(SQL).execute(c).await.map(drop)).unwrap();
}
