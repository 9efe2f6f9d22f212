//! «Настройка системы».

use axum::http::StatusCode;
use opora_core::{on_backend, people::access::Actor, settings};
use opora_testkit::{MailTrouble, Security, SmtpSink, World, on_both_databases};

use crate::visit::{PASSWORD, Page, Visitor};

/// Opens the settings and saves them with these fields; what is not named stays as it stands in the form.
async fn save(visitor: &mut Visitor, fields: &[(&str, &str)]) -> Page {
    let form = visitor.get("/settings").await;
    let names =
        ["smtp_host", "smtp_port", "smtp_sender", "smtp_sender_name", "smtp_password", "admin_email", "version"];
    let values: Vec<_> = names
        .iter()
        .map(|name| {
            let stands = form.attribute(&format!("form[data-mail] [name={name}]"), "value").unwrap_or_default();
            let typed = fields.iter().find(|(field, _)| field == name).map(|(_, value)| (*value).to_owned());
            (*name, typed.unwrap_or(stands))
        })
        .collect();
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post("/settings", &values).await
}

/// A world that trusts the mail server, and an administrator who has entered it.
async fn with_mail(world: &mut World, mail: &SmtpSink) -> Visitor {
    let ca_file = mail.ca_file().to_owned();
    world.configure(|config| config.mail.ca_file = Some(ca_file));
    let mut administrator = Visitor::administrator(world).await;
    let port = mail.port().to_string();
    let fields = [
        ("smtp_host", mail.host()),
        ("smtp_port", port.as_str()),
        ("smtp_sender", SmtpSink::USER),
        ("smtp_password", SmtpSink::PASSWORD),
    ];
    assert_eq!(save(&mut administrator, &fields).await.location(), "/settings");
    administrator
}

