//! «История взаимодействия» and «Активность».

use chrono::TimeDelta;
use opora_core::{
    foundation::{
        errors::Failure,
        ids::{ActivityId, ContactId, PersonId},
    },
    on_backend,
    patronage::{
        activity,
        contacts::{self, ContactRow, Initiator, Requested, State},
    },
    people::{access::Actor, accounts::AuthorName},
};
use opora_testkit::{Citizen, World, on_both_databases};

async fn request(world: &World, citizen: &Citizen, comment: Option<&str>) -> Requested {
    let mut work = world.begin(citizen.actor()).await;
    let requested = contacts::request(&mut work, citizen.person, comment).await.expect("it can be requested");
    work.commit().await.expect("it stays");
    requested
}

async fn history(world: &World, reader: &Actor, person: PersonId) -> Vec<ContactRow> {
    let mut work = world.look(reader.clone()).await;
    contacts::list(&mut work, person, None).await.expect("the history can be read").items
}

async fn save(world: &World, editor: &Actor, row: &ContactRow, result: &str) -> Result<(), Failure> {
    let mut work = world.begin(editor.clone()).await;
    contacts::save_result(&mut work, row.id, row.version, result).await?;
    work.commit().await?;
    Ok(())
}

async fn record_of(world: &World, contact: ContactId) -> ActivityId {
    const SQL: &str = "SELECT id FROM activity WHERE contact_id = $1";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query_scalar(SQL).bind(contact).fetch_one(c).await).expect("there is a record")
}

