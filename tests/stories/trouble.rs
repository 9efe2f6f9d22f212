//! The machine fails Opora: no room on its disk, a clock that is set back.

use std::time::Duration;

use opora_testkit::{Backend, FakeTelegram, Opora, Trouble};

use crate::staff;

/// What `/readyz` says, once it says what is wanted.
async fn is_told(opora: &Opora, is_ready: bool, text: &str) {
    let search = async {
        loop {
            let answer = reqwest::get(format!("{}/readyz", opora.url())).await.unwrap();
            let is_so = answer.status().is_success() == is_ready;
            if is_so && answer.text().await.unwrap().contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let came = tokio::time::timeout(opora_testkit::PATIENCE, search).await;
    assert!(came.is_ok(), "/readyz does not say «{text}»:\n{}", opora.log());
}

/// PT-D41, PT-D42
#[tokio::test(flavor = "multi_thread")]
async fn while_the_disk_is_full_nothing_acknowledged_is_lost_and_afterwards_all_goes_on_by_itself() {
    let telegram = FakeTelegram::start().await;
    let mut opora = staff::installed(Backend::Sqlite).await;
    opora.uses_telegram(&telegram);
    opora.start().await;
    let mut admin = staff::administrator(&opora).await;
    let maria = staff::citizen(&mut admin, "Петрова", "8 913 123-45-67").await;
    staff::connects(&telegram, 1001, &maria).await;
    staff::plans(&mut admin, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
    let form = admin.get("/citizens/new").await.form("/citizens").with("surname", "Иванова").with("name", "Анна");
    is_told(&opora, true, "database: ok").await;

    opora.quota_is_used_up();
    let form = form.with("phone", "8 913 123-45-68");
    admin.submit(form.clone()).await.refuses(503, "закончилось место на диске");
    is_told(&opora, false, "its disk is full").await;
    opora.says("its disk is full").await;
    telegram.chat(1001).presses("Запросить связь");
    opora.turn_to("2026-03-10T06:00:00Z");
    admin.get("/sign-in").await;
    assert!(telegram.unread() > 0, "what is not kept is not confirmed");
    assert_eq!(telegram.chat(1001).received().iter().filter(|it| it.text.contains("лекарство")).count(), 0);

    opora.quota_is_raised();
    telegram.chat(1001).sees("Примите лекарство").await;
    telegram.chat(1001).sees("Запрос на связь отправлен").await;
    is_told(&opora, true, "database: ok").await;
    opora.says("the database can be written again").await;
    admin.submit(form).await.says("Иванова");
    admin.get(&format!("{}/history", maria.path)).await.says("Запрос на связь");
    assert!(opora.stop().await.status.success(), "{}", opora.log());
}

stories! {
    /// PT-D40: a jump backwards sends nothing twice, and keeps nobody waiting until the clock has caught up.
    async fn a_clock_that_is_set_back_by_hours_makes_nobody_deaf(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let maria = staff::citizen(&mut admin, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        staff::plans(&mut admin, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        opora.turn_to("2026-03-10T06:00:00Z");
        let reminder = telegram.chat(1001).sees_button("Выполнено").await;
        // Whoever waits for a moment now must not wait for it three hours.
        telegram.order(Trouble::ServerError).for_method("getUpdates").until_told_otherwise();
        telegram.chat(1001).says("Здравствуйте");
        telegram.wait_for(|calls| calls.iter().any(|call| call.method == "getUpdates" && call.status == 502)).await;
        opora.turn_to("2026-03-10T03:00:00Z");
        telegram.behave();
        let press = telegram.chat(1001).presses_under(&reminder, "Выполнено");
        telegram.chat(1001).sees_popup(&press).await;
        staff::plans(&mut admin, &maria, "Измерьте давление", "2026-03-10", "06:01").await;
        opora.turn_to("2026-03-10T03:01:00Z");
        telegram.chat(1001).sees("Измерьте давление").await;
        opora.turn_to("2026-03-10T06:00:30Z");
        let press = telegram.chat(1001).presses("Выполнено").unwrap();
        telegram.chat(1001).sees_popup(&press).await;
        assert_eq!(telegram.chat(1001).sees_times("Примите лекарство", 1).await.len(), 1, "its time came twice");
        assert!(opora.stop().await.status.success(), "{}", opora.log());
    }
}
