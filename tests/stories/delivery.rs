//! Sending stands still: everybody is told, the signs of life stop, and all is well again afterwards.

use chrono::TimeDelta;
use opora_testkit::{FakeTelegram, FakeWatch, Opora, Security, SmtpSink, telegram::Trouble};

use crate::{
    letters,
    operation::{figure, reaches},
    staff,
};

const LOOKS: &str = "opora_jobs_total{job=\"delivery watch\",result=\"ok\"}";

/// A minute passes, and the watch has looked in it.
async fn minute(opora: &Opora) {
    let looks = figure(opora, LOOKS).await;
    opora.advance(TimeDelta::minutes(1));
    reaches(opora, LOOKS, |now| now > looks).await;
}

fn subjects(mail: &SmtpSink) -> Vec<String> {
    let letters = mail.letters().into_iter().filter(|letter| letter.to.iter().any(|to| to == "admin@opora.test"));
    letters.map(|letter| letter.subject).collect()
}

stories! {
    async fn a_standstill_is_told_on_the_first_page_by_mail_and_by_silence(mut opora: Opora) {
        let (telegram, mail) = (FakeTelegram::start().await, SmtpSink::start(Security::StartTls).await);
        let outside = FakeWatch::start().await;
        opora.uses_telegram(&telegram);
        opora.trusts_mail(&mail);
        opora.set("OPORA_HEARTBEAT_URL", outside.url());
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        letters::sets_mail_up(&mut admin, &mail, SmtpSink::PASSWORD).await.says("Сохранено");
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;
        staff::plans(&mut anna, &maria, "Примите лекарство", "2026-03-10", "09:00").await;
        opora.advance(TimeDelta::minutes(1));
        outside.hears_more_than(0).await;
        admin.get("/delivery").await.says("Всё отправлено. Очередь пуста.").says("Работает");

        telegram.order(Trouble::ServerError).for_method("sendMessage").until_told_otherwise();
        let calls = telegram.calls_of("sendMessage").len();
        opora.turn_to("2026-03-10T06:00:00Z");
        telegram.wait_for(|all| all.iter().filter(|call| call.method == "sendMessage").count() > calls).await;
        for _ in 0..9 {
            minute(&opora).await;
        }
        admin.get("/today").await.says("Telegram: отправка стоит с 10.03.2026, 09:00").says("Открыть раздел «Доставка»");
        anna.get("/today").await.says("Telegram: отправка стоит").says("Администратор видит это");
        mail.letter_where("the standstill", |letter| letter.subject.contains("отправка стоит (Telegram)")).await;
        opora.says("sending stands still: telegram").await;
        let beats = outside.beats();
        for _ in 0..3 {
            minute(&opora).await;
        }
        assert_eq!(outside.beats(), beats, "silence calls for help");
        assert_eq!(subjects(&mail).len(), 1, "{:?}", subjects(&mail));

        telegram.behave();
        minute(&opora).await;
        telegram.chat(1001).sees("Примите лекарство").await;
        minute(&opora).await;
        mail.letter_where("the end", |letter| letter.subject.contains("отправка снова идёт (Telegram)")).await;
        let calm = admin.get("/today").await;
        assert!(!calm.text().contains("отправка стоит"), "{}", calm.text());
        minute(&opora).await;
        outside.hears_more_than(beats).await;
        assert_eq!(subjects(&mail).len(), 2);
        let ended = opora.stop().await;
        assert!(ended.status.success(), "{}", ended.log);
        assert!(!ended.log.contains(FakeWatch::SECRET), "the address is a secret");
    }
}
