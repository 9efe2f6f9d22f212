//! Ticked rows of the list of citizens, their transfer, and deleting cards.

use chrono::TimeDelta;
use opora_core::{
    audit,
    foundation::{
        errors::Failure,
        ids::{DistrictId, PersonId, SessionId},
    },
    messaging::{
        letters::{self, Recipient},
        messenger::Messenger,
        outbox::Letter,
        press::Reaction,
    },
    on_backend,
    patronage::{
        activation::{self, Activation},
        citizens::{self, CitizenFilter, selection},
        contacts, curators, files,
        reminders::{Reacted, due},
    },
    people::{access::Actor, sessions},
};
use opora_testkit::{Citizen, Curator, World, on_both_databases};

use crate::reminders::kit::{Programme, daily, of_kind, once, shown};

/// The administrator at a browser.
struct Chief {
    actor: Actor,
    session: SessionId,
}

async fn chief(world: &World) -> Chief {
    let session = world.administrator_at_a_browser().await;
    Chief { actor: session.actor, session: session.id }
}

impl Chief {
    async fn tick(&self, world: &World, shown: &[PersonId], ticked: &[PersonId]) {
        let mut work = world.begin(self.actor.clone()).await;
        selection::tick(&mut work, self.session, shown, ticked).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn ticked(&self, world: &World) -> i64 {
        selection::ticked(&mut world.look(self.actor.clone()).await, self.session).await.unwrap()
    }

    async fn transfer(&self, world: &World, to: PersonId, expected: i64) -> Result<usize, Failure> {
        let mut work = world.begin(self.actor.clone()).await;
        let moved = citizens::transfer(&mut work, self.session, &to.to_string(), expected).await?;
        work.commit().await?;
        Ok(moved)
    }

    async fn delete(&self, world: &World, person: PersonId) {
        let mut work = world.begin(self.actor.clone()).await;
        citizens::delete(&mut work, person).await.unwrap();
        work.commit().await.unwrap();
    }

    async fn restore(&self, world: &World, person: PersonId) -> Result<(), Failure> {
        let mut work = world.begin(self.actor.clone()).await;
        citizens::restore(&mut work, person).await?;
        Ok(work.commit().await?)
    }

    async fn curator_of(&self, world: &World, person: PersonId) -> Option<PersonId> {
        let card = citizens::card(&mut world.look(self.actor.clone()).await, person).await.unwrap();
        card.curator.map(|(id, _)| id)
    }
}

async fn put_into(world: &World, curator: &Curator, district: DistrictId) {
    const SQL: &str = "UPDATE curators SET district_id = $2 WHERE person_id = $1";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(SQL).bind(curator.person).bind(district).execute(c).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
}

fn ids(citizens: &[Citizen]) -> Vec<PersonId> {
    citizens.iter().map(|citizen| citizen.person).collect()
}

async fn people(world: &World, curator: &Curator, number: usize) -> Vec<Citizen> {
    let mut people = Vec::new();
    for n in 0..number {
        people.push(world.citizen(&format!("Фамилия{n} Имя")).of(curator).await);
    }
    people
}

on_both_databases! {
    /// PT-264
    async fn ticks_survive_paging_and_belong_to_one_browser(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let all = ids(&people(&world, &anna, 5).await);
        chief.tick(&world, &all[..2], &all[..1]).await;
        chief.tick(&world, &all[2..], &all[3..]).await;
        assert_eq!(chief.ticked(&world).await, 3);
        chief.tick(&world, &all[..2], &[]).await;
        let mut work = world.look(chief.actor.clone()).await;
        let here = selection::ticked_among(&mut work, chief.session, &all).await.unwrap();
        assert_eq!(here, all[3..].iter().copied().collect());
        drop(work);
        chief.tick(&world, &all[..1], &all[..2]).await;
        assert_eq!(chief.ticked(&world).await, 3, "a tick of a row that the page did not show does not count");
        let mut work = world.begin(chief.actor.clone()).await;
        selection::untick_all(&mut work, chief.session).await.unwrap();
        let filter = CitizenFilter { name: "фамилия3".into(), ..CitizenFilter::default() };
        selection::tick_found(&mut work, chief.session, &filter).await.unwrap();
        assert_eq!(selection::ticked(&mut work, chief.session).await.unwrap(), 1);
        selection::tick_found(&mut work, chief.session, &CitizenFilter::default()).await.unwrap();
        assert_eq!(selection::ticked(&mut work, chief.session).await.unwrap(), 5);
        work.commit().await.unwrap();
        let session = sessions::list_own(&mut world.look(chief.actor.clone()).await, chief.session).await.unwrap();
        assert_eq!(session.len(), 1);
        let mut work = world.begin(chief.actor.clone()).await;
        sessions::end(&mut work, chief.session).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(world.count("selections").await, 0, "ticks go with their session");
    }

    /// PT-266, PT-279, PT-286
    async fn only_the_administrator_ticks_transfers_and_deletes(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        let mut work = world.begin(anna.actor()).await;
        let tick = selection::tick(&mut work, chief.session, &[maria.person], &[maria.person]).await;
        assert!(matches!(tick, Err(Failure::Forbidden)));
        let to = anna.person.to_string();
        assert!(matches!(citizens::transfer(&mut work, chief.session, &to, 1).await, Err(Failure::Forbidden)));
        assert!(matches!(citizens::delete(&mut work, maria.person).await, Err(Failure::Forbidden)));
        assert!(matches!(citizens::restore(&mut work, maria.person).await, Err(Failure::Forbidden)));
        assert!(matches!(citizens::deleted(&mut work, None).await, Err(Failure::Forbidden)));
    }

    /// PT-266, PT-267, PT-268, PT-269, PT-270, PT-D11
    async fn a_transfer_moves_everybody_at_once_with_one_entry_each(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        let all = ids(&people(&world, &anna, 3).await);
        let own = world.citizen("Своя Мария").of(&boris).await;
        let nobodys = world.citizen("Ничья Мария").await;
        let chosen = [&all[..2], &[own.person, nobodys.person]].concat();
        match chief.transfer(&world, boris.person, 0).await {
            Err(Failure::Refused(say)) => {
                assert_eq!(world.app.house_words().say(&say), "Не выбрано ни одного пользователя");
            }
            other => panic!("{other:?}"),
        }
        chief.tick(&world, &chosen, &chosen).await;
        assert_eq!(chief.transfer(&world, boris.person, 4).await.unwrap(), 3, "one was his already");
        assert_eq!(chief.ticked(&world).await, 0);
        for person in &chosen {
            assert_eq!(chief.curator_of(&world, *person).await, Some(boris.person));
        }
        assert_eq!(chief.curator_of(&world, all[2]).await, Some(anna.person));
        let mut work = world.look(anna.actor()).await;
        assert!(matches!(citizens::card(&mut work, all[0]).await, Err(Failure::NotFound)), "access is lost at once");
        drop(work);
        assert_eq!(world.count("audit WHERE action = 'citizen.transferred'").await, 3);
        let record = audit::of_subject(&mut world.look(chief.actor.clone()).await, all[0].0, None).await.unwrap();
        let expected = serde_json::json!({ "curator": { "old": anna.person, "new": boris.person } });
        assert_eq!((record.items[0].author, &record.items[0].changes), (chief.actor.author(), &expected));
        assert_eq!(world.count("outbox").await, 0, "citizens are not told");
    }

    /// PT-270
    async fn one_deleted_in_between_and_nobody_is_moved(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        let all = ids(&people(&world, &anna, 3).await);
        chief.tick(&world, &all, &all).await;
        chief.delete(&world, all[1]).await;
        match chief.transfer(&world, boris.person, 3).await {
            Err(Failure::Refused(say)) => assert!(world.app.house_words().say(&say).contains("теперь их 2")),
            other => panic!("{other:?}"),
        }
        assert_eq!(chief.curator_of(&world, all[0]).await, Some(anna.person));
        assert_eq!(world.count("audit WHERE action = 'citizen.transferred'").await, 0);
        assert_eq!(chief.transfer(&world, boris.person, 2).await.unwrap(), 2);
    }

    /// PT-266, PT-D10
    async fn a_deleted_curator_gets_nobody(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let boris = world.curator("Борисов Борис").await;
        let all = ids(&people(&world, &anna, 1).await);
        chief.tick(&world, &all, &all).await;
        let mut work = world.begin(chief.actor.clone()).await;
        curators::delete(&mut work, boris.person).await.unwrap();
        work.commit().await.unwrap();
        assert!(matches!(chief.transfer(&world, boris.person, 1).await, Err(Failure::Invalid(_))));
        let mut work = world.begin(chief.actor.clone()).await;
        assert!(matches!(citizens::transfer(&mut work, chief.session, "", 1).await, Err(Failure::Invalid(_))));
    }

    /// PT-269, PT-D11, PT-D29: own reminders follow the new curator's clocks, the citizen's own ones stay.
    async fn own_reminders_follow_the_new_curators_clocks(world: World) {
        let chief = chief(&world).await;
        let (anna, boris) = (world.curator("Иванова Анна Петровна").await, world.curator("Борисов Борис").await);
        put_into(&world, &boris, world.district("Дальний", Some("Asia/Omsk")).await).await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &of_kind("curator_reminder", once("Позвонить", "2026-03-11", "12:00"))).await;
        world.plan(&anna.actor(), maria.person, &once("Лекарство", "2026-03-11", "12:30")).await;
        let next = async || due::next_moment(&world.app).await.unwrap().unwrap().format("%H:%M").to_string();
        assert_eq!(next().await, "09:00", "noon in Moscow");
        chief.tick(&world, &[maria.person], &[maria.person]).await;
        chief.transfer(&world, boris.person, 1).await.unwrap();
        assert_eq!(next().await, "06:00", "noon in Omsk");
        let card = citizens::card(&mut world.look(chief.actor.clone()).await, maria.person).await.unwrap();
        let form = citizens::CitizenForm { phone: "+7 913 000-00-00".into(), curator: anna.person.to_string(), ..citizens::form_of(&card) };
        let mut work = world.begin(chief.actor.clone()).await;
        citizens::change(&mut work, maria.person, card.version, &form, false).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(next().await, "09:00", "the card was given back to Anna");
    }

