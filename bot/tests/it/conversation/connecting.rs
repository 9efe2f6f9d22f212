//! From «Старт» to the menu, and back.

use opora_core::{
    messaging::message::Event,
    patronage::activation::{self, Activation},
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};

use super::chat;

pub async fn code_of(world: &World, citizen: &Citizen) -> String {
    let administrator = world.administrator().await;
    renewed(world, &administrator, citizen).await
}

/// A new code; the old one is revoked.
async fn renewed(world: &World, author: &Actor, citizen: &Citizen) -> String {
    let mut work = world.begin(author.clone()).await;
    activation::renew(&mut work, citizen.person).await.expect("a code can be issued");
    let state = activation::state_of(&mut work, citizen.person).await.expect("the state is known");
    work.commit().await.expect("it stays");
    match state {
        Activation::Waiting { code, .. } => code,
        other => panic!("no code waits: {other:?}"),
    }
}

on_both_databases! {
    /// PT-106, PT-107, PT-108, PT-110
    async fn a_citizen_connects_with_the_code_and_gets_the_menu(world: World) {
        let maria = world.citizen("Петрова Мария").await;
        let code = code_of(&world, &maria).await;
        let mut phone = chat(&world, "1001");
        phone.starts(None).await.sees(&["Введите код активации"]).without_menu();
        phone.says("Здравствуйте").await.sees(&["Введите код активации"]);
        phone.says("0000000000").await.sees(&["Неверный код активации. Проверьте код и отправьте его еще раз"]);
        phone.says(&format!("{} {}", &code[..5], &code[5..])).await.sees(&["Успешная активация"]).with_menu();
    }

    /// PT-109: nobody learns which codes there were.
    async fn an_unknown_a_used_and_a_revoked_code_are_answered_alike(world: World) {
        const WRONG: &str = "Неверный код активации. Проверьте код и отправьте его еще раз";
        let (maria, ivan) = (world.citizen("Петрова Мария").await, world.citizen("Сидоров Иван").await);
        let author = world.administrator().await;
        let used = renewed(&world, &author, &maria).await;
        chat(&world, "1001").says(&used).await.sees(&["Успешная активация"]);
        let waiting = activation::state_of(&mut world.look(Actor::System).await, ivan.person).await;
        let Ok(Activation::Waiting { code: revoked, .. }) = waiting else { panic!("no code waits") };
        let valid = renewed(&world, &author, &ivan).await;
        let mut phone = chat(&world, "1002");
        for code in ["0000000000", &used, &revoked] {
            phone.says(code).await.sees(&[WRONG]).without_menu();
        }
        phone.says(&valid).await.sees(&["Успешная активация"]);
    }

    /// PT-083
    async fn a_link_with_the_code_connects_at_once(world: World) {
        let maria = world.citizen("Петрова Мария").await;
        let code = code_of(&world, &maria).await;
        chat(&world, "1001").starts(Some(&code)).await.sees(&["Успешная активация"]).with_menu();
    }

    /// PT-085
    async fn an_expired_code_is_refused_in_its_own_words(world: World) {
        let maria = world.citizen("Петрова Мария").await;
        let code = code_of(&world, &maria).await;
        world.clock.advance(world.app.config.activation_code_life());
        chat(&world, "1001").says(&code).await.sees(&["Срок действия кода истек. Обратитесь к соц. куратору"]);
    }

    /// PT-090
    async fn the_sixth_code_after_five_wrong_ones_is_refused_even_if_right(world: World) {
        let maria = world.citizen("Петрова Мария").await;
        let code = code_of(&world, &maria).await;
        let mut phone = chat(&world, "1001");
        for _ in 0..5 {
            phone.says("1111111111").await;
        }
        phone.says(&code).await.sees(&["Слишком много попыток. Повторите через 30 минут"]);
        world.clock.advance_seconds(30 * 60);
        phone.says(&code).await.sees(&["Успешная активация"]);
    }

    /// PT-D15
    async fn a_second_code_on_a_connected_account_stays_unused(world: World) {
        world.citizen("Петрова Мария").linked("1001").await;
        let ivan = world.citizen("Сидоров Иван").await;
        let code = code_of(&world, &ivan).await;
        let mut phone = chat(&world, "1001");
        phone.says(&code).await.sees(&["Этот аккаунт Telegram уже подключен"]);
        phone.starts(Some(&code)).await.sees(&["Этот аккаунт Telegram уже подключен"]);
        chat(&world, "1002").says(&code).await.sees(&["Успешная активация"]);
    }

    /// PT-138: nothing of a stranger is kept, nothing is disclosed.
    async fn a_stranger_is_asked_for_the_code_whatever_he_does(world: World) {
        let mut phone = chat(&world, "666");
        phone.sends("справка.pdf", 100).await.sees(&["Введите код активации"]);
        phone.says("Запросить связь").await.sees(&["Введите код активации"]);
        phone.does(Event::Unsupported).await.sees(&["Введите код активации"]);
        phone.presses("1dAAAAAAAAAAAAAAAAAAAAAA").await.sees(&["Введите код активации", "Введите код активации"]);
        assert_eq!(world.count("files").await + world.count("contacts").await, 0);
    }

    /// PT-091: after «Отключить бот» the old account knows nothing any more.
    async fn a_disconnected_account_is_a_stranger(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        code_of(&world, &maria).await;
        let mut phone = chat(&world, "1001");
        for _ in 0..6 {
            phone.says("3 дня").await.sees(&["Введите код активации"]).without_menu();
        }
    }

    /// PT-141, PT-D17
    async fn who_blocked_the_bot_comes_back_without_a_code(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let mut phone = chat(&world, "1001");
        phone.does(Event::Blocked).await.sees(&[]);
        let mut work = world.look(Actor::System).await;
        let state = activation::state_of(&mut work, maria.person).await.expect("the state is known");
        assert!(matches!(state, Activation::Connected { blocked: true, .. }), "{state:?}");
        drop(work);
        phone.does(Event::Unblocked).await.sees(&["Вы снова с нами. Напоминания продолжатся по плану"]).with_menu();
        phone.does(Event::Blocked).await;
        phone.starts(None).await.sees(&["Выберите, что показать"]).with_menu();
        assert_eq!(world.count("links WHERE state = 'linked'").await, 1);
    }

    /// PT-140
    async fn the_bot_leaves_groups(world: World) {
        chat(&world, "-100500").does(Event::NotPrivate).await.sees(&["(leaves)"]);
    }
}
