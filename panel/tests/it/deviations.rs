//! «Отклонения» of everybody.

use axum::http::StatusCode;
use chrono::TimeDelta;
use opora_core::patronage::reminders::{self, ReminderForm, due};
use opora_testkit::{Citizen, Curator, World, on_both_databases};

use crate::visit::Visitor;

/// A reminder for a citizen without a bot: it is not delivered.
async fn undelivered(world: &World, anna: &Curator, citizen: &Citizen, text: &str, time: &str) {
    let form = ReminderForm {
        kind: "support_measures".to_owned(),
        text: text.to_owned(),
        repetition: "none".to_owned(),
        start_date: "2026-03-10".to_owned(),
        time: time.to_owned(),
        ..ReminderForm::default()
    };
    let mut work = world.begin(anna.actor()).await;
    let submission = opora_core::foundation::ids::SubmissionId::draw(work.now, &*world.app.chance);
    reminders::plan(&mut work, citizen.person, &form, submission).await.expect("it can be planned");
    work.commit().await.expect("it stays");
}

async fn set_phone(world: &World, citizen: &Citizen) {
    const SQL: &str = "UPDATE persons SET phone = '+79131234567' WHERE id = $1";
    let mut tx = world.tx().await;
    opora_core::on_backend!(&mut tx, |c| sqlx::query(SQL).bind(citizen.person).execute(c).await.map(drop))
        .expect("a phone can be written");
    tx.commit().await.expect("it stays");
}

on_both_databases! {
    /// PT-248, PT-249, PT-252, PT-255
    async fn every_column_says_what_it_shall_and_the_page_refreshes_itself(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария Ивановна").of(&anna).await;
        set_phone(&world, &maria).await;
        undelivered(&world, &anna, &maria, "Первое", "09:29").await;
        undelivered(&world, &anna, &maria, "Второе", "09:30").await;
        world.clock.advance(TimeDelta::minutes(30));
        due::claim(&world.app, 100).await.expect("what is due is claimed");
        for mut visitor in [Visitor::administrator(&world).await, Visitor::curator(&world, &anna).await] {
            let page = visitor.get("/deviations").await;
            assert!(page.text_of("[aria-current=page].menu__item").starts_with("Отклонения"));
            assert_eq!(
                page.texts("tbody tr:first-child td"),
                ["Петрова Мария Ивановна", "+7 (913) 123-45-67", "Иванова А. П.", "10.03.2026, 09:30",
                 "!Не доставлено Бот не активирован", "Меры поддержки", "Второе"],
            );
            assert_eq!(page.texts("tbody tr").len(), 2, "both of hers");
            assert_eq!(page.texts(".watch__name").len(), 1, "under one name");
            assert_eq!(page.attribute(".watch__name a", "href"), Some(format!("/citizens/{}", maria.person)));
            assert_eq!(page.attribute("#deviations", "data-refresh").as_deref(), Some("60"));
            assert!(page.body.contains("<noscript><meta http-equiv=\"refresh\" content=\"60\"></noscript>"));
        }
    }

    async fn an_empty_list_says_what_will_stand_there(world: World) {
        let page = Visitor::administrator(&world).await.get("/deviations").await;
        assert_eq!(page.text_of(".empty__title"), "Отклонений нет");
    }

    /// PT-010, PT-248
    async fn switched_off_it_is_not_there_nor_is_the_tab(mut world: World) {
        let maria = world.citizen("Петрова Мария").await;
        world.configure(|config| config.sections.deviations = false);
        let mut visitor = Visitor::administrator(&world).await;
        for path in ["/deviations".to_owned(), format!("/citizens/{}/deviations", maria.person)] {
            assert_eq!(visitor.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let card = visitor.get(&format!("/citizens/{}", maria.person)).await;
        assert!(!card.texts(".tab").concat().contains("Отклонения"));
        assert!(!card.texts(".menu__item").contains(&"Отклонения".to_owned()));
    }
}
