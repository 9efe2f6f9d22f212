//! «Соц. кураторы».

use opora_core::{
    Work,
    foundation::{
        errors::Failure,
        ids::{PersonId, SubmissionId},
        secrets::Secret,
    },
    patronage::curators::{self, CuratorForm},
    people::{
        access::{Actor, Author},
        accounts, sessions,
        sign_in::{Attempt, SignedIn, sign_in},
    },
};
use opora_testkit::{World, inside, on_both_databases};

fn form() -> CuratorForm {
    CuratorForm {
        surname: " Иванова ".into(),
        name: "Анна".into(),
        patronymic: "Петровна".into(),
        email: "ivanova@example.ru".into(),
        phone: "8 (913) 123-45-67".into(),
        telegram_name: "@ivanova".into(),
        district: String::new(),
        login: "ivanova".into(),
        password: "long enough".into(),
        password_repeat: "long enough".into(),
    }
}

fn submission(world: &World) -> SubmissionId {
    SubmissionId::draw(world.app.clock.now(), &*world.app.chance)
}

async fn create(world: &World, actor: &Actor, form: &CuratorForm) -> Result<PersonId, Failure> {
    let mut work = world.begin(actor.clone()).await;
    let id = curators::create(&mut work, form, submission(world)).await?;
    work.commit().await?;
    Ok(id)
}

async fn enter(world: &World, password: &str) -> Result<SignedIn, Failure> {
    let (login, device, address) = ("IVANOVA".to_owned(), String::new(), "192.0.2.9".to_owned());
    sign_in(&world.app, Attempt { login, password: Secret::new(password), address, device }).await.map(inside)
}

fn complaints(result: Result<PersonId, Failure>) -> Vec<(&'static str, String)> {
    match result {
        Err(Failure::Invalid(complaints)) => {
            complaints.iter().map(|(field, say)| (field, say.key.clone().into_owned())).collect()
        }
        other => panic!("not refused: {other:?}"),
    }
}

async fn offered(world: &World, actor: &Actor) -> Vec<String> {
    labels(&mut world.look(actor.clone()).await).await
}

async fn labels(work: &mut Work) -> Vec<String> {
    curators::choices(work).await.unwrap().iter().map(|choice| choice.label.clone()).collect()
}

