//! Consent before the account is connected.

use opora_core::{patronage::consent, people::access::Actor};
use opora_testkit::{World, on_both_databases};

use super::{chat, connecting::code_of};

const TEXT: &str = "Согласны ли Вы на обработку данных?";
/// What stands above the question to those who are connected.
const ANEW: &str = "Пожалуйста, прочитайте согласие на обработку персональных данных и нажмите «Согласен». Напоминания приходят как прежде.";

fn asking(world: &mut World) {
    world.configure(|config| {
        config.consent.required = true;
        config.consent.text = TEXT.into();
    });
}

on_both_databases! {
    /// PT-D56: until the press nothing but the question is sent, and the code stays.
    async fn nobody_is_connected_before_he_agrees(mut world: World) {
        asking(&mut world);
        let maria = world.citizen("Петрова Мария").await;
        let code = code_of(&world, &maria).await;
        let mut phone = chat(&world, "1001");
        phone.says(&code).await.sees(&[TEXT]).without_menu();
        assert_eq!((world.count("links").await, world.count("consents").await), (0, 0));
        let agree = phone.button("Согласен");
        phone.says("А зачем?").await.sees(&["Введите код активации"]);
        phone.presses(agree).await;
        assert_eq!(world.count("links").await, 0, "the code was forgotten with the message");
        phone.says(&code).await;
        let agree = phone.button("Согласен");
        phone.presses(agree).await.with_menu();
        assert!(phone.texts().iter().any(|text| text == "Успешная активация"));
        let mut work = world.look(Actor::System).await;
        let given = consent::latest(&mut work, maria.person).await.unwrap().expect("it is kept");
        assert_eq!(given.version, consent::version(TEXT));
        assert_eq!(world.count(&format!("consent_texts WHERE text = '{TEXT}'")).await, 1, "the very text");
    }

    async fn an_old_button_does_not_agree_to_a_new_text(mut world: World) {
        asking(&mut world);
        let maria = world.citizen("Петрова Мария").await;
        let code = code_of(&world, &maria).await;
        let agree = {
            let mut phone = chat(&world, "1001");
            phone.says(&code).await;
            phone.button("Согласен")
        };
        world.configure(|config| config.consent.text = "Другое".into());
        let mut phone = chat(&world, "1001");
        phone.presses(agree).await;
        assert_eq!((world.count("links").await, world.count("consents").await), (0, 0));
    }

    /// PT-D56: who was connected before is asked when he next says something; what he said is done all the same.
    async fn who_is_connected_already_is_asked_at_the_next_contact(mut world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        chat(&world, "1001").says("3 дня").await.sees(&["На выбранный период напоминаний нет"]);
        asking(&mut world);
        let mut phone = chat(&world, "1001");
        phone.says("3 дня").await.sees(&["На выбранный период напоминаний нет", ANEW, TEXT]);
        let agree = phone.button("Согласен");
        phone.says("7 дней").await.sees(&["На выбранный период напоминаний нет"]);
        world.clock.advance(chrono::TimeDelta::days(1));
        phone.sends("справка.pdf", 10).await.sees(&[ANEW, TEXT]);
        assert_eq!((world.count("files").await, world.count("consents").await), (1, 0));
        phone.presses(agree).await.sees(&["Согласие получено", "Сообщение\n\nСогласие получено"]);
        phone.presses(agree).await.sees(&["Согласие получено"]);
        assert_eq!(world.count("consents").await, 1, "once");
        assert_eq!(world.count("audit WHERE action = 'consent.given'").await, 1);
        phone.says("3 дня").await.sees(&["На выбранный период напоминаний нет"]);
        let given = consent::latest(&mut world.look(Actor::System).await, maria.person).await.unwrap();
        assert_eq!(given.expect("it is kept").version, consent::version(TEXT));
    }

    /// PT-D56: another text is another consent; the button of the old one agrees to nothing.
    async fn a_text_that_changed_is_asked_for_anew(mut world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        asking(&mut world);
        let old = {
            let mut phone = chat(&world, "1001");
            phone.says("3 дня").await;
            phone.button("Согласен")
        };
        world.configure(|config| config.consent.text = "Другое".into());
        let mut phone = chat(&world, "1001");
        phone.presses(old).await.sees(&["Эта кнопка больше не действует", ANEW, "Другое"]);
        assert_eq!(world.count("consents").await, 0);
        let agree = phone.button("Согласен");
        phone.presses(agree).await;
        assert_eq!(world.count("consents").await, 1);
        world.configure(|config| config.consent.text = "Третье".into());
        let mut phone = chat(&world, "1001");
        phone.starts(None).await.with_menu();
        let agree = phone.button("Согласен");
        phone.presses(agree).await;
        assert_eq!((world.count("consents").await, world.count("consent_texts").await), (2, 2), "both are kept");
        world.configure(|config| config.consent.required = false);
        chat(&world, "1001").presses(agree).await.sees(&["Эта кнопка больше не действует"]);
    }

    /// PT-090: wrong codes count before consent as well.
    async fn a_wrong_code_asks_for_nothing(mut world: World) {
        asking(&mut world);
        let mut phone = chat(&world, "1001");
        phone.says("0000000000").await.sees(&["Неверный код активации. Проверьте код и отправьте его еще раз"]);
        assert_eq!(world.count("throttles WHERE failures = 1 AND subject LIKE 'activation:%'").await, 1);
    }
}
