//! Presses of the buttons under reminders.

use chrono::TimeDelta;
use opora_core::{
    foundation::ids::{OccurrenceId, SubmissionId},
    messaging::press::{Press, Reaction},
    on_backend,
    patronage::{
        citizens,
        reminders::{self, ReminderForm, due},
    },
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};
use uuid::Uuid;

use super::chat;

/// A reminder that has come due a minute ago.
async fn reminded(world: &World, citizen: &Citizen) -> OccurrenceId {
    let author = world.administrator().await;
    let form = ReminderForm {
        kind: "information".to_owned(),
        text: "Вы были у врача?".to_owned(),
        repetition: "none".to_owned(),
        start_date: "2026-03-10".to_owned(),
        time: "09:01".to_owned(),
        ..ReminderForm::default()
    };
    let submission = SubmissionId::draw(world.app.clock.now(), &*world.app.chance);
    let mut work = world.begin(author).await;
    reminders::plan(&mut work, citizen.person, &form, submission).await.expect("it can be planned");
    work.commit().await.expect("it stays");
    world.clock.advance(TimeDelta::minutes(2));
    due::claim(&world.app, 10).await.expect("it comes due");
    delivered(world).await
}

/// As if the messenger had confirmed it.
async fn delivered(world: &World) -> OccurrenceId {
    const SQL: &str = "SELECT id FROM occurrences";
    let mut work = world.begin(Actor::System).await;
    let id: OccurrenceId =
        on_backend!(&mut work.tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await).expect("it is stored");
    let now = work.now;
    reminders::outcome::delivered(&mut work, &[(id, now)]).await.expect("it is delivered");
    work.commit().await.expect("it stays");
    id
}

async fn state(world: &World) -> String {
    const SQL: &str = "SELECT state FROM occurrences";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await).expect("the state can be read")
}

on_both_databases! {
    /// PT-132, PT-134, PT-136
    async fn the_first_press_counts_and_every_press_is_answered(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let occurrence = reminded(&world, &maria).await;
        let mut phone = chat(&world, "1001");
        phone.presses(Press::React { occurrence, reaction: Reaction::Done }).await;
        assert!(phone.texts().contains(&"Отмечено: Выполнено".to_owned()), "{:?}", phone.texts());
        assert_eq!(state(&world).await, "done");
        phone.presses(Press::React { occurrence, reaction: Reaction::Missed }).await;
        phone.sees(&["Реакция уже принята: Выполнено"]);
        assert_eq!(state(&world).await, "done");
    }

    /// PT-D27
    async fn somebody_else_s_reminder_cannot_be_answered(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        world.citizen("Сидоров Иван").linked("1002").await;
        let occurrence = reminded(&world, &maria).await;
        let press = Press::React { occurrence, reaction: Reaction::Done };
        chat(&world, "1002").presses(press).await.sees(&["Напоминание больше не действует"]);
        chat(&world, "666").presses(press).await.sees(&["Введите код активации", "Введите код активации"]);
        assert_eq!(state(&world).await, "awaiting");
    }

    /// PT-263, PT-D12: a deleted citizen's account is a stranger's: presses and messages are asked for a code and change nothing.
    async fn a_deleted_citizen_is_asked_for_a_code(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let occurrence = reminded(&world, &maria).await;
        let mut work = world.begin(Actor::Operator).await;
        citizens::delete(&mut work, maria.person).await.expect("it can be deleted");
        work.commit().await.expect("it stays");
        let mut phone = chat(&world, "1001");
        let press = Press::React { occurrence, reaction: Reaction::Done };
        phone.presses(press).await.sees(&["Введите код активации", "Введите код активации"]).without_menu();
        assert_eq!(state(&world).await, "awaiting");
        for text in ["3 дня", "Запросить связь", "Здравствуйте"] {
            phone.says(text).await.sees(&["Введите код активации"]).without_menu();
        }
        phone.sends("справка.pdf", 10).await.sees(&["Введите код активации"]);
        assert_eq!((world.count("files").await, world.count("contacts").await, world.count("activity").await), (0, 0, 0));
    }

    async fn unknown_reminders_and_old_buttons_get_a_kind_word(world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        let mut phone = chat(&world, "1001");
        let gone = Press::React { occurrence: OccurrenceId(Uuid::from_u128(7)), reaction: Reaction::Missed };
        phone.presses(gone).await.sees(&["Напоминание больше не действует"]);
        for data in ["", "0:done:17", "2dAAAAAAAAAAAAAAAAAAAAAA"] {
            phone.presses(data).await.sees(&["Эта кнопка больше не действует"]);
        }
    }
}
