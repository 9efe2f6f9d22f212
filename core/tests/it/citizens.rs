//! Citizens' cards.

use chrono::{NaiveDate, TimeDelta};
use opora_core::{
    foundation::{
        errors::Failure,
        ids::{PersonId, SubmissionId},
    },
    patronage::{
        citizens::{self, Activity, CitizenForm, Registered},
        curators, districts, groups,
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

fn form() -> CitizenForm {
    CitizenForm {
        surname: "Петрова".into(),
        name: "Мария".into(),
        patronymic: "Ивановна".into(),
        birth_date: "22.11.1954".into(),
        inn: "500100732259".into(),
        phone: "8 (913) 555-01-27".into(),
        email: "maria@example.ru".into(),
        situation: "Живёт одна,\r\nинвалидность II группы".into(),
        diary: "Любит звонки по утрам".into(),
        ..CitizenForm::default()
    }
}

fn submission(world: &World) -> SubmissionId {
    SubmissionId::draw(world.app.clock.now(), &*world.app.chance)
}

async fn register(world: &World, actor: &Actor, form: &CitizenForm) -> Result<PersonId, Failure> {
    register_as(world, actor, form, submission(world), false).await.map(|registered| registered.person)
}

async fn register_as(
    world: &World,
    actor: &Actor,
    form: &CitizenForm,
    submission: SubmissionId,
    confirmed: bool,
) -> Result<Registered, Failure> {
    let mut work = world.begin(actor.clone()).await;
    let registered = citizens::register(&mut work, form, submission, confirmed).await?;
    work.commit().await?;
    Ok(registered)
}

async fn change(world: &World, actor: &Actor, id: PersonId, version: i64, form: &CitizenForm) -> Result<(), Failure> {
    let mut work = world.begin(actor.clone()).await;
    citizens::change(&mut work, id, version, form, false).await?;
    Ok(work.commit().await?)
}

async fn card(world: &World, actor: &Actor, id: PersonId) -> Result<citizens::CitizenCard, Failure> {
    let mut work = world.look(actor.clone()).await;
    citizens::card(&mut work, id).await
}

fn complaints<T: std::fmt::Debug>(result: Result<T, Failure>) -> Vec<(&'static str, String)> {
    match result {
        Err(Failure::Invalid(complaints)) => {
            complaints.iter().map(|(field, say)| (field, say.key.clone().into_owned())).collect()
        }
        other => panic!("not refused: {other:?}"),
    }
}

on_both_databases! {
    /// PT-063, PT-064, PT-068, PT-070, PT-071, PT-072
    async fn everything_on_the_form_is_kept(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let id = register(&world, &anna.actor(), &form()).await.unwrap();
        let card = card(&world, &anna.actor(), id).await.unwrap();
        assert_eq!(card.name.full(), "Петрова Мария Ивановна");
        assert_eq!(card.birth_date, NaiveDate::from_ymd_opt(1954, 11, 22));
        assert_eq!(card.inn.as_deref(), Some("500100732259"));
        assert_eq!(card.phone, "+79135550127");
        assert_eq!(card.situation.as_deref(), Some("Живёт одна,\nинвалидность II группы"));
        assert_eq!(card.curator.as_ref().map(|(id, _)| *id), Some(anna.person), "his own citizen");
        assert_eq!(card.activity, Activity::Active);
        let filled = citizens::form_of(&card);
        let expected = CitizenForm {
            phone: "+7\u{a0}(913)\u{a0}555-01-27".into(),
            curator: anna.person.to_string(),
            situation: "Живёт одна,\nинвалидность II группы".into(),
            ..form()
        };
        assert_eq!(filled, expected);
    }

    /// PT-065, PT-066, PT-067, PT-069
    async fn faults_are_told_field_by_field(world: World) {
        let chief = world.administrator().await;
        let empty = complaints(register(&world, &chief, &CitizenForm::default()).await);
        let required = "people-required".to_owned();
        assert_eq!(empty, [("surname", required.clone()), ("name", required.clone()), ("phone", required)]);
        let wrong = CitizenForm {
            birth_date: "31.02.1990".into(),
            inn: "500100732258".into(),
            email: "a@".into(),
            time_zone: "Mars/Olympus".into(),
            district: "nowhere".into(),
            inactive_until: "09.03.2026".into(),
            situation: "я".repeat(10_001),
            ..form()
        };
        let mut fields: Vec<_> = complaints(register(&world, &chief, &wrong).await).into_iter().map(|(f, _)| f).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["birth_date", "district", "email", "inactive_until", "inn", "situation", "time_zone"]);
        let tomorrow = CitizenForm { birth_date: "11.03.2026".into(), ..form() };
        assert_eq!(complaints(register(&world, &chief, &tomorrow).await)[0].0, "birth_date");
        let whole = CitizenForm { situation: "я".repeat(10_000), ..form() };
        register(&world, &chief, &whole).await.unwrap();
    }

    async fn a_form_sent_twice_makes_one_card(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let submission = submission(&world);
        let first = register_as(&world, &anna.actor(), &form(), submission, false).await.unwrap();
        let again = register_as(&world, &anna.actor(), &form(), submission, false).await.unwrap();
        assert!(first.is_new && !again.is_new);
        assert_eq!(first.person, again.person);
        let (actor, other) = (anna.actor(), SubmissionId::draw(world.app.clock.now(), &*world.app.chance));
        let form = form();
        let both = tokio::join!(
            register_as(&world, &actor, &form, other, true),
            register_as(&world, &actor, &form, other, true),
        );
        assert_eq!(both.0.unwrap().person, both.1.unwrap().person);
        assert_eq!((world.count("citizens").await, world.count("persons").await), (2, 3));
    }

    /// PT-070, PT-279, PT-286
    async fn only_the_administrator_chooses_the_curator(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        let foreign = CitizenForm { curator: boris.person.to_string(), ..form() };
        assert!(matches!(register(&world, &anna.actor(), &foreign).await, Err(Failure::Forbidden)));
        let id = register(&world, &chief, &foreign).await.unwrap();
        assert!(matches!(card(&world, &anna.actor(), id).await, Err(Failure::NotFound)));
        assert!(matches!(change(&world, &anna.actor(), id, 1, &form()).await, Err(Failure::NotFound)));
        let mine = CitizenForm { curator: anna.person.to_string(), ..form() };
        assert!(matches!(change(&world, &boris.actor(), id, 1, &mine).await, Err(Failure::Forbidden)));
        change(&world, &chief, id, 1, &mine).await.unwrap();
        card(&world, &anna.actor(), id).await.expect("the card moved to Anna");
        assert!(matches!(card(&world, &boris.actor(), id).await, Err(Failure::NotFound)));
        let nobody = CitizenForm { curator: String::new(), ..form() };
        change(&world, &chief, id, 2, &nobody).await.unwrap();
        assert_eq!(card(&world, &chief, id).await.unwrap().curator, None);
    }

    /// PT-D05, PT-281
    async fn with_visibility_all_a_curator_works_on_every_card_but_keeps_its_curator(mut world: World) {
        world.configure(|config| {
            config.patronage.curator_visibility = opora_core::foundation::config::CuratorVisibility::All;
        });
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        let id = register(&world, &boris.actor(), &form()).await.unwrap();
        let typed = CitizenForm { diary: "Позвонила".into(), ..form() };
        change(&world, &anna.actor(), id, 1, &typed).await.unwrap();
        let card = card(&world, &anna.actor(), id).await.unwrap();
        assert_eq!(card.curator.map(|(id, _)| id), Some(boris.person));
        assert_eq!(card.diary.as_deref(), Some("Позвонила"));
    }

    /// PT-D10
    async fn a_deleted_curator_cannot_be_chosen(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut work = world.begin(chief.clone()).await;
        curators::delete(&mut work, anna.person).await.unwrap();
        work.commit().await.unwrap();
        let form = CitizenForm { curator: anna.person.to_string(), ..form() };
        assert_eq!(complaints(register(&world, &chief, &form).await), [("curator", "people-no-such-choice".to_owned())]);
    }

    /// PT-080
    async fn a_similar_card_is_warned_about_and_saved_when_confirmed(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        register(&world, &anna.actor(), &form()).await.unwrap();
        let say = async |actor: &Actor, form: &CitizenForm| match register(&world, actor, form).await {
            Err(Failure::Refused(say)) => world.app.house_words().say(&say),
            other => panic!("{other:?}"),
        };
        let same_phone = CitizenForm { inn: String::new(), surname: "ПЕТРОВА".into(), ..form() };
        assert_eq!(say(&anna.actor(), &same_phone).await, "Похожая карточка уже есть: Петрова Мария Ивановна");
        let same_inn = CitizenForm { phone: "+7 900 000 00 00".into(), name: "Марина".into(), ..form() };
        assert!(say(&anna.actor(), &same_inn).await.contains("Петрова Мария"));
        let hidden = say(&boris.actor(), &same_inn).await;
        assert_eq!(hidden, "Похожая карточка уже есть: её ведёт другой соц. куратор", "no foreign names");
        let relative = CitizenForm { inn: String::new(), name: "Иван".into(), ..form() };
        register(&world, &anna.actor(), &relative).await.expect("a family shares a telephone");
        register_as(&world, &anna.actor(), &form(), submission(&world), true).await.expect("confirmed");
    }

    /// PT-081
    async fn of_two_people_who_edit_one_card_the_second_is_told(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let id = register(&world, &anna.actor(), &form()).await.unwrap();
        let first = CitizenForm { diary: "Первая".into(), ..form() };
        let second = CitizenForm { diary: "Вторая".into(), ..form() };
        change(&world, &anna.actor(), id, 1, &first).await.unwrap();
        assert!(matches!(change(&world, &anna.actor(), id, 1, &second).await, Err(Failure::Stale)));
        let card = card(&world, &anna.actor(), id).await.unwrap();
        assert_eq!((card.diary.as_deref(), card.version), (Some("Первая"), 2));
    }

    /// PT-078, PT-D08
    async fn groups_are_chosen_and_stay(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let [one, two] = [world.group("Ветеран").await, world.group("Инвалид").await];
        let id = register(&world, &anna.actor(), &CitizenForm { groups: vec![two, one], ..form() }).await.unwrap();
        let labels = card(&world, &anna.actor(), id).await.unwrap().groups;
        assert_eq!(labels.iter().map(|group| group.label.as_str()).collect::<Vec<_>>(), ["Ветеран", "Инвалид"]);
        change(&world, &anna.actor(), id, 1, &CitizenForm { groups: vec![one], ..form() }).await.unwrap();
        assert_eq!(card(&world, &anna.actor(), id).await.unwrap().groups.len(), 1);
        let unknown = CitizenForm { groups: vec![opora_core::foundation::ids::GroupId(uuid::Uuid::max())], ..form() };
        assert_eq!(complaints(change(&world, &anna.actor(), id, 2, &unknown).await)[0].0, "groups");
    }

    /// PT-079, PT-D06
    async fn a_new_card_is_prefilled_with_the_curator_and_his_district(world: World) {
        let chief = world.administrator().await;
        let mut work = world.begin(chief.clone()).await;
        let district = districts::create(&mut work, "Ленинский").await.unwrap();
        let form = curators::CuratorForm {
            surname: "Иванова".into(),
            district: district.to_string(),
            ..curators::CuratorForm::default()
        };
        let anna = curators::create(&mut work, &form, submission(&world)).await.unwrap();
        work.commit().await.unwrap();
        let account = opora_core::foundation::ids::AccountId(uuid::Uuid::max());
        let actor = Actor::Curator { account, curator: anna, address: String::new() };
        let blank = citizens::blank_form(&mut world.look(actor).await).await.unwrap();
        assert_eq!((blank.curator, blank.district), (anna.to_string(), district.to_string()));
        let blank = citizens::blank_form(&mut world.look(chief).await).await.unwrap();
        assert_eq!(blank, CitizenForm::default());
    }

    /// PT-073, PT-074, machine 3.5
    async fn the_mark_inactive_is_set_and_taken_away(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let actor = anna.actor();
        let id = register(&world, &actor, &CitizenForm { inactive: true, ..form() }).await.unwrap();
        let activity = async || card(&world, &actor, id).await.unwrap().activity;
        assert_eq!(activity().await, Activity::Inactive);
        let until = CitizenForm { inactive_until: "10.03.2026".into(), ..form() };
        change(&world, &actor, id, 1, &until).await.expect("today is allowed");
        assert_eq!(activity().await, Activity::InactiveUntil(NaiveDate::from_ymd_opt(2026, 3, 10).unwrap()));
        // The tick is taken away while the old date still stands in its field.
        change(&world, &actor, id, 2, &until).await.unwrap();
        assert_eq!(activity().await, Activity::Active);
    }

    /// PT-074
    async fn a_period_of_inactivity_ends_at_local_midnight_of_the_next_day(world: World) {
        let chief = world.administrator().await;
        let until = CitizenForm { inactive: true, inactive_until: "10.03.2026".into(), ..form() };
        let moscow = register(&world, &chief, &until).await.unwrap();
        let east = CitizenForm {
            time_zone: "Asia/Vladivostok".into(),
            surname: "Востокова".into(),
            inn: String::new(),
            ..until.clone()
        };
        let east = register(&world, &chief, &east).await.unwrap();
        // 23:59:59 in Vladivostok, then midnight there; Moscow follows seven hours later.
        world.clock.advance("2026-03-10T13:59:59Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - world.app.clock.now());
        assert_eq!(citizens::wake_up_inactive(&world.app).await.unwrap(), 0);
        world.clock.advance(TimeDelta::seconds(1));
        assert_eq!(card(&world, &chief, east).await.unwrap().activity, Activity::Active, "even before the job ran");
        assert_eq!(citizens::wake_up_inactive(&world.app).await.unwrap(), 1);
        assert!(card(&world, &chief, moscow).await.unwrap().activity.is_inactive());
        world.clock.advance(TimeDelta::hours(7));
        assert_eq!(citizens::wake_up_inactive(&world.app).await.unwrap(), 1);
        assert_eq!(world.count("citizens WHERE inactive_until IS NOT NULL").await, 0);
        assert_eq!(world.count("audit WHERE action = 'citizen.became-active'").await, 2);
    }

    /// PT-D29
    async fn the_zone_is_the_citizens_then_the_districts_then_the_houses(world: World) {
        let house = world.app.config.time_zone;
        let far = world.district("Дальний", Some("Asia/Omsk")).await;
        let plain = world.citizen("Первая Анна").await;
        let resident = world.citizen("Вторая Анна").living_in(far).await;
        let mut tx = world.tx().await;
        assert_eq!(citizens::zone_of(&mut tx, house, plain.person).await.unwrap(), house);
        assert_eq!(citizens::zone_of(&mut tx, house, resident.person).await.unwrap(), chrono_tz::Asia::Omsk);
        let brief = citizens::of_person(&mut tx, house, resident.person).await.unwrap().unwrap();
        assert_eq!((brief.tz, brief.district), (chrono_tz::Asia::Omsk, Some(far)));
    }

    /// PT-285
    async fn the_audit_tells_what_changed_and_who_changed_it(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let id = register(&world, &anna.actor(), &form()).await.unwrap();
        let moved = CitizenForm { phone: "+7 913 000-00-00".into(), ..form() };
        change(&world, &anna.actor(), id, 1, &moved).await.unwrap();
        let mut work = world.look(chief).await;
        let page = opora_core::audit::of_subject(&mut work, id.0, None).await.unwrap();
        let last = page.items.iter().find(|record| record.action == "citizen.changed").unwrap();
        assert_eq!(last.author, anna.actor().author());
        assert_eq!(last.changes, serde_json::json!({ "phone": { "old": "+79135550127", "new": "+79130000000" } }));
    }

    /// PT-231, PT-241, PT-245, PT-D08
    async fn names_of_lists_are_unique_whatever_the_case(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        for name in ["Яя", "Абак"] {
            let mut work = world.begin(anna.actor()).await;
            districts::create(&mut work, name).await.unwrap();
            work.commit().await.unwrap();
            world.clock.advance(TimeDelta::seconds(1));
        }
        let mut work = world.begin(anna.actor()).await;
        let labels: Vec<_> = districts::choices(&mut work).await.unwrap().into_iter().map(|c| c.label).collect();
        assert_eq!(labels, ["Яя", "Абак"], "in the order of creation");
        assert_eq!(complaints(districts::create(&mut work, " яЯ ").await), [("name", "districts-name-taken".to_owned())]);
        assert_eq!(complaints(districts::create(&mut work, " ").await), [("name", "people-required".to_owned())]);
        use opora_core::patronage::file_types;
        for name in ["Справка", "Ёлка", "Фото", "Дом"] {
            file_types::create(&mut work, name).await.unwrap();
        }
        let labels: Vec<_> = file_types::choices(&mut work).await.unwrap().into_iter().map(|c| c.label).collect();
        assert_eq!(labels, ["Дом", "Ёлка", "Справка", "Фото"]);
        assert_eq!(complaints(file_types::create(&mut work, "справка").await)[0].1, "file-types-name-taken");
        assert!(matches!(groups::create(&mut work, "Ветеран").await, Err(Failure::Forbidden)));
        drop(work);
        let mut work = world.begin(chief).await;
        assert!(matches!(groups::create(&mut work, "Ветеран").await, Err(Failure::Forbidden)));
        drop(work);
        let mut work = world.begin(Actor::Operator).await;
        groups::create(&mut work, "Ветеран").await.unwrap();
        assert_eq!(groups::choices(&mut work).await.unwrap().len(), 1);
    }
}
