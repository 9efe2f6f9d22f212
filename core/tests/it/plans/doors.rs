//! What stands at the doors of the house: tables of citizens that are handed in, and the two steps of a sign-in.

use opora_core::{
    App,
    patronage::import::{self, Existing, Part, RowState},
    people::{
        places,
        second_factor::{self, State},
        sessions::{self, Session},
        sign_in::{self, Attempt, CodeAttempt, Entrance},
    },
};
use opora_testkit::code_of;

use super::seed::Seeded;

const ADDRESS: &str = "192.0.2.200";

/// A table is checked, looked at, brought in and taken back; another one is put away.
pub async fn hand_in(app: &App, seeded: &Seeded) {
    let table = "Фамилия;Имя;Номер телефона;ИНН\nНовиков;Олег;+79135550101;\nТретья;Нина;+79131001104;500110001104\n";
    for is_used in [true, false] {
        let sheet = import::read(table.as_bytes(), &app.words).unwrap();
        let mut work = app.begin(seeded.administrator.clone()).await.unwrap();
        let id = import::open(&mut work, "Список.csv", &sheet).await.unwrap();
        work.commit().await.unwrap();
        import::work_off(app).await.unwrap();
        let mut work = app.begin(seeded.administrator.clone()).await.unwrap();
        import::latest(&mut work).await.unwrap();
        for part in [Part::Faulty, Part::Known, Part::New, Part::Kept] {
            import::rows(&mut work, id, part, None).await.unwrap();
        }
        let (_, counts) = import::get(&mut work, id).await.unwrap();
        if !is_used {
            import::discard(&mut work, id).await.unwrap();
            work.commit().await.unwrap();
            continue;
        }
        assert!(counts.of(RowState::New) > 0, "{counts:?}");
        import::start(&mut work, id, Existing::Fill).await.unwrap();
        work.commit().await.unwrap();
        import::work_off(app).await.unwrap();
        let mut work = app.begin(seeded.administrator.clone()).await.unwrap();
        import::undoing(&mut work, id).await.unwrap();
        import::undo(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
        import::work_off(app).await.unwrap();
    }
    import::forget_old(app).await.unwrap();
}

/// The second factor is switched on, asked for, renewed and switched off; what is old is forgotten.
pub async fn prove_twice(app: &App, seeded: &Seeded) {
    let session = sessions::resume(app, &seeded.cookie, ADDRESS).await.unwrap().expect("the session");
    let mut codes = switch_on(app, &session).await.into_iter();
    let mut next = || codes.next().expect("there are ten").reveal().to_owned();
    let (login, password) = (seeded.login.clone(), seeded.password.clone());
    let attempt = Attempt { login, password: password.clone(), address: ADDRESS.into(), device: "Firefox".into() };
    let Entrance::CodeNeeded(cookie) = sign_in::sign_in(app, attempt).await.unwrap() else {
        panic!("no code is asked for")
    };
    let cookie = cookie.reveal().to_owned();
    assert!(sign_in::awaits_code(app, &cookie).await.unwrap());
    for (code, is_right) in [("000000".to_owned(), false), (next(), true)] {
        let attempt = CodeAttempt { cookie: cookie.clone(), code, address: ADDRESS.into(), device: "Firefox".into() };
        assert_eq!(sign_in::give_code(app, attempt).await.is_ok(), is_right);
    }
    let renewed = second_factor::renew_codes(app, &session, &password).await.unwrap();
    second_factor::switch_off(app, &session, &password, renewed[0].reveal()).await.unwrap();
    sign_in::clean(app).await.unwrap();
    places::clean(app).await.unwrap();
}

async fn switch_on(app: &App, session: &Session) -> Vec<opora_core::foundation::secrets::Secret> {
    let mut work = app.begin(session.actor.clone()).await.unwrap();
    second_factor::begin(&mut work).await.unwrap();
    let State::Enrolling(enrolment) = second_factor::state(&mut work).await.unwrap() else { panic!("not begun") };
    let code = code_of(enrolment.secret.reveal(), app.clock.now());
    let codes = second_factor::confirm(&mut work, session.id, &code).await.unwrap();
    work.commit().await.unwrap();
    codes
}