on_both_databases! {
    /// PT-025, PT-034, PT-036, PT-037, PT-038, PT-039, PT-040, PT-041
    async fn the_page_has_the_labels_of_the_guide(world: World) {
        let page = Visitor::administrator(&world).await.get("/settings").await;
        insta::assert_snapshot!("the_settings", page.outline());
        let hint = page.text_of("#h-smtp_password");
        assert!(hint.contains("«Пароль и безопасность»") && hint.contains("«Пароль для внешних приложений»"), "{hint}");
        assert!(page.has("[data-check][disabled]"), "there is nothing saved to test");
    }

    /// PT-030, PT-034, PT-036, PT-039, PT-040
    async fn what_is_saved_stands_there_again(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let typed = [
            ("smtp_host", "smtp.mail.ru"),
            ("smtp_port", "465"),
            ("smtp_sender", "opora@mail.ru"),
            ("smtp_sender_name", "Соцзащита"),
            ("admin_email", "admin@example.ru"),
        ];
        assert_eq!(save(&mut administrator, &typed).await.location(), "/settings");
        let page = administrator.get("/settings").await;
        assert_eq!(page.text_of(".toast"), "Сохранено");
        for (name, value) in typed {
            assert_eq!(page.attribute(&format!("[name={name}]"), "value").as_deref(), Some(value));
        }
    }

    /// PT-035
    async fn a_port_is_a_number_up_to_65535(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        for wrong in ["0", "65536", "abc", "+25"] {
            let page = save(&mut administrator, &[("smtp_port", wrong), ("smtp_host", "smtp.mail.ru")]).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
            assert!(page.has("#e-smtp_port"));
            assert_eq!(page.attribute("[name=smtp_host]", "value").as_deref(), Some("smtp.mail.ru"));
        }
        assert_eq!(save(&mut administrator, &[("smtp_port", "65535")]).await.location(), "/settings");
    }

    /// PT-037
    async fn the_mail_password_is_never_shown_and_kept_when_untouched(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        save(&mut administrator, &[
            ("smtp_host", "smtp.mail.ru"), ("smtp_port", "465"), ("smtp_sender", "opora@mail.ru"),
            ("smtp_password", "very secret"),
        ]).await;
        let page = administrator.get("/settings").await;
        assert!(!page.body.contains("very secret"));
        assert_eq!(page.attribute("[name=smtp_password]", "value").as_deref(), Some(settings::PASSWORD_MASK));
        save(&mut administrator, &[("smtp_sender_name", "Опора")]).await;
        let mut work = world.look(Actor::System).await;
        let sender = settings::mail_sender(&mut work.tx, &world.app.sealer).await.expect("it can be read");
        assert_eq!(sender.expect("mail is set").password.reveal(), "very secret");
        let page = save(&mut administrator, &[("smtp_port", "x"), ("smtp_password", "another secret")]).await;
        assert!(!page.body.contains("another secret"));
    }

    /// PT-081
    async fn the_settings_are_not_saved_over_somebody_elses(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/settings").await;
        let version = page.attribute("[name=version]", "value").expect("a version");
        save(&mut administrator, &[("smtp_host", "smtp.mail.ru")]).await;
        let outdated = administrator.post("/settings", &[("smtp_host", "late.example"), ("version", &version)]).await;
        assert_eq!(outdated.status, StatusCode::CONFLICT);
        assert_eq!(outdated.attribute("[name=smtp_host]", "value").as_deref(), Some("late.example"));
        let page = administrator.get("/settings").await;
        assert_eq!(page.attribute("[name=smtp_host]", "value").as_deref(), Some("smtp.mail.ru"));
    }

    /// PT-041, PT-042, PT-044
    async fn the_test_of_the_connection_signs_in_and_sends_nothing(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        let mut administrator = with_mail(&mut world, &mail).await;
        let button = "[data-check]";
        assert_eq!(administrator.get("/settings").await.text_of(button), "Проверить соединение");
        let page = administrator.post("/settings/connection", &[]).await;
        assert_eq!(page.text_of(button), "Успешно", "{}", page.outline());
        assert_eq!(mail.logins().len(), 1);
        assert!(mail.letters().is_empty());
        assert_eq!(administrator.get("/settings").await.text_of(button), "Проверить соединение");
    }

    /// PT-043
    async fn without_a_connection_the_button_says_so_with_the_reason_below(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        let mut administrator = with_mail(&mut world, &mail).await;
        mail.always_makes_trouble(MailTrouble::LoginRefused);
        let page = administrator.post("/settings/connection", &[]).await;
        assert_eq!(page.text_of("[data-check]"), "Соединение отсутствует");
        assert!(page.text_of("[data-check-outcome] .field__error").contains("Сервер не принял адрес или пароль"));
        assert!(page.text_of("[data-check-outcome] details").contains("535"), "the technical text is folded away");
        assert!(!page.body.contains(SmtpSink::PASSWORD));
    }

    /// PT-028
    async fn the_main_login_can_be_changed(world: World) {
        let mut administrator = Visitor::administrator(&world).await;
        administrator.get("/settings").await;
        let refused = administrator.post("/settings/login", &[("login", "a b")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.has("#e-login"));
        assert_eq!(administrator.post("/settings/login", &[("login", "glavny")]).await.location(), "/settings");
        assert_eq!(Visitor::stranger(&world).sign_in("glavny", PASSWORD).await.location(), "/");
        let old = Visitor::stranger(&world).sign_in("admin", PASSWORD).await;
        assert_eq!(old.text_of("[role=alert]"), "Вы не зарегистрированы в ПО. Обратитесь к администратору");
    }

    /// PT-045
    async fn letters_that_were_not_sent_are_counted(world: World) {
        const SQL: &str = "INSERT INTO outbox
            (id, channel, recipient, priority, payload, state, due_at, attempt, is_repeat, created_at, finished_at)
            VALUES ($1, 'email', 'administrator', 2, '{}', 'failed', $2, 9, $3, $2, $2)";
        let mut administrator = Visitor::administrator(&world).await;
        assert!(!administrator.get("/settings").await.has("#unsent"));
        let mut tx = world.tx().await;
        let id = opora_core::foundation::ids::OutboxId::draw(world.app.clock.now(), &*world.app.chance);
        let now = world.app.clock.now();
        on_backend!(&mut tx, |c| sqlx::query(SQL).bind(id).bind(now).bind(false).execute(c).await.map(drop))
            .expect("a letter fails");
        tx.commit().await.expect("it is kept");
        assert_eq!(administrator.get("/settings").await.text_of("#unsent"), "Не отправлено писем: 1");
    }

    async fn curators_without_an_address_are_named(world: World) {
        world.curator("Иванова Анна").await;
        let page = Visitor::administrator(&world).await.get("/settings").await;
        assert!(page.text_of("#without-email").starts_with("У 1 соц. куратора не указана"), "{}", page.outline());
    }
}
