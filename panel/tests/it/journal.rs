//! «Журнал».

use opora_core::{
    patronage::{
        activation,
        citizens::{self, CitizenForm},
        contacts, districts, privacy,
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

use crate::{
    programme::{DAILY, Desk},
    visit::Visitor,
};

on_both_databases! {
    /// PT-285: who opened whose card stands there once an hour, whatever tabs were looked at.
    async fn opening_a_card_is_noted_once_an_hour(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let mut curator = Visitor::curator(&world, &anna).await;
        let looks = "audit WHERE action = 'citizen.opened'";
        for tab in ["", "/history", "/files"] {
            curator.get(&format!("/citizens/{}{tab}", maria.person)).await;
        }
        assert_eq!(world.count(looks).await, 1);
        Visitor::administrator(&world).await.get(&format!("/citizens/{}", maria.person)).await;
        assert_eq!(world.count(looks).await, 2, "somebody else's look is his own");
        world.clock.advance_seconds(3601);
        curator.get(&format!("/citizens/{}", maria.person)).await;
        assert_eq!(world.count(looks).await, 3);
        let foreign = world.citizen("Борисов Борис").await;
        curator.get(&format!("/citizens/{}", foreign.person)).await;
        assert_eq!(world.count(looks).await, 3, "what is not shown was not read");
    }

    /// PT-285, PT-266: whom and what an act concerned stands there by name; of somebody erased no name is left.
    async fn names_stand_where_ids_were_kept(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let olga = world.curator("Смирнова Ольга").await;
        let north = world.district("Северный", None).await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let chief = world.administrator().await;
        let mut work = world.begin(chief.clone()).await;
        let card = citizens::card(&mut work, maria.person).await.unwrap();
        let form = citizens::form_of(&card);
        let phone = "89135550127".to_owned();
        let form = CitizenForm { phone, curator: olga.person.to_string(), district: north.to_string(), ..form };
        citizens::change(&mut work, maria.person, card.version, &form, false).await.unwrap();
        contacts::add(&mut work, maria.person, "Позвонила").await.unwrap();
        work.commit().await.unwrap();
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/journal").await;
        let values = page.texts(".journal__value");
        for value in ["соц. куратор: Иванова Анна Петровна → Смирнова Ольга", "район: пусто → Северный"] {
            assert!(values.contains(&value.to_owned()), "{value} in {values:?}");
        }
        assert!(!page.body.contains("выбрано"));
        assert_eq!(page.texts("tbody td a"), ["Петрова Мария", "Петрова Мария"], "the contact is hers");
        let mut work = world.begin(chief).await;
        citizens::delete(&mut work, maria.person).await.unwrap();
        work.commit().await.unwrap();
        let mut work = world.begin(Actor::Operator).await;
        privacy::erase(&mut work, maria.person).await.unwrap();
        work.commit().await.unwrap();
        let page = administrator.get("/journal").await;
        assert!(!page.body.contains("Петрова"), "{}", page.body);
        assert!(page.texts("tbody td").iter().any(|text| text.ends_with("Карточка изменена: стёрто")), "{:?}", page.texts("tbody td"));
    }

    /// PT-285: a planned reminder and a connected bot are told as people tell them, not as the database keeps them.
    async fn acts_are_told_in_words(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&DAILY).await;
        let mut work = world.begin(world.administrator().await).await;
        districts::create(&mut work, "Северный").await.unwrap();
        activation::renew(&mut work, desk.maria.person).await.unwrap();
        work.commit().await.unwrap();
        let page = Visitor::administrator(&world).await.get("/journal").await;
        let values = page.texts(".journal__value");
        for value in [
            "тип задания: Меры поддержки",
            "описание задания: Измерьте давление",
            "повторение: Ежедневно",
            "первая дата: 11.03.2026",
            "мессенджер: Telegram",
            "наименование: Северный",
        ] {
            assert!(values.contains(&value.to_owned()), "{value} in {values:?}");
        }
        let codes = values.iter().filter(|value| value.split(':').next().is_some_and(str::is_ascii));
        assert_eq!(codes.collect::<Vec<_>>(), Vec::<&String>::new(), "every field has a name in Russian");
    }

    /// PT-285
    async fn the_administrator_filters_the_journal_by_card_author_act_and_day(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let boris = world.citizen("Борисов Борис").of(&anna).linked("1002").await;
        let mut curator = Visitor::curator(&world, &anna).await;
        for citizen in [&maria, &boris] {
            curator.get(&format!("/citizens/{}", citizen.person)).await;
            world.clock.advance_seconds(1);
        }
        let mut administrator = Visitor::administrator(&world).await;
        let path = format!("/journal?subject={}", maria.person);
        let page = administrator.get(&path).await;
        assert_eq!(page.texts("tbody td a"), ["Петрова Мария"]);
        assert_eq!(page.text_of("#only a"), "Петрова Мария");
        let opened = administrator.get("/journal?action=citizen.opened&since=10.03.2026&until=10.03.2026").await;
        assert_eq!(opened.texts("tbody td a"), ["Борисов Борис", "Петрова Мария"], "the latest first");
        let author = format!("/journal?author=curator:{}", anna.person);
        assert!(administrator.get(&author).await.texts("tbody td a").len() == 2);
        let wrong = administrator.get("/journal?since=31.02.2026").await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text_of(".field--wrong").contains("Дата указана неверно"), "{}", wrong.body);
        let later = administrator.get("/journal?since=11.03.2026").await;
        assert_eq!(later.text_of(".empty__title"), "Ничего не нашлось");
    }
}
