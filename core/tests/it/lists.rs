//! «Районы», «Типы сообщений (файлов)», «Особые группы».

use opora_core::{
    foundation::{
        errors::Failure,
        ids::{DistrictId, FileTypeId, GroupId, SubmissionId},
    },
    patronage::{
        citizens::{self, CitizenForm},
        curators::{self, CuratorForm},
        districts::{self, DistrictForm},
        file_types, groups,
        reminders::{self, ReminderForm, due},
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

fn submission(world: &World) -> SubmissionId {
    SubmissionId::draw(world.app.clock.now(), &*world.app.chance)
}

fn district(name: &str, time_zone: &str) -> DistrictForm {
    DistrictForm { name: name.to_owned(), time_zone: time_zone.to_owned() }
}

async fn add_district(world: &World, actor: &Actor, form: &DistrictForm) -> Result<DistrictId, Failure> {
    let mut work = world.begin(actor.clone()).await;
    let id = districts::add(&mut work, form, submission(world)).await?;
    work.commit().await?;
    world.clock.advance_seconds(1);
    Ok(id)
}

async fn change_district(world: &World, actor: &Actor, id: DistrictId, form: &DistrictForm) -> Result<(), Failure> {
    let mut work = world.begin(actor.clone()).await;
    districts::change(&mut work, id, form).await?;
    Ok(work.commit().await?)
}

async fn names_of_districts(world: &World, actor: &Actor, part: &str) -> Vec<String> {
    let mut work = world.look(actor.clone()).await;
    let found = districts::list(&mut work, part).await.expect("the list can be read");
    found.into_iter().map(|district| district.name).collect()
}

async fn add_type(world: &World, actor: &Actor, name: &str) -> Result<FileTypeId, Failure> {
    let mut work = world.begin(actor.clone()).await;
    let id = file_types::create(&mut work, name).await?;
    work.commit().await?;
    Ok(id)
}

async fn names_of_types(world: &World, actor: &Actor, part: &str) -> Vec<String> {
    let mut work = world.look(actor.clone()).await;
    let found = file_types::list(&mut work, part).await.expect("the list can be read");
    found.into_iter().map(|it| it.label).collect()
}

async fn names_of_groups(world: &World, part: &str) -> Vec<String> {
    let mut work = world.look(Actor::Operator).await;
    let found = groups::list(&mut work, part).await.expect("the list can be read");
    found.into_iter().map(|it| it.label).collect()
}

async fn add_group(world: &World, name: &str) -> Result<GroupId, Failure> {
    let mut work = world.begin(Actor::Operator).await;
    let id = groups::create(&mut work, name).await?;
    work.commit().await?;
    Ok(id)
}

/// The key of the complaint about the name.
fn complaint<T>(outcome: Result<T, Failure>) -> String {
    match outcome {
        Err(Failure::Invalid(complaints)) => complaints.about("name").expect("it is about the name").key.to_string(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was taken"),
    }
}

/// A single reminder on 12.03.2026 at 09:00.
fn reminder(kind: &str) -> ReminderForm {
    ReminderForm {
        kind: kind.to_owned(),
        text: "Примите лекарство".to_owned(),
        repetition: "none".to_owned(),
        start_date: "2026-03-12".to_owned(),
        time: "09:00".to_owned(),
        ..ReminderForm::default()
    }
}

async fn next_due(world: &World) -> String {
    due::next_moment(&world.app).await.expect("the timer can ask").expect("something is due").to_rfc3339()
}

on_both_databases! {
    /// PT-228, PT-229, PT-231
    async fn districts_stand_in_the_order_they_came_and_are_found_by_a_part_of_the_name(world: World) {
        let anna = world.curator("Иванова Анна").await.actor();
        for name in ["Яя", "Абак", "Советский"] {
            add_district(&world, &anna, &district(name, "")).await.expect("it can be added");
        }
        assert_eq!(names_of_districts(&world, &anna, "").await, ["Яя", "Абак", "Советский"]);
        assert_eq!(names_of_districts(&world, &anna, " СОВЕТ").await, ["Советский"]);
        assert!(names_of_districts(&world, &anna, "совет%").await.is_empty());
        assert_eq!(complaint(add_district(&world, &anna, &district(" ", "")).await), "people-required");
        assert_eq!(complaint(add_district(&world, &anna, &district("абак", "")).await), "districts-name-taken");
        assert_eq!(complaint(add_district(&world, &anna, &district(&"я".repeat(201), "")).await), "people-too-long");
    }

    async fn one_form_adds_one_district_however_often_it_is_sent(world: World) {
        let anna = world.curator("Иванова Анна").await.actor();
        let (form, number) = (district("Ленинский", "Asia/Omsk"), submission(&world));
        let mut ids = Vec::new();
        for _ in 0..2 {
            let mut work = world.begin(anna.clone()).await;
            ids.push(districts::add(&mut work, &form, number).await.expect("it is taken both times"));
            work.commit().await.expect("it stays");
        }
        assert_eq!(ids[0], ids[1]);
        assert_eq!(names_of_districts(&world, &anna, "").await, ["Ленинский"]);
    }

    /// PT-230, PT-231
    async fn a_district_is_renamed_everywhere(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let actor = anna.actor();
        let id = add_district(&world, &actor, &district("Ленинский", "")).await.unwrap();
        add_district(&world, &actor, &district("Советский", "")).await.unwrap();
        let maria = world.citizen("Петрова Мария").of(&anna).living_in(id).await;
        change_district(&world, &actor, id, &district("ленинский", "")).await.expect("only its case changes");
        change_district(&world, &actor, id, &district("Центральный", "")).await.unwrap();
        let card = citizens::card(&mut world.look(actor.clone()).await, maria.person).await.unwrap();
        assert_eq!(card.district.unwrap().1, "Центральный");
        assert_eq!(names_of_districts(&world, &actor, "").await, ["Центральный", "Советский"]);
        let taken = change_district(&world, &actor, id, &district("СОВЕТСКИЙ", "")).await;
        assert_eq!(complaint(taken), "districts-name-taken");
        assert_eq!(complaint(change_district(&world, &actor, id, &district("", "")).await), "people-required");
        assert_eq!(world.count("audit WHERE action = 'district.changed'").await, 2);
    }

    /// PT-D29: who has no zone of his own gets his reminders by the clock of his district.
    async fn another_zone_of_a_district_moves_the_reminders_of_those_who_live_there(world: World) {
        let chief = world.administrator().await;
        let id = add_district(&world, &chief, &district("Дальний", "")).await.unwrap();
        let maria = world.citizen("Петрова Мария").living_in(id).linked("1001").await;
        let mut work = world.begin(chief.clone()).await;
        reminders::plan(&mut work, maria.person, &reminder("information"), submission(&world)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(next_due(&world).await, "2026-03-12T06:00:00+00:00", "09:00 in Moscow");
        change_district(&world, &chief, id, &district("Дальний", "Asia/Omsk")).await.unwrap();
        assert_eq!(next_due(&world).await, "2026-03-12T03:00:00+00:00", "09:00 in Omsk");
        let mut work = world.begin(chief.clone()).await;
        let card = citizens::card(&mut work, maria.person).await.unwrap();
        let form = CitizenForm {
            phone: "8 913 123-45-67".to_owned(),
            time_zone: "Asia/Kamchatka".to_owned(),
            ..citizens::form_of(&card)
        };
        citizens::change(&mut work, maria.person, card.version, &form, false).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(next_due(&world).await, "2026-03-11T21:00:00+00:00", "09:00 in Kamchatka");
        change_district(&world, &chief, id, &district("Дальний", "")).await.unwrap();
        assert_eq!(next_due(&world).await, "2026-03-11T21:00:00+00:00", "her own zone stands");
        let unknown = change_district(&world, &chief, id, &district("Дальний", "Mars/Olympus")).await;
        assert!(matches!(unknown, Err(Failure::Invalid(complaints)) if complaints.about("time_zone").is_some()));
    }

    /// PT-D29: a curator's own reminders follow the curator's district.
    async fn another_zone_of_a_district_moves_the_own_reminders_of_its_curators(world: World) {
        let chief = world.administrator().await;
        let id = add_district(&world, &chief, &district("Дальний", "")).await.unwrap();
        let mut work = world.begin(chief.clone()).await;
        let form = CuratorForm { surname: "Иванова".to_owned(), district: id.to_string(), ..CuratorForm::default() };
        let anna = curators::create(&mut work, &form, submission(&world)).await.unwrap();
        let form = CitizenForm {
            surname: "Петрова".to_owned(),
            name: "Мария".to_owned(),
            phone: "8 913 123-45-67".to_owned(),
            curator: anna.to_string(),
            ..CitizenForm::default()
        };
        let maria = citizens::register(&mut work, &form, submission(&world), false).await.unwrap().person;
        reminders::plan(&mut work, maria, &reminder("curator_reminder"), submission(&world)).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(next_due(&world).await, "2026-03-12T06:00:00+00:00");
        change_district(&world, &chief, id, &district("Дальний", "Asia/Omsk")).await.unwrap();
        assert_eq!(next_due(&world).await, "2026-03-12T03:00:00+00:00");
    }

    /// PT-232, PT-D09
    async fn only_the_operator_retires_a_district_and_cards_keep_it(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let actor = anna.actor();
        let id = add_district(&world, &actor, &district("Ленинский", "")).await.unwrap();
        let maria = world.citizen("Петрова Мария").of(&anna).living_in(id).await;
        for refused in [world.administrator().await, actor.clone()] {
            let mut work = world.begin(refused).await;
            assert!(matches!(districts::retire(&mut work, "Ленинский").await, Err(Failure::Forbidden)));
        }
        let mut work = world.begin(Actor::Operator).await;
        assert!(matches!(districts::retire(&mut work, "Другой").await, Err(Failure::NotFound)));
        districts::retire(&mut work, "ленинский").await.unwrap();
        work.commit().await.unwrap();
        assert!(names_of_districts(&world, &actor, "").await.is_empty());
        assert!(districts::choices(&mut world.look(actor.clone()).await).await.unwrap().is_empty());
        let card = citizens::card(&mut world.look(actor.clone()).await, maria.person).await.unwrap();
        assert_eq!(card.district.unwrap().1, "Ленинский");
        assert!(matches!(change_district(&world, &actor, id, &district("Иной", "")).await, Err(Failure::NotFound)));
        let hidden = add_district(&world, &actor, &district("Ленинский", "")).await;
        assert_eq!(complaint(hidden), "districts-name-hidden");
        let mut work = world.begin(Actor::Operator).await;
        assert_eq!(districts::create(&mut work, "Ленинский").await.unwrap(), id, "the operator brings it back");
    }

    /// PT-234, PT-235, PT-237, PT-241, PT-D07
    async fn types_stand_in_the_alphabets_order_on_both_databases(world: World) {
        let anna = world.curator("Иванова Анна").await.actor();
        for name in ["Фото", "ёлка", "Ель", "Жалоба", "а", "Справка", "Дом", "Zip", "10 анализов"] {
            add_type(&world, &anna, name).await.expect("it can be added");
        }
        let sorted = ["10 анализов", "Zip", "а", "Дом", "ёлка", "Ель", "Жалоба", "Справка", "Фото"];
        assert_eq!(names_of_types(&world, &anna, "").await, sorted);
        assert_eq!(names_of_types(&world, &anna, "СПРАВ").await, ["Справка"]);
        let between = add_type(&world, &anna, "Б").await.unwrap();
        assert_eq!(names_of_types(&world, &anna, "").await[3], "Б");
        assert_eq!(complaint(add_type(&world, &anna, "").await), "people-required");
        assert_eq!(complaint(add_type(&world, &anna, "справка").await), "file-types-name-taken");
        let mut work = world.begin(anna.clone()).await;
        assert_eq!(complaint(file_types::rename(&mut work, between, "ФОТО").await), "file-types-name-taken");
        drop(work);
        let mut work = world.begin(anna.clone()).await;
        file_types::rename(&mut work, between, "Яблоко").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(names_of_types(&world, &anna, "").await.last().unwrap(), "Яблоко");
    }

    /// PT-238, PT-239
    async fn a_deleted_type_leaves_the_choices_and_frees_its_name(world: World) {
        let anna = world.curator("Иванова Анна").await.actor();
        let id = add_type(&world, &anna, "Справка").await.unwrap();
        let mut work = world.begin(anna.clone()).await;
        file_types::delete(&mut work, id).await.unwrap();
        assert!(matches!(file_types::delete(&mut work, id).await, Err(Failure::NotFound)));
        assert!(matches!(file_types::rename(&mut work, id, "Иное").await, Err(Failure::NotFound)));
        work.commit().await.unwrap();
        assert!(names_of_types(&world, &anna, "").await.is_empty());
        assert!(file_types::choices(&mut world.look(anna.clone()).await).await.unwrap().is_empty());
        assert_ne!(add_type(&world, &anna, "Справка").await.unwrap(), id);
        assert_eq!(world.count("audit WHERE action = 'file-type.deleted'").await, 1);
    }

    /// PT-243, PT-244, PT-245, PT-D08
    async fn groups_are_the_operators_and_stay_on_cards_when_retired(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let veteran = add_group(&world, "Ветеран").await.unwrap();
        add_group(&world, "Инвалид").await.unwrap();
        assert_eq!(complaint(add_group(&world, "ветеран").await), "groups-name-taken");
        assert_eq!(names_of_groups(&world, "ВЕТ").await, ["Ветеран"]);
        let maria = world.citizen("Петрова Мария").of(&anna).in_group(veteran).await;
        for actor in [world.administrator().await, anna.actor()] {
            let mut work = world.begin(actor).await;
            assert_eq!(groups::list(&mut work, "").await.unwrap().len(), 2, "everybody reads");
            assert!(matches!(groups::create(&mut work, "Иная").await, Err(Failure::Forbidden)));
            assert!(matches!(groups::rename(&mut work, "Ветеран", "Иная").await, Err(Failure::Forbidden)));
            assert!(matches!(groups::retire(&mut work, "Ветеран").await, Err(Failure::Forbidden)));
        }
        let mut work = world.begin(Actor::Operator).await;
        groups::rename(&mut work, "Ветеран", "Ветеран труда").await.unwrap();
        groups::retire(&mut work, "ветеран труда").await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(names_of_groups(&world, "").await, ["Инвалид"]);
        let card = citizens::card(&mut world.look(anna.actor()).await, maria.person).await.unwrap();
        assert_eq!(card.groups[0].label, "Ветеран труда");
        assert_eq!(add_group(&world, "Ветеран труда").await.unwrap(), veteran, "adding it again brings it back");
    }
}
