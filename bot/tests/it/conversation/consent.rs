//! Consent before the account is connected.

use opora_core::{patronage::consent, people::access::Actor};
use opora_testkit::{World, on_both_databases};

use super::{chat, connecting::code_of};

const TEXT: &str = "Согласны ли Вы на обработку данных?";

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

    /// PT-090: wrong codes count before consent as well.
    async fn a_wrong_code_asks_for_nothing(mut world: World) {
        asking(&mut world);
        let mut phone = chat(&world, "1001");
        phone.says("0000000000").await.sees(&["Неверный код активации. Проверьте код и отправьте его еще раз"]);
        assert_eq!(world.count("throttles WHERE failures = 1 AND subject LIKE 'activation:%'").await, 1);
    }
}
