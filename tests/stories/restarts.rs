//! Nothing acknowledged is lost, however the program ends.

use chrono::TimeDelta;
use opora_testkit::{FakeTelegram, Opora, Trouble, telegram::Call};

use crate::staff;

const CHATS: [i64; 4] = [1001, 1002, 1003, 1004];

stories! {
    async fn reminders_that_came_due_while_the_power_was_out_arrive_once(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        for chat in CHATS {
            let card = staff::citizen(&mut anna, &format!("Петрова{chat}"), &format!("8 913 123-{chat}")).await;
            staff::connects(&telegram, chat, &card).await;
            staff::plans(&mut anna, &card, "Примите лекарство", "2026-03-10", "09:00").await;
        }
        opora.kill().await;
        opora.turn_to("2026-03-10T06:10:00Z");
        opora.start().await;
        for chat in CHATS {
            telegram.chat(chat).sees("Примите лекарство").await;
        }
        assert!(opora.stop().await.status.success(), "{}", opora.log());
        for chat in CHATS {
            assert_eq!(telegram.chat(chat).sees_times("Примите лекарство", 1).await.len(), 1);
        }
        opora.start().await;
        telegram.everything_is_read().await;
        assert_eq!(telegram.chat(1001).sees_times("Примите лекарство", 1).await.len(), 1, "a restart repeats nothing");
    }

    async fn what_citizens_say_while_the_program_is_dead_is_answered_when_it_lives(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        staff::plans(&mut anna, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        opora.turn_to("2026-03-10T06:00:00Z");
        telegram.chat(1001).sees_button("Выполнено").await;
        staff::sees_dots(&mut anna, &maria, "2026-03-10", &["Отправлено"]).await;
        opora.kill().await;
        let press = telegram.chat(1001).presses("Выполнено").unwrap();
        // On PostgreSQL a process that died keeps its place at the bot for ten seconds.
        opora.advance(TimeDelta::seconds(11));
        opora.start().await;
        telegram.chat(1001).sees_popup(&press).await;
        assert_eq!(staff::dots(&mut anna, &maria, "2026-03-10").await, ["Выполнено"]);
    }

    /// PT-D42
    async fn a_message_whose_arrival_is_unknown_is_repeated_once_and_says_so(mut opora: Opora) {
        let telegram = FakeTelegram::start().await;
        opora.uses_telegram(&telegram);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        staff::plans(&mut anna, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        telegram.order(Trouble::Hang).for_method("sendMessage").for_chat(1001).until_told_otherwise();
        opora.turn_to("2026-03-10T06:00:00Z");
        let is_reminder = |call: &Call| {
            call.params["text"].as_str().is_some_and(|text| text.contains("Примите лекарство"))
        };
        telegram.wait_for(|calls| calls.iter().any(is_reminder)).await;
        opora.kill().await;
        telegram.behave();
        opora.advance(TimeDelta::minutes(5));
        opora.start().await;
        let repeated = telegram.chat(1001).sees("Примите лекарство").await;
        assert!(repeated.text.starts_with("Повтор:"), "{}", repeated.text);
        assert!(opora.stop().await.status.success(), "{}", opora.log());
        assert_eq!(telegram.calls().iter().filter(|call| is_reminder(call)).count(), 2);
    }
}
