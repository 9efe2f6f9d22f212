//! Two-factor sign-in.

use chrono::TimeDelta;
use opora_core::{
    App,
    foundation::{
        errors::Failure,
        ids::PersonId,
        secrets::{Sealer, Secret},
    },
    patronage::curators,
    people::{
        access::Actor,
        accounts::{self, PasswordChange},
        second_factor::{self, State},
        sessions::{self, Session},
        sign_in::{Attempt, CodeAttempt, Entrance, SignedIn, give_code, sign_in},
    },
    settings::{self, Demand, Security},
};
use opora_testkit::{World, code_of, inside, on_both_databases};

const PASSWORD: &str = "correct horse";
const HOME: &str = "192.0.2.7";

/// The administrator, signed in.
async fn with_administrator(mut world: World) -> (World, Session) {
    world.configure(|config| config.admin.password = Secret::new(PASSWORD));
    accounts::ensure_administrator(&world.app).await.unwrap().expect("the first start makes one");
    let entered = inside(password(&world.app, PASSWORD).await.unwrap());
    let session = resume(&world, &entered).await.expect("a fresh session");
    (world, session)
}

async fn password(app: &App, password: &str) -> Result<Entrance, Failure> {
    let (login, address, device) = ("admin".to_owned(), HOME.to_owned(), "Firefox".to_owned());
    sign_in(app, Attempt { login, password: Secret::new(password), address, device }).await
}

async fn resume(world: &World, entered: &SignedIn) -> Option<Session> {
    sessions::resume(&world.app, entered.cookie.reveal(), HOME).await.unwrap()
}

async fn code(app: &App, cookie: &Secret, code: &str) -> Result<SignedIn, Failure> {
    let cookie = cookie.reveal().to_owned();
    let attempt = CodeAttempt { cookie, code: code.to_owned(), address: HOME.to_owned(), device: "Firefox".to_owned() };
    give_code(app, attempt).await
}

/// The first step, which must ask for a code.
async fn pending(world: &World) -> Secret {
    match password(&world.app, PASSWORD).await.unwrap() {
        Entrance::CodeNeeded(cookie) => cookie,
        Entrance::SignedIn(_) => panic!("no code is asked for"),
    }
}

/// An authenticator app.
struct Phone(Secret);

impl Phone {
    fn code(&self, world: &World) -> String {
        code_of(self.0.reveal(), world.app.clock.now())
    }
}

/// Switches the second factor on; returns the app and the recovery codes.
async fn enrol(world: &World, session: &Session) -> (Phone, Vec<Secret>) {
    let mut work = world.begin(session.actor.clone()).await;
    second_factor::begin(&mut work).await.unwrap();
    let State::Enrolling(enrolment) = second_factor::state(&mut work).await.unwrap() else { panic!("not begun") };
    let phone = Phone(enrolment.secret);
    let codes = second_factor::confirm(&mut work, session.id, &phone.code(world)).await.unwrap();
    work.commit().await.unwrap();
    (phone, codes)
}

async fn state(world: &World, session: &Session) -> State {
    let mut work = world.look(session.actor.clone()).await;
    second_factor::state(&mut work).await.unwrap()
}

async fn codes_left(world: &World, session: &Session) -> i64 {
    match state(world, session).await {
        State::On { codes_left, .. } => codes_left,
        other => panic!("not on: {other:?}"),
    }
}

async fn demand(world: &World, demand: Demand) {
    let mut work = world.begin(Actor::System).await;
    settings::save_security(&mut work, Security { demand, sign_in_letters: true }).await.unwrap();
    work.commit().await.unwrap();
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Failure>) -> String {
    match result {
        Err(Failure::Refused(say)) => say.key.into_owned(),
        Err(Failure::Invalid(complaints)) => {
            complaints.iter().map(|(field, say)| format!("{field}: {}", say.key)).collect::<Vec<_>>().join(", ")
        }
        other => panic!("not refused: {other:?}"),
    }
}

