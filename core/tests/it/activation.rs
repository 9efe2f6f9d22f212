//! Activation codes and bot links.

use chrono::TimeDelta;
use opora_core::{
    foundation::{
        config::BotMode,
        errors::Failure,
        ids::{PersonId, SubmissionId},
    },
    messaging::messenger::Messenger,
    patronage::{
        activation::{self, Activated, Activation, LinkState},
        citizens::{self, CitizenForm},
    },
    people::access::Actor,
};
use opora_testkit::{Curator, World, on_both_databases};

async fn register(world: &World, curator: &Curator, surname: &str) -> PersonId {
    let form = CitizenForm {
        surname: surname.into(),
        name: "Мария".into(),
        phone: "+7 913 000-00-00".into(),
        ..CitizenForm::default()
    };
    let mut work = world.begin(curator.actor()).await;
    let submission = SubmissionId::draw(work.now, &*world.app.chance);
    let person = citizens::register(&mut work, &form, submission, false).await.unwrap().person;
    work.commit().await.unwrap();
    person
}

async fn state(world: &World, curator: &Curator, person: PersonId) -> Activation {
    activation::state_of(&mut world.look(curator.actor()).await, person).await.unwrap()
}

async fn code(world: &World, curator: &Curator, person: PersonId) -> String {
    match state(world, curator, person).await {
        Activation::Waiting { code, .. } => code,
        other => panic!("no code: {other:?}"),
    }
}

async fn send(world: &World, account: &str, text: &str) -> Activated {
    let mut work = world.begin(Actor::Stranger { address: account.into() }).await;
    let answer = activation::activate(&mut work, Messenger::Telegram, account, account, text).await.unwrap();
    work.commit().await.unwrap();
    answer
}

async fn extend(world: &World, curator: &Curator, person: PersonId) -> Result<(), Failure> {
    let mut work = world.begin(curator.actor()).await;
    activation::extend(&mut work, person).await?;
    Ok(work.commit().await?)
}

async fn renew(world: &World, curator: &Curator, person: PersonId) -> Result<(), Failure> {
    let mut work = world.begin(curator.actor()).await;
    activation::renew(&mut work, person).await?;
    Ok(work.commit().await?)
}

