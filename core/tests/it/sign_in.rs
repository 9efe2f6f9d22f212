//! Signing in, sessions, passwords and counters.

use chrono::TimeDelta;
use opora_core::{
    App,
    foundation::{
        errors::{Failure, Say},
        secrets::Secret,
    },
    people::{
        accounts::{self, PasswordChange},
        sessions::{self, Flash, Session, Tone},
        sign_in::{Attempt, SignedIn, sign_in},
    },
};
use opora_testkit::{World, inside, on_both_databases};

const LOGIN: &str = "Admin";
const PASSWORD: &str = "correct horse";
const HOME: &str = "192.0.2.7";

/// A world whose administrator signs in as `Admin`.
async fn with_administrator(mut world: World) -> World {
    world.configure(|config| {
        config.admin.login = LOGIN.to_owned();
        config.admin.password = Secret::new(PASSWORD);
    });
    let made = accounts::ensure_administrator(&world.app).await.unwrap().expect("the first start makes one");
    assert!(!made.is_one_time);
    world
}

async fn attempt(app: &App, login: &str, password: &str, address: &str) -> Result<SignedIn, Failure> {
    let attempt = Attempt {
        login: login.to_owned(),
        password: Secret::new(password),
        address: address.to_owned(),
        device: "Firefox".to_owned(),
    };
    sign_in(app, attempt).await.map(inside)
}

async fn enter(app: &App) -> (Secret, Session) {
    let entered = attempt(app, LOGIN, PASSWORD, HOME).await.expect("the right pair opens");
    let session = resume(app, &entered.cookie).await.expect("a fresh session");
    (entered.cookie, session)
}

async fn resume(app: &App, cookie: &Secret) -> Option<Session> {
    sessions::resume(app, cookie.reveal(), HOME).await.unwrap()
}