on_both_databases! {
    async fn after_enrolment_the_password_leads_only_to_the_question_for_the_code(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, codes) = enrol(&world, &session).await;
        assert_eq!(codes.len(), 10);
        world.clock.advance_seconds(30);
        let cookie = pending(&world).await;
        assert!(sessions::resume(&world.app, cookie.reveal(), HOME).await.unwrap().is_none(), "it is no session");
        assert_eq!(refusal(code(&world.app, &cookie, "000000").await), "sign-in-wrong-code");
        let shown = phone.code(&world);
        let spaced = format!("{} {}", &shown[..3], &shown[3..]);
        let entered = code(&world.app, &cookie, &spaced).await.unwrap();
        assert!(resume(&world, &entered).await.is_some());
        assert!(matches!(code(&world.app, &cookie, &shown).await, Err(Failure::NotFound)), "the cookie works once");
    }

    async fn enrolment_counts_only_when_a_first_code_was_typed_back(world: World) {
        let (world, session) = with_administrator(world).await;
        let mut work = world.begin(session.actor.clone()).await;
        second_factor::begin(&mut work).await.unwrap();
        assert_eq!(refusal(second_factor::confirm(&mut work, session.id, "000000").await), "code: second-factor-wrong-code");
        work.commit().await.unwrap();
        assert!(matches!(state(&world, &session).await, State::Enrolling(_)));
        inside(password(&world.app, PASSWORD).await.unwrap());
        enrol(&world, &session).await;
        let mut work = world.begin(session.actor.clone()).await;
        assert_eq!(refusal(second_factor::begin(&mut work).await), "second-factor-is-on", "a second one replaces nothing");
    }

    async fn enrolment_ends_the_other_sessions(world: World) {
        let (world, session) = with_administrator(world).await;
        let other = inside(password(&world.app, PASSWORD).await.unwrap());
        enrol(&world, &session).await;
        assert!(resume(&world, &other).await.is_none());
        assert_eq!(world.count("sessions").await, 1);
    }

    /// PT-D55
    async fn the_secret_is_sealed_with_the_key_file(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, codes) = enrol(&world, &session).await;
        let secret = phone.0.reveal();
        assert_eq!(world.count(&format!("second_factors WHERE CAST(secret AS TEXT) LIKE '%{secret}%'")).await, 0);
        assert_eq!(world.count(&format!("audit WHERE CAST(changes AS TEXT) LIKE '%{secret}%'")).await, 0);
        let first = codes[0].reveal();
        assert_eq!(world.count(&format!("recovery_codes WHERE CAST(code_hash AS TEXT) LIKE '%{first}%'")).await, 0);
        // With another key the app's code fits no more, but a recovery code still opens.
        let app = App { sealer: Sealer::with_key([7; 32]), ..world.app.clone() };
        world.clock.advance_seconds(30);
        let cookie = pending(&world).await;
        assert_eq!(refusal(code(&app, &cookie, &phone.code(&world)).await), "sign-in-wrong-code");
        code(&app, &cookie, first).await.unwrap();
    }

    async fn a_code_is_taken_once_and_no_earlier_one_after_it(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, _) = enrol(&world, &session).await;
        let earlier = phone.code(&world);
        let cookie = pending(&world).await;
        assert_eq!(refusal(code(&world.app, &cookie, &earlier).await), "sign-in-wrong-code", "it served for the enrolment");
        world.clock.advance_seconds(30);
        let next = phone.code(&world);
        code(&world.app, &cookie, &next).await.unwrap();
        let cookie = pending(&world).await;
        for used in [&next, &earlier] {
            assert_eq!(refusal(code(&world.app, &cookie, used).await), "sign-in-wrong-code");
        }
        world.clock.advance_seconds(30);
        code(&world.app, &cookie, &phone.code(&world)).await.unwrap();
    }

    async fn of_simultaneous_browsers_with_one_code_exactly_one_gets_in(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, _) = enrol(&world, &session).await;
        world.clock.advance_seconds(30);
        let (first, second, shown) = (pending(&world).await, pending(&world).await, phone.code(&world));
        let answers = futures::join!(code(&world.app, &first, &shown), code(&world.app, &second, &shown));
        assert_eq!([answers.0.is_ok(), answers.1.is_ok()].iter().filter(|is_in| **is_in).count(), 1);
    }

    async fn the_code_must_come_within_five_minutes(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, _) = enrol(&world, &session).await;
        world.clock.advance_seconds(30);
        let cookie = pending(&world).await;
        world.clock.advance(TimeDelta::minutes(5));
        assert!(matches!(code(&world.app, &cookie, &phone.code(&world)).await, Err(Failure::NotFound)));
        let forged = Secret::new(format!("{}x", pending(&world).await.reveal()));
        assert!(matches!(code(&world.app, &forged, &phone.code(&world)).await, Err(Failure::NotFound)));
        assert_eq!(opora_core::people::sign_in::clean(&world.app).await.unwrap(), 0, "it is not older than its life");
        world.clock.advance_seconds(1);
        assert_eq!(opora_core::people::sign_in::clean(&world.app).await.unwrap(), 1);
    }

    async fn a_new_password_ends_what_was_begun_with_the_old_one(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, _) = enrol(&world, &session).await;
        world.clock.advance_seconds(30);
        let cookie = pending(&world).await;
        let change = PasswordChange { old: PASSWORD.into(), new: "new password".into(), repeat: "new password".into() };
        let mut work = world.begin(session.actor.clone()).await;
        accounts::change_own_password(&mut work, session.id, change).await.unwrap();
        work.commit().await.unwrap();
        assert!(matches!(code(&world.app, &cookie, &phone.code(&world)).await, Err(Failure::NotFound)));
    }

    /// PT-019
    async fn ten_wrong_codes_close_the_login_though_the_password_is_right_in_between(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, _) = enrol(&world, &session).await;
        world.clock.advance_seconds(30);
        for _ in 0..5 {
            let cookie = pending(&world).await;
            for _ in 0..2 {
                assert_eq!(refusal(code(&world.app, &cookie, "000000").await), "sign-in-wrong-code");
            }
        }
        assert_eq!(refusal(password(&world.app, PASSWORD).await), "sign-in-too-many");
        assert_eq!(world.count("audit WHERE action = 'account.second-factor-refused'").await, 10);
        world.clock.advance(TimeDelta::minutes(15));
        let cookie = pending(&world).await;
        code(&world.app, &cookie, &phone.code(&world)).await.unwrap();
    }

    async fn each_recovery_code_opens_once(world: World) {
        let (world, session) = with_administrator(world).await;
        let (_, codes) = enrol(&world, &session).await;
        assert_eq!(codes_left(&world, &session).await, 10);
        let typed = codes[3].reveal().to_uppercase().replace('-', " ");
        code(&world.app, &pending(&world).await, &typed).await.unwrap();
        assert_eq!(codes_left(&world, &session).await, 9);
        assert_eq!(refusal(code(&world.app, &pending(&world).await, &typed).await), "sign-in-wrong-code");
        assert_eq!(world.count("audit WHERE action = 'account.recovery-code-used'").await, 1);
    }

    async fn renewed_recovery_codes_replace_the_old_ones(world: World) {
        let (world, session) = with_administrator(world).await;
        let (_, old) = enrol(&world, &session).await;
        code(&world.app, &pending(&world).await, old[0].reveal()).await.unwrap();
        let wrong = second_factor::renew_codes(&world.app, &session, &Secret::new("guess")).await;
        assert_eq!(refusal(wrong), "password: people-wrong-password");
        let new = second_factor::renew_codes(&world.app, &session, &Secret::new(PASSWORD)).await.unwrap();
        assert_eq!(codes_left(&world, &session).await, 10);
        assert_eq!(refusal(code(&world.app, &pending(&world).await, old[1].reveal()).await), "sign-in-wrong-code");
        code(&world.app, &pending(&world).await, new[1].reveal()).await.unwrap();
    }

    async fn switching_off_asks_for_password_and_code(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, _) = enrol(&world, &session).await;
        world.clock.advance_seconds(30);
        let (right, wrong, shown) = (Secret::new(PASSWORD), Secret::new("guess"), phone.code(&world));
        let answer = second_factor::switch_off(&world.app, &session, &wrong, &shown).await;
        assert_eq!(refusal(answer), "password: people-wrong-password");
        let answer = second_factor::switch_off(&world.app, &session, &right, "000000").await;
        assert_eq!(refusal(answer), "code: second-factor-wrong-code");
        second_factor::switch_off(&world.app, &session, &right, &shown).await.unwrap();
        assert!(matches!(state(&world, &session).await, State::Off));
        assert_eq!(world.count("recovery_codes").await, 0);
        inside(password(&world.app, PASSWORD).await.unwrap());
    }

    /// PT-019
    async fn whoever_took_over_a_session_cannot_try_codes_without_end(world: World) {
        let (world, session) = with_administrator(world).await;
        let (phone, _) = enrol(&world, &session).await;
        world.clock.advance_seconds(30);
        let right = Secret::new(PASSWORD);
        for _ in 0..10 {
            let answer = second_factor::switch_off(&world.app, &session, &right, "000000").await;
            assert_eq!(refusal(answer), "code: second-factor-wrong-code");
        }
        let answer = second_factor::switch_off(&world.app, &session, &right, &phone.code(&world)).await;
        assert_eq!(refusal(answer), "sign-in-too-many");
        assert_eq!(refusal(second_factor::renew_codes(&world.app, &session, &right).await), "sign-in-too-many");
    }

    async fn a_demand_leads_whoever_has_none_to_enrolment_at_once(world: World) {
        let (world, session) = with_administrator(world).await;
        let entered = inside(password(&world.app, PASSWORD).await.unwrap());
        for (who, must) in [(Demand::Nobody, false), (Demand::Administrator, true), (Demand::Everybody, true)] {
            demand(&world, who).await;
            assert_eq!(resume(&world, &entered).await.unwrap().must_enrol, must, "{who:?}");
        }
        let this = resume(&world, &entered).await.unwrap();
        enrol(&world, &this).await;
        assert!(!resume(&world, &entered).await.unwrap().must_enrol);
        assert!(!Demand::Administrator.concerns(false) && Demand::Everybody.concerns(false), "curators");
        drop(session);
    }

    async fn the_administrator_resets_a_curators_second_factor(world: World) {
        let (world, chief) = with_administrator(world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let reset = async |actor: Actor, curator: PersonId| {
            let mut work = world.begin(actor).await;
            curators::reset_second_factor(&mut work, curator).await?;
            Ok(work.commit().await?)
        };
        assert_eq!(refusal(reset(chief.actor.clone(), anna.person).await), "second-factor-none");
        let mut work = world.begin(anna.actor()).await;
        second_factor::begin(&mut work).await.unwrap();
        let State::Enrolling(enrolment) = second_factor::state(&mut work).await.unwrap() else { panic!("not begun") };
        second_factor::confirm(&mut work, chief.id, &Phone(enrolment.secret).code(&world)).await.unwrap();
        work.commit().await.unwrap();
        let has = async || {
            let mut work = world.look(chief.actor.clone()).await;
            curators::has_second_factor(&mut work, anna.person).await.unwrap()
        };
        assert!(has().await);
        let foreign: Result<(), Failure> = reset(anna.actor(), anna.person).await;
        assert!(matches!(foreign, Err(Failure::Forbidden)), "nobody resets his own without the code");
        reset(chief.actor.clone(), anna.person).await.unwrap();
        assert!(!has().await);
        assert_eq!(world.count("audit WHERE action = 'account.second-factor-reset'").await, 1);
    }

    async fn the_operator_resets_by_login(world: World) {
        let (world, session) = with_administrator(world).await;
        enrol(&world, &session).await;
        let mut work = world.begin(Actor::Operator).await;
        assert_eq!(refusal(accounts::reset_second_factor(&mut work, "nobody").await), "people-no-such-login");
        accounts::reset_second_factor(&mut work, "ADMIN").await.unwrap();
        assert_eq!(refusal(accounts::reset_second_factor(&mut work, "admin").await), "second-factor-none");
        work.commit().await.unwrap();
        assert_eq!(world.count("sessions").await, 0, "whoever has the device may have a session");
        inside(password(&world.app, PASSWORD).await.unwrap());
    }
}
