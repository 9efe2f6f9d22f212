//! «Настройка системы» and the audit.

use opora_core::{
    App, audit,
    foundation::{errors::Failure, secrets::Sealer},
    people::access::Actor,
    settings::{self, PASSWORD_MASK, SettingsForm},
};
use opora_testkit::{World, on_both_databases};

fn form() -> SettingsForm {
    SettingsForm {
        admin_email: "chief@example.ru".into(),
        smtp_host: "smtp.mail.ru".into(),
        smtp_port: "465".into(),
        smtp_sender: "opora@example.ru".into(),
        smtp_password: "application password".into(),
        smtp_sender_name: "Опора".into(),
        version: "1".into(),
    }
}

async fn save(world: &World, actor: &Actor, form: SettingsForm) -> Result<(), Failure> {
    let mut work = world.begin(actor.clone()).await;
    settings::save(&mut work, form).await?;
    Ok(work.commit().await?)
}

async fn password(app: &App, sealer: &Sealer) -> Option<String> {
    let mut tx = app.db.read().await.unwrap();
    let sender = settings::mail_sender(&mut tx, sealer).await.unwrap();
    sender.map(|sender| sender.password.reveal().to_owned())
}

on_both_databases! {
    /// PT-034, PT-036, PT-037, PT-039, PT-040
    async fn what_was_saved_comes_back_without_the_password(world: World) {
        let chief = world.administrator().await;
        save(&world, &chief, form()).await.unwrap();
        let mut work = world.look(chief).await;
        let saved = settings::get(&mut work).await.unwrap();
        assert!(saved.mail_is_set() && saved.has_smtp_password);
        assert_eq!(saved.smtp_host.as_deref(), Some("smtp.mail.ru"));
        assert_eq!(saved.smtp_port, Some(465));
        assert_eq!(saved.admin_email.as_deref(), Some("chief@example.ru"));
        assert_eq!(password(&world.app, &world.app.sealer).await.as_deref(), Some("application password"));
        assert_eq!(world.count("settings WHERE CAST(smtp_password AS TEXT) LIKE '%application%'").await, 0, "encrypted");
    }

    /// PT-037
    async fn an_untouched_password_field_keeps_the_password(world: World) {
        let chief = world.administrator().await;
        save(&world, &chief, form()).await.unwrap();
        for (version, untouched) in [("2", PASSWORD_MASK), ("3", "")] {
            let untouched = SettingsForm { smtp_password: untouched.into(), version: version.into(), ..form() };
            save(&world, &chief, untouched).await.unwrap();
            assert_eq!(password(&world.app, &world.app.sealer).await.as_deref(), Some("application password"));
        }
        let anew = SettingsForm { smtp_password: "another".into(), version: "4".into(), ..form() };
        save(&world, &chief, anew).await.unwrap();
        assert_eq!(password(&world.app, &world.app.sealer).await.as_deref(), Some("another"));
        assert_eq!(password(&world.app, &Sealer::with_key([7; 32])).await, None, "another key file: not set");
    }

    /// PT-035
    async fn impossible_values_are_refused_field_by_field(world: World) {
        let chief = world.administrator().await;
        for port in ["0", "65536", "letters", "-1", "+25", "2 5"] {
            let Err(Failure::Invalid(complaints)) =
                save(&world, &chief, SettingsForm { smtp_port: port.into(), ..form() }).await
            else {
                panic!("{port} was taken");
            };
            assert!(complaints.about("smtp_port").is_some());
        }
        let wrong = SettingsForm {
            admin_email: "a@".into(),
            smtp_sender: "nobody".into(),
            smtp_host: "a host".into(),
            ..form()
        };
        let Err(Failure::Invalid(complaints)) = save(&world, &chief, wrong).await else { panic!("taken") };
        let fields: Vec<&str> = complaints.iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["admin_email", "smtp_host", "smtp_sender"]);
    }

    async fn of_two_people_who_save_the_second_is_told(world: World) {
        let chief = world.administrator().await;
        save(&world, &chief, form()).await.unwrap();
        assert!(matches!(save(&world, &chief, form()).await, Err(Failure::Stale)));
    }

    /// PT-025
    async fn a_curator_has_no_business_here(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        assert!(matches!(save(&world, &anna.actor(), form()).await, Err(Failure::Forbidden)));
        let mut work = world.look(anna.actor()).await;
        assert!(matches!(settings::get(&mut work).await, Err(Failure::Forbidden)));
        assert!(matches!(audit::of_subject(&mut work, anna.person.0, None).await, Err(Failure::Forbidden)));
    }

    /// PT-285
    async fn the_audit_keeps_old_and_new_values_but_no_password(world: World) {
        let chief = world.administrator().await;
        save(&world, &chief, form()).await.unwrap();
        let changed = SettingsForm { smtp_port: "587".into(), smtp_password: "secret".into(), version: "2".into(), ..form() };
        save(&world, &chief, changed).await.unwrap();
        assert_eq!(world.count("audit WHERE action = 'settings.changed' AND address IS NOT NULL").await, 2);
        assert_eq!(world.count("audit WHERE CAST(changes AS TEXT) LIKE '%587%' AND CAST(changes AS TEXT) LIKE '%465%'").await, 1);
        for secret in ["application", "secret"] {
            assert_eq!(world.count(&format!("audit WHERE CAST(changes AS TEXT) LIKE '%{secret}%'")).await, 0);
        }
    }
}