    /// PT-D29: a curator who gets another district takes his own reminders along.
    async fn own_reminders_follow_the_curator_into_another_district(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let far = world.district("Дальний", Some("Asia/Omsk")).await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &of_kind("curator_reminder", once("Позвонить", "2026-03-11", "12:00"))).await;
        let form = curators::CuratorForm {
            surname: "Иванова".into(),
            district: far.to_string(),
            login: "ivanova".into(),
            ..curators::CuratorForm::default()
        };
        let mut work = world.begin(chief.actor.clone()).await;
        let version = curators::get(&mut work, anna.person).await.unwrap().version;
        curators::change(&mut work, anna.person, version, &form).await.unwrap();
        work.commit().await.unwrap();
        let next = due::next_moment(&world.app).await.unwrap().unwrap();
        assert_eq!(next.format("%H:%M").to_string(), "06:00", "noon in Omsk");
    }

    /// PT-269, PT-D11
    async fn a_request_after_the_transfer_is_the_new_curators(world: World) {
        let chief = chief(&world).await;
        let (anna, boris) = (world.curator("Иванова Анна Петровна").await, world.curator("Борисов Борис").await);
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        chief.tick(&world, &[maria.person], &[maria.person]).await;
        chief.transfer(&world, boris.person, 1).await.unwrap();
        let mut work = world.begin(maria.actor()).await;
        contacts::request(&mut work, maria.person, None).await.unwrap();
        work.commit().await.unwrap();
        let mut tx = world.tx().await;
        let curator: Option<PersonId> =
            on_backend!(&mut tx, |c| sqlx::query_scalar("SELECT curator_id FROM activity").fetch_one(c).await).unwrap();
        assert_eq!(curator, Some(boris.person));
    }

    /// PT-D11: the option `notify_on_transfer`.
    async fn citizens_are_told_of_their_new_curator_when_the_house_wants_it(mut world: World) {
        world.configure(|config| config.patronage.notify_on_transfer = true);
        let chief = chief(&world).await;
        let (anna, boris) = (world.curator("Иванова Анна Петровна").await, world.curator("Борисов Борис").await);
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let olga = world.citizen("Петрова Ольга").of(&anna).await;
        chief.tick(&world, &[maria.person, olga.person], &[maria.person, olga.person]).await;
        chief.transfer(&world, boris.person, 2).await.unwrap();
        let sent = world.sent().await;
        let told: Vec<_> = sent.iter().map(|it| (it.recipient.as_str(), it.text.as_str())).collect();
        assert_eq!(told, [("1001", "Теперь с Вами работает соц. куратор: Борисов Борис")]);
    }

    /// PT-263, PT-D12
    async fn a_deleted_citizen_gets_nothing_any_more_and_is_a_stranger(world: World) {
        world.mail_is_set("boss@example.ru").await;
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "12:00", 5)).await;
        world.clock.set("2026-03-10T09:00:00Z".parse().unwrap());
        world.claim_all().await;
        world.deliver_all().await;
        let arrived = world.sent().await[0].occurrence.unwrap();
        world.clock.set("2026-03-11T09:00:00Z".parse().unwrap());
        world.claim_all().await;
        let mut work = world.begin(Actor::System).await;
        let letter = Letter { subject: "Петрова".into(), text: "Петрова".into() };
        letters::notify(&mut work, Recipient::CuratorOf(maria.person), letter, "test").await.unwrap();
        work.commit().await.unwrap();
        chief.tick(&world, &[maria.person], &[maria.person]).await;
        chief.delete(&world, maria.person).await;
        assert_eq!(chief.ticked(&world).await, 0);
        assert_eq!(due::next_moment(&world.app).await.unwrap(), None);
        assert_eq!(world.count("outbox WHERE state = 'queued' AND occurrence_id IS NOT NULL").await, 0);
        assert_eq!(world.count("outbox WHERE state = 'queued' AND channel = 'email'").await, 0);
        assert_eq!(world.count("occurrences WHERE state = 'sending'").await, 0);
        assert_eq!(world.count("links WHERE state <> 'unlinked'").await, 0);
        assert_eq!(world.count("activation_codes WHERE code IS NOT NULL").await, 0);
        assert_eq!(world.press("1001", arrived, Reaction::Done).await, Reacted::NotLinked);
        for actor in [anna.actor(), chief.actor.clone()] {
            let mut work = world.look(actor).await;
            assert!(matches!(citizens::card(&mut work, maria.person).await, Err(Failure::NotFound)));
            let listed = files::list(&mut work, maria.person, files::TypeFilter::All, None).await;
            assert!(matches!(listed, Err(Failure::NotFound)));
            assert!(matches!(contacts::list(&mut work, maria.person, None).await, Err(Failure::NotFound)));
            assert!(citizens::list(&mut work, &CitizenFilter::default(), None).await.unwrap().items.is_empty());
        }
        let mut work = world.begin(chief.actor.clone()).await;
        assert!(matches!(citizens::delete(&mut work, maria.person).await, Err(Failure::NotFound)), "once is enough");
        assert_eq!(world.count("audit WHERE action = 'citizen.deleted'").await, 1);
    }

    /// PT-D12: undo for thirty days, with a new code.
    async fn a_deletion_is_taken_back_with_a_new_code_and_what_was_planned(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let late = world.citizen("Поздняя Ольга").of(&anna).await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-10", "12:00", 5)).await;
        chief.delete(&world, late.person).await;
        world.clock.advance(TimeDelta::days(1));
        chief.delete(&world, maria.person).await;
        world.clock.set("2026-03-12T10:00:00Z".parse().unwrap());
        let page = citizens::deleted(&mut world.look(chief.actor.clone()).await, None).await.unwrap();
        let rows: Vec<_> = page.items.iter().map(|row| (row.id, row.days_left)).collect();
        assert_eq!(rows, [(maria.person, 29), (late.person, 28)], "the latest first");
        chief.restore(&world, maria.person).await.unwrap();
        assert!(matches!(chief.restore(&world, maria.person).await, Err(Failure::NotFound)));
        let mut work = world.look(anna.actor()).await;
        let state = activation::state_of(&mut work, maria.person).await.unwrap();
        assert!(matches!(state, Activation::Waiting { .. }), "{state:?}");
        drop(work);
        let mut tx = world.tx().await;
        assert_eq!(activation::link_of(&mut tx, Messenger::Telegram, "1001").await.unwrap(), None);
        drop(tx);
        let entries = world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-20").await;
        assert_eq!(shown(&entries), ["03-13 planned", "03-14 planned"], "what would have come meanwhile does not exist");
        world.clock.set("2026-04-09T06:00:00Z".parse().unwrap());
        assert!(matches!(chief.restore(&world, late.person).await, Err(Failure::NotFound)), "thirty days are over");
        let page = citizens::deleted(&mut world.look(chief.actor.clone()).await, None).await.unwrap();
        assert!(page.items.is_empty());
    }

    /// PT-D10, PT-D12
    async fn a_restored_citizen_does_not_go_to_a_deleted_curator(world: World) {
        let chief = chief(&world).await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        chief.delete(&world, maria.person).await;
        let mut work = world.begin(chief.actor.clone()).await;
        curators::delete(&mut work, anna.person).await.unwrap();
        work.commit().await.unwrap();
        chief.restore(&world, maria.person).await.unwrap();
        assert_eq!(chief.curator_of(&world, maria.person).await, None);
    }
}