on_both_databases! {
    /// PT-082, PT-084, PT-088
    async fn a_code_is_made_with_the_card_and_works_once(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        let Activation::Waiting { code, valid_until } = state(&world, &anna, maria).await else { panic!("no code") };
        assert!(code.len() == 10 && code.bytes().all(|byte| byte.is_ascii_digit()));
        assert_eq!(valid_until, world.app.clock.now() + TimeDelta::hours(72));
        let spaced = format!(" {} {}", &code[..5], &code[5..]);
        assert_eq!(send(&world, "1001", &spaced).await, Activated::Linked { person: maria });
        assert_eq!(send(&world, "1002", &code).await, Activated::WrongCode);
        let Activation::Connected { links, blocked } = state(&world, &anna, maria).await else { panic!("not connected") };
        assert_eq!((links.len(), links[0].messenger, blocked), (1, Messenger::Telegram, false));
        assert_eq!(world.count("activation_codes WHERE code IS NOT NULL").await, 0, "the value is erased");
        assert_eq!(world.count("activation_codes WHERE state = 'used'").await, 1);
    }

    /// PT-085, PT-086, PT-D14
    async fn an_expired_code_is_refused_until_it_is_extended(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        let code = code(&world, &anna, maria).await;
        world.clock.advance(TimeDelta::hours(72));
        assert!(matches!(state(&world, &anna, maria).await, Activation::Expired { .. }));
        for _ in 0..6 {
            assert_eq!(send(&world, "1001", &code).await, Activated::Expired, "an expired code is no wrong code");
        }
        extend(&world, &anna, maria).await.unwrap();
        let Activation::Waiting { code: same, valid_until } = state(&world, &anna, maria).await else { panic!("no code") };
        assert_eq!((same, valid_until), (code.clone(), world.app.clock.now() + TimeDelta::hours(72)));
        assert_eq!(send(&world, "1001", &code).await, Activated::Linked { person: maria });
    }

    /// PT-087
    async fn a_code_may_be_extended_without_end(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        let first = code(&world, &anna, maria).await;
        for _ in 0..20 {
            world.clock.advance(TimeDelta::days(4));
            extend(&world, &anna, maria).await.unwrap();
        }
        assert_eq!(code(&world, &anna, maria).await, first);
        assert_eq!(world.count("activation_codes WHERE state = 'extended' AND extensions = 20").await, 1);
    }

    /// PT-086, PT-D13
    async fn an_extension_changes_neither_a_valid_nor_a_used_code(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        let before = state(&world, &anna, maria).await;
        world.clock.advance(TimeDelta::hours(1));
        extend(&world, &anna, maria).await.unwrap();
        assert_eq!(state(&world, &anna, maria).await, before);
        let code = code(&world, &anna, maria).await;
        send(&world, "1001", &code).await;
        let Err(Failure::Refused(say)) = extend(&world, &anna, maria).await else { panic!("extended") };
        assert_eq!(world.app.house_words().say(&say), "Код уже использован");
    }

    /// PT-090
    async fn five_wrong_codes_close_the_door_for_longer_each_time(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        let code = code(&world, &anna, maria).await;
        let wrong = if code == "0000000000" { "0000000001" } else { "0000000000" };
        for minutes in [30, 60, 120] {
            for _ in 0..5 {
                assert_eq!(send(&world, "1001", wrong).await, Activated::WrongCode);
            }
            assert_eq!(send(&world, "1001", &code).await, Activated::TooMany { minutes }, "not even the right one");
            world.clock.advance(TimeDelta::minutes(minutes) - TimeDelta::seconds(1));
            assert_eq!(send(&world, "1001", &code).await, Activated::TooMany { minutes: 1 });
            world.clock.advance(TimeDelta::seconds(1));
        }
        assert_eq!(send(&world, "1002", "12").await, Activated::WrongCode, "other accounts are not concerned");
        assert_eq!(send(&world, "1001", &code).await, Activated::Linked { person: maria }, "the code was not consumed");
    }

    /// PT-D14
    async fn small_talk_is_not_counted(world: World) {
        for _ in 0..20 {
            assert_eq!(send(&world, "1001", "Здравствуйте!").await, Activated::NotACode);
        }
        assert_eq!(world.count("throttles").await, 0);
    }

    /// PT-D15
    async fn a_linked_account_leaves_a_second_code_unused(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let [maria, olga] = [register(&world, &anna, "Петрова").await, register(&world, &anna, "Орлова").await];
        let [first, second] = [code(&world, &anna, maria).await, code(&world, &anna, olga).await];
        send(&world, "1001", &first).await;
        assert_eq!(send(&world, "1001", &second).await, Activated::AlreadyLinked);
        assert_eq!(code(&world, &anna, olga).await, second);
        assert_eq!(world.count("throttles WHERE failures > 0").await, 0);
    }

    /// PT-D15
    async fn of_many_accounts_with_one_code_exactly_one_wins(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        let code = code(&world, &anna, maria).await;
        let accounts: Vec<String> = (0..8).map(|n| format!("20{n}")).collect();
        let answers = futures::future::join_all(accounts.iter().map(|account| send(&world, account, &code))).await;
        let won = answers.iter().filter(|answer| matches!(answer, Activated::Linked { .. })).count();
        let refused = answers.iter().filter(|answer| matches!(answer, Activated::WrongCode)).count();
        assert_eq!((won, refused), (1, 7));
        assert_eq!(world.count("links").await, 1);
    }

    /// PT-D15
    async fn of_two_codes_from_one_account_exactly_one_is_used(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let [maria, olga] = [register(&world, &anna, "Петрова").await, register(&world, &anna, "Орлова").await];
        let [first, second] = [code(&world, &anna, maria).await, code(&world, &anna, olga).await];
        let answers = tokio::join!(send(&world, "1001", &first), send(&world, "1001", &second));
        let won = [&answers.0, &answers.1].into_iter().filter(|answer| matches!(answer, Activated::Linked { .. })).count();
        assert_eq!(won, 1, "{answers:?}");
        assert_eq!(world.count("activation_codes WHERE code IS NOT NULL").await, 1);
    }

    /// PT-091, PT-D16
    async fn a_disconnected_account_is_told_and_a_new_code_is_issued(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        let old = code(&world, &anna, maria).await;
        send(&world, "1001", &old).await;
        renew(&world, &anna, maria).await.unwrap();
        let new = code(&world, &anna, maria).await;
        assert_ne!(new, old);
        assert_eq!(world.count("outbox WHERE recipient = '1001' AND CAST(payload AS TEXT) LIKE '%Доступ к боту отключен%'").await, 1);
        let mut tx = world.tx().await;
        assert_eq!(activation::link_of(&mut tx, Messenger::Telegram, "1001").await.unwrap(), None);
        drop(tx);
        assert_eq!(send(&world, "1001", &new).await, Activated::Linked { person: maria }, "the same account may come back");
    }

    /// PT-091, machine 3.1
    async fn a_new_code_makes_the_old_one_unknown(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        let old = code(&world, &anna, maria).await;
        renew(&world, &anna, maria).await.unwrap();
        assert_eq!(send(&world, "1001", &old).await, Activated::WrongCode);
        assert_eq!(world.count("activation_codes WHERE state = 'revoked'").await, 1);
    }

    /// PT-281
    async fn a_foreign_code_can_be_neither_seen_nor_extended(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        let maria = register(&world, &anna, "Петрова").await;
        let mut work = world.look(boris.actor()).await;
        assert!(matches!(activation::state_of(&mut work, maria).await, Err(Failure::NotFound)));
        drop(work);
        assert!(matches!(extend(&world, &boris, maria).await, Err(Failure::NotFound)));
        assert!(matches!(renew(&world, &boris, maria).await, Err(Failure::NotFound)));
    }

    /// PT-082, PT-D18: a card with neither code nor link says so and gets a code.
    async fn a_card_without_code_and_link_gets_a_code(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let person = register(&world, &anna, "Петрова").await;
        let mut tx = world.tx().await;
        let sql = "UPDATE activation_codes SET code = NULL, state = 'revoked'";
        opora_core::on_backend!(&mut tx, |c| sqlx::query(sql).execute(c).await.map(drop)).unwrap();
        tx.commit().await.unwrap();
        assert_eq!(state(&world, &anna, person).await, Activation::Missing);
        extend(&world, &anna, person).await.unwrap();
        assert_eq!(code(&world, &anna, person).await.len(), 10);
    }

    /// PT-D17, machine 3.2
    async fn a_block_is_news_once_and_a_return_too(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let mut work = world.begin(Actor::System).await;
        let blocked = activation::mark_blocked(&mut work, Messenger::Telegram, "1001").await.unwrap();
        assert_eq!(blocked, Some(maria.person));
        assert_eq!(activation::mark_blocked(&mut work, Messenger::Telegram, "1001").await.unwrap(), None);
        let links = activation::live_links(&mut work.tx, maria.person).await.unwrap();
        assert_eq!(links[0].state, LinkState::Blocked);
        let back = activation::mark_unblocked(&mut work, Messenger::Telegram, "1001").await.unwrap();
        assert_eq!(back, Some(maria.person));
        assert_eq!(activation::mark_unblocked(&mut work, Messenger::Telegram, "1001").await.unwrap(), None);
        assert_eq!(activation::mark_blocked(&mut work, Messenger::Telegram, "9999").await.unwrap(), None);
    }

    /// PT-D18, PT-011
    async fn without_bots_there_are_no_codes_and_switching_them_on_issues_them(mut world: World) {
        world.configure(|config| config.bot_mode = BotMode::Off);
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = register(&world, &anna, "Петрова").await;
        assert_eq!(state(&world, &anna, maria).await, Activation::NotNeeded);
        assert_eq!(world.count("activation_codes").await, 0);
        world.citizen("Орлова Ольга").of(&anna).linked("1001").await;
        world.configure(|config| config.bot_mode = BotMode::On);
        assert_eq!(activation::issue_missing(&world.app).await.unwrap(), 1);
        assert_eq!(activation::issue_missing(&world.app).await.unwrap(), 0);
        assert_eq!(code(&world, &anna, maria).await.len(), 10);
    }
}
