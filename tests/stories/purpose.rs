//! What the whole is for: staff and citizens find each other, in any house (part 4.1 of the specification).

use opora_testkit::{Backend, FakeTelegram, Opora};

use crate::staff;

/// A house of doctors and patients, without districts and groups.
const CLINIC: &str = r#"
product_name = "Школа диабета"

[terms]
citizen = "patient"
curator = "doctor"

[labels]
label-kind-support-measures = "Назначения"

[sections]
districts = false
special_groups = false
"#;

stories! {
    /// PT-006, PT-007, PT-076
    async fn a_citizen_gets_a_task_sends_a_file_and_asks_for_contact_and_the_card_shows_all_three(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        staff::plans(&mut anna, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        let phone = telegram.chat(1001);

        opora.turn_to("2026-03-10T06:00:00Z");
        phone.sees("Примите лекарство").await;
        let press = phone.presses("Выполнено").unwrap();
        phone.sees_popup(&press).await;
        phone.sends_file("справка.pdf", b"%PDF-1.4 a certificate");
        phone.sees("Файл загружен").await;
        phone.presses("Запросить связь");
        phone.sees("Запрос на связь отправлен").await;

        let list = anna.get("/citizens").await;
        let path = list.link("Петрова Мария");
        assert_eq!(path, maria.path, "the name opens the card");
        assert_eq!(anna.get(&path).await.find("h1").as_deref(), Some("Петрова Мария"));
        assert_eq!(staff::dots(&mut anna, &maria, "2026-03-10").await, ["Выполнено"]);
        let files = anna.get(&format!("{path}/files")).await;
        files.says("справка.pdf");
        let download = files.attributes("a[href$='/download']", "href");
        assert_eq!(anna.download(&download[0]).await, b"%PDF-1.4 a certificate");
        anna.get(&format!("{path}/history")).await.says("Запрос");
        let feed = anna.get("/activity").await;
        feed.says("справка.pdf");
        feed.says("связь с соц. куратором");
    }
}

/// PT-008: only terms, labels and sections differ, and none of the other house's words comes through.
#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_and_a_council_run_from_one_binary() {
    let (telegram, other) = (FakeTelegram::start().await, FakeTelegram::start().await);
    let mut clinic = staff::installed(Backend::Sqlite).await;
    std::fs::write(clinic.folder().join("opora.toml"), CLINIC).unwrap();
    clinic.uses_telegram(&telegram);
    let mut council = staff::installed(Backend::Sqlite).await;
    council.uses_telegram(&other);
    clinic.start().await;
    council.start().await;

    let mut doctor = staff::administrator(&clinic).await;
    let maria = staff::citizen(&mut doctor, "Петрова", "8 913 123-45-67").await;
    staff::connects(&telegram, 1001, &maria).await;
    staff::plans(&mut doctor, &maria, "Измерьте сахар", "2026-03-10", "09:00").await;
    clinic.turn_to("2026-03-10T06:00:00Z");
    telegram.chat(1001).sees("Измерьте сахар").await;
    let menu = telegram.chat(1001).menu().unwrap().concat();
    assert!(menu.contains(&"Назначения".to_owned()) && menu.contains(&"Дата встречи с врачом".to_owned()), "{menu:?}");
    for path in ["/citizens", "/citizens/new", "/curators", &maria.path, &format!("{}/programme/new", maria.path)] {
        let page = doctor.get(path).await;
        page.says("Пациенты").says("Врачи");
        let text = page.text().to_lowercase();
        for foreign in ["пользовател", "соц. куратор", "меры поддержки", "район", "особые группы"]
        {
            assert!(!text.contains(foreign), "{path} says «{foreign}»: {text}");
        }
    }

    let mut clerk = staff::administrator(&council).await;
    let ivan = staff::citizen(&mut clerk, "Сидоров", "8 913 765-43-21").await;
    staff::connects(&other, 1001, &ivan).await;
    clerk.get("/citizens").await.says("Пользователи").says("Соц. кураторы").says("Район").says("Сидоров");
    clerk.get(&format!("{}/programme/new", ivan.path)).await.says("Меры поддержки");
}
