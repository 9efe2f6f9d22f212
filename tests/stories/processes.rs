//! One installation as several processes on one PostgreSQL.

use std::time::{Duration, Instant};

use opora_testkit::{Backend, FakeTelegram, Opora};

use crate::staff;

/// The same installation, only these parts of it.
async fn only(opora: &Opora, parts: &str) -> Opora {
    let mut process = opora.another();
    process.arguments(&["serve", "--only", parts]);
    process.start().await;
    process
}

/// PT-D42
#[tokio::test(flavor = "multi_thread")]
async fn panel_bot_and_worker_are_processes_and_another_bot_takes_over_within_ten_seconds() {
    let telegram = FakeTelegram::start().await;
    let mut panel = staff::installed(Backend::Postgres).await;
    panel.uses_telegram(&telegram);
    panel.arguments(&["serve", "--only", "panel"]);
    panel.start().await;
    let mut bot = only(&panel, "bot").await;
    let mut worker = only(&panel, "worker").await;
    let mut admin = staff::administrator(&panel).await;
    let mut anna = staff::curator(&panel, &mut admin, "Иванова", "anna").await;
    let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
    staff::connects(&telegram, 1001, &maria).await;
    for (text, time) in [("Примите лекарство", "09:00"), ("Измерьте давление", "09:01"), ("Сделайте зарядку", "09:02")]
    {
        staff::plans(&mut anna, &maria, text, "2026-03-10", time).await;
    }
    panel.turn_to("2026-03-10T06:00:00Z");
    telegram.chat(1001).sees("Примите лекарство").await;

    // Its clock is not turned meanwhile: nothing runs out but in real time.
    let mut second_bot = only(&panel, "bot").await;
    bot.kill().await;
    let killed_at = Instant::now();
    let press = telegram.chat(1001).presses("Выполнено").unwrap();
    telegram.chat(1001).sees_popup(&press).await;
    assert!(killed_at.elapsed() < Duration::from_secs(10), "{:?}", killed_at.elapsed());

    let mut second_worker = only(&panel, "worker").await;
    panel.turn_to("2026-03-10T06:00:57Z");
    worker.kill().await;
    telegram.chat(1001).sees("Измерьте давление").await;
    panel.turn_to("2026-03-10T06:02:00Z");
    telegram.chat(1001).sees("Сделайте зарядку").await;
    for text in ["Примите лекарство", "Измерьте давление", "Сделайте зарядку"]
    {
        assert_eq!(telegram.chat(1001).sees_times(text, 1).await.len(), 1, "{text}");
    }
    for process in [&mut second_bot, &mut second_worker, &mut panel] {
        assert!(process.stop().await.status.success(), "{}", process.log());
    }
}

stories! {
    /// PT-D42
    async fn after_a_sigkill_everything_is_right_again_within_a_second_of_the_start(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        staff::plans(&mut anna, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        telegram.order(opora_testkit::Trouble::Hang).for_method("sendMessage").for_chat(1001).until_told_otherwise();
        opora.turn_to("2026-03-10T06:00:00Z");
        telegram.wait_for(|calls| calls.iter().any(|call| call.status == 0)).await;
        opora.kill().await;
        telegram.behave();
        // No time passes but what the start itself takes.
        opora.start().await;
        let ready_at = Instant::now();
        let repeated = telegram.chat(1001).sees("Примите лекарство").await;
        assert!(repeated.text.starts_with("Повтор:"), "{}", repeated.text);
        // One second, and some for a machine that is busy with other tests; no lease is so short.
        assert!(ready_at.elapsed() < Duration::from_secs(5), "{:?}", ready_at.elapsed());
    }
}