on_both_databases! {
    /// PT-098, PT-102, PT-128: a request stands in the history and in «Активность», without result and stamp.
    async fn a_request_waits_open_in_the_history(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        assert_eq!(request(&world, &maria, Some("  Сломался лифт ")).await, Requested::Sent);
        let rows = history(&world, &anna.actor(), maria.person).await;
        let [row] = rows.as_slice() else { panic!("one row: {rows:?}") };
        assert_eq!((row.initiator, row.state(), row.comment.as_deref()), (Initiator::Citizen, State::Open, Some("Сломался лифт")));
        assert_eq!((row.result.as_str(), &row.edited), ("", &None));
        assert_eq!(world.count("activity WHERE kind = 'contact_request' AND curator_id IS NOT NULL").await, 1);
    }

    /// PT-129, PT-D21
    async fn a_new_request_follows_after_ten_minutes_or_after_processing(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        request(&world, &maria, None).await;
        world.clock.advance(TimeDelta::minutes(10) - TimeDelta::microseconds(1));
        assert_eq!(request(&world, &maria, None).await, Requested::AlreadyOpen);
        let rows = history(&world, &anna.actor(), maria.person).await;
        save(&world, &anna.actor(), &rows[0], "Договорились").await.expect("it can be saved");
        assert_eq!(request(&world, &maria, None).await, Requested::Sent, "the first one is answered");
        world.clock.advance(TimeDelta::minutes(10));
        assert_eq!(request(&world, &maria, None).await, Requested::Sent, "ten minutes have passed");
    }

    /// PT-D21
    async fn of_two_presses_at_once_one_makes_the_request(world: World) {
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        let (one, other) = tokio::join!(request(&world, &maria, None), request(&world, &maria, None));
        let mut both = [format!("{one:?}"), format!("{other:?}")];
        both.sort();
        assert_eq!(both, ["AlreadyOpen", "Sent"]);
        assert_eq!(world.count("contacts").await, 1);
    }

    /// PT-100, PT-101, machine 3.4, PT-D49
    async fn a_result_is_stamped_and_ticks_the_record(world: World) {
        let administrator = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        request(&world, &maria, None).await;
        world.clock.advance(TimeDelta::minutes(5));
        let rows = history(&world, &anna.actor(), maria.person).await;
        save(&world, &anna.actor(), &rows[0], "Лифт починят").await.expect("it can be saved");
        let rows = history(&world, &anna.actor(), maria.person).await;
        let stamp = rows[0].edited.clone().expect("a stamp");
        assert_eq!(stamp.by, AuthorName::Person("Иванова Анна Петровна".to_owned()));
        assert_eq!((rows[0].state(), rows[0].handled_at), (State::Contacted, Some(world.app.clock.now())));
        assert_eq!(world.count("activity WHERE processed_at IS NOT NULL").await, 1);
        save(&world, &administrator, &rows[0], "").await.expect("it can be cleared");
        let rows = history(&world, &anna.actor(), maria.person).await;
        let stamp = rows[0].edited.clone().expect("a stamp");
        assert_eq!(stamp.by.said(world.app.house_words()), "администратор");
        assert_eq!(rows[0].state(), State::NoContact, "the record is still ticked");
    }

    /// Machines 3.4 and 3.6
    async fn a_tick_without_result_means_no_contact_until_it_is_taken_back(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        request(&world, &maria, None).await;
        let contact = history(&world, &anna.actor(), maria.person).await[0].id;
        let record = record_of(&world, contact).await;
        for (ticked, state) in [(true, State::NoContact), (false, State::Open)] {
            let mut work = world.begin(anna.actor()).await;
            let done = if ticked { activity::tick(&mut work, record).await } else { activity::untick(&mut work, record).await };
            done.expect("the tick can be set");
            work.commit().await.expect("it stays");
            assert_eq!(history(&world, &anna.actor(), maria.person).await[0].state(), state);
        }
    }

    /// PT-081
    async fn an_outdated_result_is_refused(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        request(&world, &maria, None).await;
        let rows = history(&world, &anna.actor(), maria.person).await;
        save(&world, &anna.actor(), &rows[0], "Первое").await.expect("it can be saved");
        let second = save(&world, &anna.actor(), &rows[0], "Второе").await;
        assert!(matches!(second, Err(Failure::Stale)), "{second:?}");
        assert_eq!(history(&world, &anna.actor(), maria.person).await[0].result, "Первое");
    }

    /// PT-103
    async fn an_own_contact_needs_a_text_and_makes_no_record(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let mut work = world.begin(anna.actor()).await;
        let empty = contacts::add(&mut work, maria.person, " \n ").await;
        assert!(matches!(empty, Err(Failure::Invalid(_))), "{empty:?}");
        contacts::add(&mut work, maria.person, "Заходила домой").await.expect("it can be added");
        work.commit().await.expect("it stays");
        let rows = history(&world, &anna.actor(), maria.person).await;
        assert_eq!((rows[0].initiator, rows[0].state()), (Initiator::Curator, State::Contacted));
        assert_eq!(world.count("activity").await + world.count("outbox").await, 0);
    }

    /// PT-281: another curator's citizen does not exist.
    async fn foreign_histories_are_not_found(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let olga = world.curator("Смирнова Ольга Игоревна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        request(&world, &maria, None).await;
        let row = history(&world, &anna.actor(), maria.person).await.remove(0);
        let mut work = world.look(olga.actor()).await;
        let listed = contacts::list(&mut work, maria.person, None).await;
        assert!(matches!(listed, Err(Failure::NotFound)), "{listed:?}");
        drop(work);
        let saved = save(&world, &olga.actor(), &row, "Чужое").await;
        assert!(matches!(saved, Err(Failure::NotFound)), "{saved:?}");
    }

    async fn the_history_is_paged_newest_first(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        for number in 0..55 {
            let mut work = world.begin(anna.actor()).await;
            contacts::add(&mut work, maria.person, &format!("Разговор {number}")).await.expect("it can be added");
            work.commit().await.expect("it stays");
            world.clock.advance_seconds(1);
        }
        let mut work = world.look(anna.actor()).await;
        let first = contacts::list(&mut work, maria.person, None).await.expect("a page");
        assert_eq!((first.items.len(), first.items[0].result.as_str()), (50, "Разговор 54"));
        let second = contacts::list(&mut work, maria.person, first.after).await.expect("a page");
        assert_eq!((second.items.len(), second.items[4].result.as_str(), second.after), (5, "Разговор 0", None));
        let back = contacts::list(&mut work, maria.person, second.before).await.expect("a page");
        assert_eq!(back.items, first.items);
    }
}
