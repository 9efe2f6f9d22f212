//! The final erasure.

use chrono::TimeDelta;
use opora_core::{
    foundation::{errors::Failure, ids::PersonId},
    patronage::privacy,
    people::access::Actor,
};
use opora_testkit::{Citizen, World, on_both_databases};

use super::kit::{TRACES, delete, found, maria};

async fn erase(world: &World, person: PersonId) -> Result<(), Failure> {
    let mut work = world.begin(Actor::Operator).await;
    privacy::erase(&mut work, person).await?;
    Ok(work.commit().await?)
}

async fn another(world: &World) -> Citizen {
    world.citizen("Борисов Борис").linked("777").await
}

on_both_databases! {
    /// PT-D12, PT-D56: every column of every table and every file is looked through.
    async fn nothing_of_the_person_is_found_after_the_erasure(world: World) {
        let maria = maria(&world).await;
        another(&world).await;
        let before = found(&world, &TRACES).await;
        let unseen: Vec<&&str> = TRACES.iter().filter(|word| !before.iter().any(|hit| hit.contains(**word))).collect();
        assert!(unseen.is_empty(), "the test leaves no trace of {unseen:?}");
        let occurrences = world.count("occurrences").await;
        delete(&world, &maria).await;
        erase(&world, maria.person).await.unwrap();
        let left = found(&world, &TRACES).await;
        assert!(left.is_empty(), "{left:#?}");
        assert_eq!(world.count("occurrences").await, occurrences, "figures of past months stay right");
        assert_eq!(world.count("persons WHERE surname = 'Борисов'").await, 1, "nobody else is touched");
        assert_eq!(world.count("links").await, 1);
        assert_eq!(world.count("audit WHERE action = 'citizen.changed'").await, 1, "the fact stays");
        assert_eq!(world.count("audit WHERE action = 'citizen.erased' AND author = 'operator'").await, 1);
    }

    /// PT-D12
    async fn only_a_deleted_card_is_erased_and_only_once(world: World) {
        let boris = another(&world).await;
        let refused = erase(&world, boris.person).await;
        assert!(matches!(&refused, Err(Failure::Refused(say)) if say.key == "privacy-not-deleted"), "{refused:?}");
        let nobody = erase(&world, PersonId(uuid::Uuid::nil())).await;
        assert!(matches!(nobody, Err(Failure::NotFound)), "{nobody:?}");
        delete(&world, &boris).await;
        erase(&world, boris.person).await.unwrap();
        erase(&world, boris.person).await.unwrap();
        assert_eq!(world.count("audit WHERE action = 'citizen.erased'").await, 1);
        let curator = world.curator("Иванова Анна Петровна").await.actor();
        let mut work = world.begin(curator).await;
        let forbidden = privacy::erase(&mut work, boris.person).await;
        assert!(matches!(forbidden, Err(Failure::Forbidden)), "{forbidden:?}");
    }

    /// PT-D12
    async fn thirty_days_after_the_deletion_the_night_erases(world: World) {
        let (boris, olga) = (another(&world).await, world.citizen("Смирнова Ольга").await);
        delete(&world, &boris).await;
        world.clock.advance(TimeDelta::days(30) - TimeDelta::seconds(1));
        assert_eq!(privacy::erase_overdue(&world.app).await.unwrap(), 0);
        delete(&world, &olga).await;
        world.clock.advance_seconds(1);
        assert_eq!(privacy::erase_overdue(&world.app).await.unwrap(), 1);
        assert_eq!(world.count("persons WHERE surname = 'Борисов'").await, 0);
        assert_eq!(world.count("persons WHERE surname = 'Смирнова'").await, 1, "her respite has just begun");
        assert_eq!(privacy::erase_overdue(&world.app).await.unwrap(), 0);
    }

    /// PT-D12: an account that is somebody else's now keeps what is his.
    async fn the_present_owner_of_an_account_keeps_his_messages(world: World) {
        use opora_core::messaging::{message::{Keyboard, Outgoing}, messenger::Messenger, outbox};
        let boris = another(&world).await;
        delete(&world, &boris).await;
        world.clock.advance(TimeDelta::days(1));
        let olga = world.citizen("Смирнова Ольга").linked("777").await;
        let mut work = world.begin(olga.actor()).await;
        for person in [Some(olga.person), None] {
            let hello = Outgoing::Say { text: "Здравствуйте".into(), keyboard: Keyboard::None };
            outbox::say(&mut work, Messenger::Telegram, "777", person, hello).await.unwrap();
        }
        work.commit().await.unwrap();
        erase(&world, boris.person).await.unwrap();
        assert_eq!((world.count("outbox").await, world.count("links").await), (2, 1));
    }
}

/// PT-D12: what is erased does not stay in the free space of the file either.
#[tokio::test]
async fn the_embedded_file_holds_no_remains() {
    let world = World::on(opora_testkit::Backend::Sqlite).await;
    let maria = maria(&world).await;
    delete(&world, &maria).await;
    world.clock.advance(TimeDelta::days(31));
    privacy::erase_overdue(&world.app).await.unwrap();
    let file = world.database.url().trim_start_matches("sqlite://").to_owned();
    for part in [file.clone(), format!("{file}-wal")] {
        let content = String::from_utf8_lossy(&std::fs::read(part).unwrap_or_default()).into_owned();
        let left: Vec<&&str> = TRACES.iter().filter(|word| content.contains(**word)).collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
