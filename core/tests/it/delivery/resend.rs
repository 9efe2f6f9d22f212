//! Sending again.

use chrono::TimeDelta;
use opora_core::{
    foundation::ids::OutboxId,
    messaging::{
        delivery::{
            faults::{self, FaultFilter},
            resend::{Obstacle, Resent, in_question, resend, resend_all},
        },
        outbox::Fault,
        press::Reaction,
        sender::Outcome,
    },
    on_backend,
    patronage::{activation, citizens, duties::Patronage},
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

use super::Desk;
use crate::{
    messenger::{message, put, unknown},
    reminders::kit::{Programme, once, refusal},
};

fn refused() -> Outcome {
    Outcome::Refused("400".to_owned())
}

async fn again(desk: &Desk, world: &World, ids: &[OutboxId]) -> Resent {
    let mut work = world.begin(desk.admin.clone()).await;
    let resent = resend(&mut work, &Patronage, ids).await.expect("it can be asked for");
    work.commit().await.expect("it stays");
    resent
}

fn left(obstacle: Obstacle) -> Resent {
    Resent { left_out: [(obstacle, 1)].into(), ..Resent::default() }
}

/// A reminder of 09:30 for each of these chats that the messenger refused.
async fn failed_reminders(desk: &Desk, world: &World, chats: &[&str]) -> Vec<opora_testkit::Citizen> {
    let anna = world.curator("Иванова Анна").await;
    let mut citizens = Vec::new();
    for chat in chats {
        let citizen = world.citizen("Петрова Мария").of(&anna).linked(chat).await;
        world.plan(&anna.actor(), citizen.person, &once("Вопрос?", "2026-03-10", "09:30")).await;
        desk.telegram.answers(chat, [refused()]);
        citizens.push(citizen);
    }
    world.clock.turn_to("2026-03-10T06:30:00Z");
    world.claim_all().await;
    desk.sends(world).await;
    citizens
}

on_both_databases! {
    /// PT-D43, PT-285: a refused reminder goes again, with attempts anew, and turns yellow; the journal knows.
    async fn a_failed_reminder_goes_again_and_arrives(mut world: World) {
        let desk = Desk::of(&mut world).await;
        failed_reminders(&desk, &world, &["1001"]).await;
        assert_eq!(world.count("occurrences WHERE state = 'undelivered' AND reason = 'send_failed'").await, 1);
        world.clock.advance(TimeDelta::minutes(10));
        let ids = desk.ids(&world).await;
        assert_eq!(again(&desk, &world, &ids).await, Resent { again: 1, ..Resent::default() });
        assert_eq!(world.count("occurrences WHERE state = 'sending' AND reason IS NULL").await, 1);
        assert_eq!(world.count("outbox WHERE state = 'queued' AND attempt = 0 AND finished_at IS NULL").await, 1);
        assert_eq!(again(&desk, &world, &ids).await, left(Obstacle::Gone), "a double click does nothing twice");
        desk.sends(&world).await;
        let texts = desk.telegram.texts();
        assert_eq!(texts.len(), 2);
        assert!(!texts[1].starts_with("Повтор:"), "what was refused did not arrive");
        assert_eq!(world.count("occurrences WHERE state = 'awaiting'").await, 1);
        assert_eq!(desk.ids(&world).await, []);
        let noted = "audit WHERE action = 'delivery.resent' AND subject = 'citizen' AND author = 'administrator'";
        assert_eq!(world.count(noted).await, 1);
    }

    /// PT-D26, PT-D40, PT-D17: what is answered, excluded, deleted, out of reach or too late stays where it is.
    async fn what_is_not_meant_any_more_is_left_out_and_named(mut world: World) {
        let desk = Desk::of(&mut world).await;
        let citizens = failed_reminders(&desk, &world, &["1001", "1002", "1003", "1004", "1005"]).await;
        let sent = world.sent().await;
        let occurrence = sent.iter().find(|it| it.recipient == "1001").and_then(|it| it.occurrence).expect("it asks");
        world.press("1001", occurrence, Reaction::Done).await;
        let mut work = world.begin(desk.admin.clone()).await;
        citizens::delete(&mut work, citizens[1].person).await.expect("it can be deleted");
        work.commit().await.expect("it stays");
        let mut work = world.begin(Actor::System).await;
        let telegram = opora_core::messaging::messenger::Messenger::Telegram;
        activation::mark_blocked(&mut work, telegram, "1003").await.expect("it can be marked");
        work.commit().await.expect("it stays");
        exclude(&world, citizens[3].person).await;
        let ids = desk.ids(&world).await;
        let resent = again(&desk, &world, &ids).await;
        assert_eq!(resent.again, 1);
        let wanted = [Obstacle::Answered, Obstacle::Withdrawn, Obstacle::Deleted, Obstacle::Unreachable];
        assert_eq!(resent.left_out.keys().copied().collect::<Vec<_>>(), wanted);
        desk.telegram.answers("1005", [refused()]);
        desk.sends(&world).await;
        world.clock.advance(world.app.config.late_send_grace());
        let late = desk.failed(&world, FaultFilter { fault: Some(Fault::Refused), ..FaultFilter::default() }).await;
        assert!(late.iter().all(|it| !it.is_in_time));
        let of_last = late.iter().find(|it| it.person.as_ref().is_some_and(|(id, _)| *id == citizens[4].person));
        assert_eq!(again(&desk, &world, &[of_last.expect("it failed").id]).await, left(Obstacle::TooLate));
    }

    /// PT-D42: what may have arrived twice already says so.
    async fn what_may_have_arrived_says_so(mut world: World) {
        let desk = Desk::of(&mut world).await;
        desk.telegram.answers("1", [unknown(), unknown()]);
        put(&world, &[message(&world, "1", "Вопрос?")]).await;
        for _ in 0..2 {
            desk.sends(&world).await;
            world.clock.advance(TimeDelta::minutes(1));
        }
        let ids = desk.ids(&world).await;
        assert_eq!(again(&desk, &world, &ids).await.again, 1);
        desk.sends(&world).await;
        assert_eq!(desk.telegram.texts(), ["Вопрос?", "Повтор:\nВопрос?", "Повтор:\nВопрос?"]);
    }

    async fn the_order_of_a_chat_stays_sane(mut world: World) {
        let desk = Desk::of(&mut world).await;
        desk.telegram.answers("1", [refused(), refused()]);
        put(&world, &[message(&world, "1", "a"), message(&world, "1", "b")]).await;
        desk.sends(&world).await;
        world.clock.advance(TimeDelta::minutes(1));
        put(&world, &[message(&world, "1", "c")]).await;
        world.clock.advance(TimeDelta::minutes(1));
        assert_eq!(again(&desk, &world, &desk.ids(&world).await).await.again, 2);
        desk.sends(&world).await;
        assert_eq!(desk.telegram.texts(), ["a", "b", "c", "a", "b"]);
    }

    /// A day of tries begins anew, also when the first one is long over.
    async fn a_message_of_yesterday_has_its_tries_anew(mut world: World) {
        let desk = Desk::of(&mut world).await;
        desk.telegram.answers("1", [refused()]);
        put(&world, &[message(&world, "1", "a")]).await;
        desk.sends(&world).await;
        world.clock.advance(TimeDelta::hours(30));
        assert_eq!(again(&desk, &world, &desk.ids(&world).await).await.again, 1);
        desk.telegram.answers("1", [crate::messenger::temporary()]);
        desk.sends(&world).await;
        assert_eq!(world.count("outbox WHERE state = 'queued' AND attempt = 1").await, 1);
    }

    async fn all_of_a_filter_go_in_batches_up_to_what_was_seen(mut world: World) {
        let desk = Desk::of(&mut world).await;
        let drafts: Vec<_> = (0..450).map(|chat| message(&world, &format!("{chat}"), "x")).collect();
        put(&world, &drafts).await;
        for chat in 0..450 {
            desk.telegram.answers(&format!("{chat}"), [refused()]);
        }
        desk.sends(&world).await;
        let refused_ones = FaultFilter { fault: Some(Fault::Refused), ..FaultFilter::default() };
        let mut work = world.look(desk.admin.clone()).await;
        assert_eq!(in_question(&mut work, refused_ones).await.unwrap(), (450, 450));
        let until = faults::list(&mut work, refused_ones, None).await.unwrap().items[0].id;
        drop(work);
        world.clock.advance(TimeDelta::minutes(1));
        desk.telegram.answers("later", [refused()]);
        put(&world, &[message(&world, "later", "x")]).await;
        desk.sends(&world).await;
        let resent = resend_all(&world.app, &desk.admin, &Patronage, refused_ones, until).await.unwrap();
        assert_eq!(resent, Resent { again: 450, ..Resent::default() });
        assert_eq!(desk.ids(&world).await.len(), 1, "what failed after the question was not asked for");
        let resent = resend_all(&world.app, &desk.admin, &Patronage, refused_ones, until).await.unwrap();
        assert_eq!(resent, Resent::default());
        let anna = world.curator("Иванова Анна").await;
        let by_curator = resend_all(&world.app, &anna.actor(), &Patronage, refused_ones, until).await;
        assert_eq!(refusal(by_curator), "forbidden");
    }

    async fn a_way_that_is_not_used_any_more_takes_nothing(mut world: World) {
        let desk = Desk::of(&mut world).await;
        desk.telegram.answers("1", [refused()]);
        put(&world, &[message(&world, "1", "a")]).await;
        desk.sends(&world).await;
        world.configure(|config| config.telegram.token = opora_core::foundation::secrets::Secret::default());
        assert_eq!(again(&desk, &world, &desk.ids(&world).await).await, left(Obstacle::ChannelOff));
    }
}

/// «Исключение» of the day of the reminder, put straight into the table.
async fn exclude(world: &World, person: opora_core::foundation::ids::PersonId) {
    const SQL: &str = "INSERT INTO exclusions (series_id, first_date, last_date)
        SELECT id, start_date, start_date FROM series WHERE person_id = $1";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(SQL).bind(person).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}