fn refusal(result: Result<SignedIn, Failure>) -> String {
    match result {
        Err(Failure::Refused(say)) => say.key.into_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

on_both_databases! {
    /// PT-016, PT-017, PT-018
    async fn the_right_pair_opens_and_the_wrong_ones_say_what_is_wrong(world: World) {
        let world = with_administrator(world).await;
        assert!(attempt(&world.app, "  aDMIN ", PASSWORD, HOME).await.is_ok(), "letter case of the login does not matter");
        assert_eq!(refusal(attempt(&world.app, "nobody", PASSWORD, HOME).await), "sign-in-unknown");
        assert_eq!(refusal(attempt(&world.app, LOGIN, "wrong", HOME).await), "sign-in-wrong");
        let words = world.app.house_words();
        assert_eq!(words.t("sign-in-unknown").to_string(), "Вы не зарегистрированы в ПО. Обратитесь к администратору");
        assert_eq!(words.t("sign-in-wrong").to_string(), "Логин или пароль неверный");
        assert_eq!(world.count("audit WHERE action = 'account.sign-in-refused'").await, 2);
    }

    /// PT-D03
    async fn a_cautious_installation_does_not_tell_which_logins_exist(world: World) {
        let mut world = with_administrator(world).await;
        world.configure(|config| config.patronage.uniform_sign_in_error = true);
        assert_eq!(refusal(attempt(&world.app, "nobody", PASSWORD, HOME).await), "sign-in-wrong");
    }

    /// PT-019
    async fn after_ten_failures_even_the_right_password_waits_a_quarter_of_an_hour(world: World) {
        let world = with_administrator(world).await;
        for n in 0..10 {
            assert_eq!(refusal(attempt(&world.app, LOGIN, "wrong", &format!("192.0.2.{n}")).await), "sign-in-wrong");
        }
        assert_eq!(refusal(attempt(&world.app, LOGIN, PASSWORD, HOME).await), "sign-in-too-many");
        // A restart forgets nothing: another application on the same database.
        let restarted = World { app: App { wake: std::sync::Arc::default(), ..world.app.clone() }, ..world };
        restarted.clock.advance(TimeDelta::minutes(15) - TimeDelta::seconds(1));
        assert_eq!(refusal(attempt(&restarted.app, LOGIN, PASSWORD, HOME).await), "sign-in-too-many");
        restarted.clock.advance(TimeDelta::seconds(1));
        assert!(attempt(&restarted.app, LOGIN, PASSWORD, HOME).await.is_ok());
    }

    /// PT-019
    async fn fifty_failures_from_one_address_close_it_for_every_login(world: World) {
        let world = with_administrator(world).await;
        for n in 0..50 {
            assert_eq!(refusal(attempt(&world.app, &format!("guess-{n}"), "wrong", HOME).await), "sign-in-unknown");
        }
        assert_eq!(refusal(attempt(&world.app, LOGIN, PASSWORD, HOME).await), "sign-in-too-many");
        assert!(attempt(&world.app, LOGIN, PASSWORD, "198.51.100.1").await.is_ok(), "another address is not concerned");
    }

    /// PT-019
    async fn sign_ins_that_succeed_never_close_an_address(world: World) {
        let world = with_administrator(world).await;
        for _ in 0..60 {
            assert!(attempt(&world.app, LOGIN, PASSWORD, HOME).await.is_ok());
        }
    }

    /// PT-019
    async fn simultaneous_attempts_are_no_way_around_the_limit(world: World) {
        let world = with_administrator(world).await;
        let attempts = (0..25).map(|_| attempt(&world.app, LOGIN, "wrong", HOME));
        let answers = futures::future::join_all(attempts).await;
        let looked_at = answers.into_iter().map(refusal).filter(|key| key == "sign-in-wrong").count();
        assert_eq!(looked_at, 10);
    }

    /// PT-023
    async fn a_session_ends_after_eight_idle_hours_and_after_a_day(world: World) {
        let world = with_administrator(world).await;
        let (idle, _) = enter(&world.app).await;
        let (busy, _) = enter(&world.app).await;
        world.clock.advance(TimeDelta::hours(7));
        assert!(resume(&world.app, &busy).await.is_some());
        world.clock.advance(TimeDelta::hours(1));
        assert!(resume(&world.app, &idle).await.is_none(), "eight hours idle");
        for _ in 0..2 {
            assert!(resume(&world.app, &busy).await.is_some());
            world.clock.advance(TimeDelta::hours(7));
        }
        assert!(resume(&world.app, &busy).await.is_some(), "22 hours old, never idle for long");
        world.clock.advance(TimeDelta::hours(2));
        assert!(resume(&world.app, &busy).await.is_none(), "a day old");
        sessions::clean(&world.app).await.unwrap();
        assert_eq!(world.count("sessions").await, 1, "the idle one is swept, the other when it is idle too");
    }

    /// PT-022, PT-023
    async fn an_old_or_forged_cookie_opens_nothing(world: World) {
        let world = with_administrator(world).await;
        let (cookie, session) = enter(&world.app).await;
        let (id, _) = cookie.reveal().split_once('.').unwrap();
        for forged in ["", "x", id, &format!("{id}."), &format!("{id}.AAAA"), "nonsense.nonsense"] {
            assert!(sessions::resume(&world.app, forged, HOME).await.unwrap().is_none(), "{forged}");
        }
        sessions::sign_out(&world.app, &session).await.unwrap();
        assert!(resume(&world.app, &cookie).await.is_none());
    }

    async fn looking_around_writes_the_session_at_most_once_a_minute(world: World) {
        let world = with_administrator(world).await;
        let (cookie, session) = enter(&world.app).await;
        let seen = async || {
            let mut work = world.look(session.actor.clone()).await;
            sessions::list_own(&mut work, session.id).await.unwrap().remove(0).seen_at
        };
        let at_first = seen().await;
        world.clock.advance(TimeDelta::seconds(59));
        resume(&world.app, &cookie).await.unwrap();
        assert_eq!(seen().await, at_first);
        world.clock.advance(TimeDelta::seconds(1));
        resume(&world.app, &cookie).await.unwrap();
        assert_eq!(seen().await, at_first + TimeDelta::minutes(1));
    }

    /// PT-026
    async fn a_new_password_ends_the_other_sessions_and_spares_this_one(world: World) {
        let world = with_administrator(world).await;
        let (other, _) = enter(&world.app).await;
        let (this, session) = enter(&world.app).await;
        let change = PasswordChange { old: PASSWORD.into(), new: "new password".into(), repeat: "new password".into() };
        let mut work = world.begin(session.actor.clone()).await;
        accounts::change_own_password(&mut work, session.id, change).await.unwrap();
        work.commit().await.unwrap();
        assert!(resume(&world.app, &other).await.is_none());
        assert!(resume(&world.app, &this).await.is_some());
        assert_eq!(refusal(attempt(&world.app, LOGIN, PASSWORD, HOME).await), "sign-in-wrong");
        assert!(attempt(&world.app, LOGIN, "new password", HOME).await.is_ok());
    }

    /// PT-027
    async fn a_faulty_new_password_changes_nothing(world: World) {
        let world = with_administrator(world).await;
        let (_, session) = enter(&world.app).await;
        for (old, new, repeat, field, text) in [
            ("wrong", "new password", "new password", "old", "Старый пароль неверный"),
            (PASSWORD, "new password", "other", "new", "Пароли не совпадают"),
            (PASSWORD, "short", "short", "new", "Пароль должен содержать от 8 до 128 символов"),
        ] {
            let change = PasswordChange { old: old.into(), new: new.into(), repeat: repeat.into() };
            let mut work = world.begin(session.actor.clone()).await;
            let Err(Failure::Invalid(complaints)) = accounts::change_own_password(&mut work, session.id, change).await
            else {
                panic!("{text}");
            };
            assert_eq!(world.app.house_words().say(complaints.about(field).unwrap()), text);
        }
        assert!(attempt(&world.app, LOGIN, PASSWORD, HOME).await.is_ok());
    }

    /// PT-024
    async fn the_first_start_draws_a_one_time_password_that_must_be_changed(world: World) {
        let first = accounts::ensure_administrator(&world.app).await.unwrap().expect("the first start makes one");
        assert!(first.is_one_time);
        assert!(accounts::ensure_administrator(&world.app).await.unwrap().is_none(), "only the first start");
        let entered = attempt(&world.app, &first.login, first.password.reveal(), HOME).await.unwrap();
        assert!(entered.must_change_password);
        let session = resume(&world.app, &entered.cookie).await.unwrap();
        assert!(session.must_change_password);
        let old = first.password.reveal().to_owned();
        let change = PasswordChange { old, new: "chosen by me".into(), repeat: "chosen by me".into() };
        let mut work = world.begin(session.actor.clone()).await;
        accounts::change_own_password(&mut work, session.id, change).await.unwrap();
        work.commit().await.unwrap();
        assert!(!resume(&world.app, &entered.cookie).await.unwrap().must_change_password);
    }

    /// PT-028
    async fn the_main_login_can_be_changed_but_not_to_one_in_use(world: World) {
        let world = with_administrator(world).await;
        let (_, session) = enter(&world.app).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let taken = format!("CURATOR-{}", anna.person).to_uppercase();
        let mut work = world.begin(session.actor.clone()).await;
        let refused = accounts::change_main_login(&mut work, &taken).await;
        assert!(matches!(refused, Err(Failure::Invalid(complaints)) if complaints.about("login").is_some()));
        drop(work);
        let mut work = world.begin(session.actor.clone()).await;
        accounts::change_main_login(&mut work, "chief").await.unwrap();
        assert_eq!(accounts::main_login(&mut work).await.unwrap(), "chief");
        work.commit().await.unwrap();
        assert!(attempt(&world.app, "chief", PASSWORD, HOME).await.is_ok());
        assert_eq!(refusal(attempt(&world.app, LOGIN, PASSWORD, HOME).await), "sign-in-unknown");
    }

    async fn the_operator_can_reset_a_lost_password(world: World) {
        let world = with_administrator(world).await;
        let (cookie, _) = enter(&world.app).await;
        for _ in 0..10 {
            attempt(&world.app, LOGIN, "forgotten", HOME).await.unwrap_err();
        }
        let mut work = world.begin(opora_core::people::access::Actor::Operator).await;
        let password = accounts::reset_administrator(&mut work).await.unwrap();
        work.commit().await.unwrap();
        assert!(resume(&world.app, &cookie).await.is_none());
        assert!(attempt(&world.app, LOGIN, password.reveal(), HOME).await.unwrap().must_change_password);
    }

    async fn a_flash_is_shown_once(world: World) {
        let world = with_administrator(world).await;
        let (cookie, session) = enter(&world.app).await;
        let flash = Flash { tone: Tone::Warning, say: Say::key("sign-in-wrong").number("count", 3) };
        sessions::put_flash(&world.app, session.id, flash.clone()).await.unwrap();
        for shown in [Some(flash), None] {
            let session = resume(&world.app, &cookie).await.unwrap();
            assert_eq!(sessions::take_flash(&world.app, &session).await.unwrap(), shown);
        }
    }

    async fn ones_own_sessions_are_listed_and_can_be_ended_but_not_those_of_others(world: World) {
        let world = with_administrator(world).await;
        let (first, _) = enter(&world.app).await;
        world.clock.advance(TimeDelta::seconds(1));
        let (second, session) = enter(&world.app).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut work = world.begin(session.actor.clone()).await;
        let own = sessions::list_own(&mut work, session.id).await.unwrap();
        assert_eq!(own.iter().map(|row| row.is_this).collect::<Vec<_>>(), [true, false]);
        assert_eq!(own[0].device, "Firefox");
        sessions::end(&mut work, own[1].id).await.unwrap();
        work.commit().await.unwrap();
        assert!(resume(&world.app, &first).await.is_none());
        let mut work = world.begin(anna.actor()).await;
        assert!(matches!(sessions::end(&mut work, session.id).await, Err(Failure::NotFound)));
        drop(work);
        assert!(resume(&world.app, &second).await.is_some());
    }

    async fn the_chosen_language_stays_with_the_account(world: World) {
        let world = with_administrator(world).await;
        let (cookie, session) = enter(&world.app).await;
        let mut work = world.begin(session.actor.clone()).await;
        assert!(matches!(accounts::set_locale(&mut work, "xx").await, Err(Failure::NotFound)));
        accounts::set_locale(&mut work, "en").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(resume(&world.app, &cookie).await.unwrap().locale.as_deref(), Some("en"));
    }
}
