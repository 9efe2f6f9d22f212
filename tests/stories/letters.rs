//! Mail: set up in the panel, sent to curator and administrator.

use opora_testkit::{FakeTelegram, MailTrouble, Opora, Page, Security, SmtpSink, Visitor};

use crate::staff;

/// The administrator fills in the mail settings.
pub async fn sets_mail_up(admin: &mut Visitor, mail: &SmtpSink, password: &str) -> Page {
    let page = admin.get("/settings").await;
    let form = page.form("/settings").with("smtp_host", mail.host());
    let form = form.with("smtp_port", &mail.port().to_string()).with("smtp_sender", SmtpSink::USER);
    let form = form.with("smtp_sender_name", "Дневник самоконтроля").with("smtp_password", password);
    admin.submit(form.with("admin_email", "admin@opora.test")).await
}

async fn checks_the_connection(admin: &mut Visitor) -> Page {
    let page = admin.get("/settings").await;
    admin.submit(page.form("/settings/connection")).await
}

stories! {
    /// PT-043, PT-047
    async fn the_administrator_learns_whether_the_mail_server_takes_his_password(mut opora: Opora) {
        let mail = SmtpSink::start(Security::StartTls).await;
        opora.trusts_mail(&mail);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        sets_mail_up(&mut admin, &mail, "не тот пароль").await.says("Сохранено");
        checks_the_connection(&mut admin).await.says("Соединение отсутствует");
        sets_mail_up(&mut admin, &mail, SmtpSink::PASSWORD).await.says("Сохранено");
        checks_the_connection(&mut admin).await.says("Успешно");
        let accepted: Vec<_> = mail.logins().into_iter().map(|login| login.is_accepted).collect();
        assert_eq!(accepted, [false, true]);
        mail.always_makes_trouble(MailTrouble::NoTls);
        checks_the_connection(&mut admin).await.says("Соединение отсутствует");
    }

    /// PT-137, PT-044
    async fn a_request_for_contact_reaches_the_curator_by_mail_even_after_an_outage(mut opora: Opora) {
        let (telegram, mail) = (FakeTelegram::start().await, SmtpSink::start(Security::StartTls).await);
        opora.uses_telegram(&telegram);
        opora.trusts_mail(&mail);
        opora.start().await;
        let mut admin = staff::administrator(&opora).await;
        sets_mail_up(&mut admin, &mail, SmtpSink::PASSWORD).await.says("Сохранено");
        let mut anna = staff::curator(&opora, &mut admin, "Иванова", "anna").await;
        let maria = staff::citizen(&mut anna, "Петрова", "8 913 123-45-67").await;
        staff::connects(&telegram, 1001, &maria).await;

        mail.makes_trouble(MailTrouble::Temporary, 1);
        telegram.chat(1001).presses("Запросить связь");
        telegram.chat(1001).sees("Запрос на связь отправлен").await;
        opora.says("a letter waits for its next try").await;
        opora.advance(chrono::TimeDelta::hours(1));
        let letter = mail.letter_to("anna@opora.test").await;
        assert!(letter.text.contains("Петрова"), "{letter:?}");
        assert_eq!(letter.sender_name, "Дневник самоконтроля");
        mail.letter_to("admin@opora.test").await;
        assert!(opora.stop().await.status.success(), "{}", opora.log());
        assert_eq!(mail.letters().len(), 2);
    }
}