on_both_databases! {
    /// PT-048, PT-053, PT-055
    async fn a_new_curator_is_listed_and_can_sign_in(world: World) {
        let chief = world.administrator().await;
        let id = create(&world, &chief, &form()).await.unwrap();
        let mut work = world.look(chief).await;
        let row = curators::list(&mut work, None).await.unwrap().items.remove(0);
        assert_eq!(row.name.full(), "Иванова Анна Петровна");
        assert_eq!((row.phone.as_deref(), row.login.as_deref()), (Some("+79131234567"), Some("ivanova")));
        assert_eq!(curators::get(&mut work, id).await.unwrap().telegram_name.as_deref(), Some("ivanova"));
        drop(work);
        let entered = enter(&world, "long enough").await.unwrap();
        let session = sessions::resume(&world.app, entered.cookie.reveal(), "192.0.2.9").await.unwrap().unwrap();
        assert!(matches!(session.actor, Actor::Curator { curator, .. } if curator == id));
    }

    /// PT-047, PT-279
    async fn a_curator_may_not_look_after_curators(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        assert!(matches!(create(&world, &anna.actor(), &form()).await, Err(Failure::Forbidden)));
        let mut work = world.begin(anna.actor()).await;
        assert!(matches!(curators::list(&mut work, None).await, Err(Failure::Forbidden)));
        assert!(matches!(curators::get(&mut work, anna.person).await, Err(Failure::Forbidden)));
        assert!(matches!(curators::set_password(&mut work, anna.person, "x", "x").await, Err(Failure::Forbidden)));
        assert!(matches!(curators::delete(&mut work, anna.person).await, Err(Failure::Forbidden)));
    }

    /// PT-051, PT-052
    async fn only_the_surname_is_needed_and_login_and_password_go_together(world: World) {
        let chief = world.administrator().await;
        let bare = CuratorForm { surname: "Яковлева".into(), ..CuratorForm::default() };
        create(&world, &chief, &bare).await.unwrap();
        let nameless = CuratorForm { surname: "  ".into(), ..bare.clone() };
        assert_eq!(complaints(create(&world, &chief, &nameless).await), [("surname", "people-required".to_owned())]);
        let only_login = CuratorForm { login: "someone".into(), ..bare.clone() };
        assert_eq!(complaints(create(&world, &chief, &only_login).await), [("password", "people-required".to_owned())]);
        let only_password = CuratorForm { password: "long enough".into(), password_repeat: "long enough".into(), ..bare };
        assert_eq!(complaints(create(&world, &chief, &only_password).await), [("login", "people-required".to_owned())]);
        let different = CuratorForm { password_repeat: "something else".into(), ..form() };
        assert_eq!(
            complaints(create(&world, &chief, &different).await),
            [("password_repeat", "people-passwords-differ".to_owned())]
        );
        create(&world, &chief, &form()).await.unwrap();
        let taken = CuratorForm { login: "IvanovA".into(), ..form() };
        assert_eq!(complaints(create(&world, &chief, &taken).await), [("login", "people-login-taken".to_owned())]);
        assert_eq!(world.count("curators").await, 2, "a refused form leaves nothing");
    }

    async fn a_form_sent_twice_makes_one_curator(world: World) {
        let chief = world.administrator().await;
        let submission = submission(&world);
        for _ in 0..2 {
            let mut work = world.begin(chief.clone()).await;
            curators::create(&mut work, &form(), submission).await.unwrap();
            work.commit().await.unwrap();
        }
        assert_eq!(world.count("curators").await, 1);
    }

    /// PT-059, PT-029
    async fn a_change_is_kept_and_an_outdated_one_is_not(world: World) {
        let chief = world.administrator().await;
        let id = create(&world, &chief, &form()).await.unwrap();
        let mut work = world.begin(chief.clone()).await;
        let changed = CuratorForm {
            surname: "Петрова".into(),
            login: "petrova".into(),
            password: String::new(),
            password_repeat: String::new(),
            ..form()
        };
        curators::change(&mut work, id, 1, &changed).await.unwrap();
        work.commit().await.unwrap();
        let mut work = world.begin(chief).await;
        let card = curators::get(&mut work, id).await.unwrap();
        assert_eq!((card.row.name.surname.as_str(), card.row.login.as_deref()), ("Петрова", Some("petrova")));
        assert!(matches!(curators::change(&mut work, id, 1, &changed).await, Err(Failure::Stale)));
    }

    /// PT-058
    async fn a_new_password_throws_the_curator_out(world: World) {
        let chief = world.administrator().await;
        let id = create(&world, &chief, &form()).await.unwrap();
        let cookie = enter(&world, "long enough").await.unwrap().cookie;
        let mut work = world.begin(chief).await;
        curators::set_password(&mut work, id, "another one", "another one").await.unwrap();
        work.commit().await.unwrap();
        assert!(sessions::resume(&world.app, cookie.reveal(), "").await.unwrap().is_none());
        assert!(enter(&world, "long enough").await.is_err());
        assert!(enter(&world, "another one").await.is_ok());
    }

    /// PT-020, PT-060, PT-062
    async fn a_deleted_curator_is_unknown_but_keeps_the_name_in_history(world: World) {
        let chief = world.administrator().await;
        let id = create(&world, &chief, &form()).await.unwrap();
        let cookie = enter(&world, "long enough").await.unwrap().cookie;
        let mut work = world.begin(chief.clone()).await;
        curators::delete(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
        assert!(sessions::resume(&world.app, cookie.reveal(), "").await.unwrap().is_none());
        let Err(Failure::Refused(say)) = enter(&world, "long enough").await else { panic!("let in") };
        assert_eq!(say.key, "sign-in-unknown");
        let mut work = world.begin(chief.clone()).await;
        assert!(curators::list(&mut work, None).await.unwrap().items.is_empty());
        let name = accounts::name_of_author(&mut work.tx, Author::Curator(id)).await.unwrap().said(world.app.house_words());
        assert_eq!(name, "Иванова Анна Петровна");
        drop(work);
        create(&world, &chief, &form()).await.expect("the login is free again");
    }

    /// PT-061
    async fn a_curator_with_citizens_is_not_deleted(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        world.citizen("Петрова Мария").of(&anna).await;
        let mut work = world.begin(chief).await;
        let Err(Failure::Refused(say)) = curators::delete(&mut work, anna.person).await else { panic!("deleted") };
        let text = world.app.house_words().say(&say);
        assert_eq!(text, "У соц. куратора есть пользователи: 1. Сначала переведите их другому соц. куратору");
    }

    async fn lists_offer_the_curators_there_are_after_every_change(world: World) {
        let chief = world.administrator().await;
        assert_eq!(offered(&world, &chief).await, [""; 0]);
        let id = create(&world, &chief, &form()).await.unwrap();
        assert_eq!(offered(&world, &chief).await, ["Иванова Анна Петровна"]);
        let renamed = CuratorForm { surname: "Петрова".into(), password: String::new(), password_repeat: String::new(), ..form() };
        let mut work = world.begin(chief.clone()).await;
        curators::change(&mut work, id, 1, &renamed).await.unwrap();
        assert_eq!(labels(&mut work).await, ["Петрова Анна Петровна"], "the work itself sees what it has done");
        drop(work);
        assert_eq!(offered(&world, &chief).await, ["Иванова Анна Петровна"], "it was taken back");
        let other = CuratorForm { surname: "Сидорова".into(), ..renamed };
        let mut work = world.begin(chief.clone()).await;
        curators::change(&mut work, id, 1, &other).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(offered(&world, &chief).await, ["Сидорова Анна Петровна"]);
        let mut work = world.begin(chief.clone()).await;
        curators::delete(&mut work, id).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(offered(&world, &chief).await, [""; 0]);
    }

    /// PT-048
    async fn a_long_list_is_paged_by_surname(world: World) {
        let chief = world.administrator().await;
        for n in (0..53).rev() {
            world.curator(&format!("Фамилия{n:02} Имя")).await;
        }
        let mut work = world.look(chief).await;
        let first = curators::list(&mut work, None).await.unwrap();
        let surnames = |page: &opora_core::foundation::page::Page<curators::CuratorRow>| {
            page.items.iter().map(|row| row.name.surname.clone()).collect::<Vec<_>>()
        };
        assert_eq!((first.items.len(), surnames(&first)[0].as_str()), (50, "Фамилия00"));
        let second = curators::list(&mut work, first.after.clone()).await.unwrap();
        assert_eq!(surnames(&second), ["Фамилия50", "Фамилия51", "Фамилия52"]);
        assert!(second.after.is_none());
        let back = curators::list(&mut work, second.before).await.unwrap();
        assert_eq!(back.items, first.items);
    }
}
