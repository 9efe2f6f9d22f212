//! What happens at the same moment, and what many do together.

use chrono::TimeDelta;
use opora_core::{
    foundation::{errors::Failure, ids::SubmissionId},
    messaging::messenger::Messenger,
    patronage::{
        activation::{self, Activated},
        citizens::{self, CitizenForm},
        curators,
    },
    people::access::Actor,
};
use opora_testkit::{Curator, World, on_both_databases};

fn form(curator: &Curator) -> CitizenForm {
    CitizenForm {
        surname: "Петрова".into(),
        name: "Мария".into(),
        phone: "+7 913 000-00-00".into(),
        curator: curator.person.to_string(),
        ..CitizenForm::default()
    }
}

async fn register(world: &World, actor: Actor, curator: &Curator) -> Result<(), Failure> {
    let mut work = world.begin(actor).await;
    let submission = SubmissionId::draw(work.now, &*world.app.chance);
    citizens::register(&mut work, &form(curator), submission, true).await?;
    Ok(work.commit().await?)
}

async fn delete(world: &World, actor: Actor, curator: &Curator) -> Result<(), Failure> {
    let mut work = world.begin(actor).await;
    curators::delete(&mut work, curator.person).await?;
    Ok(work.commit().await?)
}

async fn guess(world: &World, account: usize) -> Activated {
    let account = account.to_string();
    let mut work = world.begin(Actor::Stranger { address: account.clone() }).await;
    let answer = activation::activate(&mut work, Messenger::Telegram, &account, &account, "0000000000").await;
    work.commit().await.expect("it is counted");
    answer.expect("it is answered")
}

async fn guesses(world: &World, accounts: std::ops::Range<usize>) {
    for account in accounts {
        assert_eq!(guess(world, account).await, Activated::WrongCode);
    }
}

on_both_databases! {
    /// PT-D10
    async fn a_curator_is_deleted_or_gets_the_new_citizen_but_never_both(world: World) {
        let chief = world.administrator().await;
        for round in 0..10 {
            let anna = world.curator("Иванова Анна Петровна").await;
            // Now the one, now the other begins; on a server both stand in the middle at once.
            let (deleted, registered) = if round % 2 == 0 {
                futures::join!(delete(&world, chief.clone(), &anna), register(&world, chief.clone(), &anna))
            } else {
                let (registered, deleted) =
                    futures::join!(register(&world, chief.clone(), &anna), delete(&world, chief.clone(), &anna));
                (deleted, registered)
            };
            assert!(deleted.is_ok() != registered.is_ok(), "{deleted:?} {registered:?}");
        }
        let orphans = "citizens c JOIN curators k ON k.person_id = c.curator_id WHERE k.deleted_at IS NOT NULL";
        assert_eq!(world.count(orphans).await, 0);
    }

    /// PT-D10: also when it is his own form that comes too late.
    async fn a_curator_who_was_deleted_a_moment_ago_saves_no_card(world: World) {
        let chief = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        delete(&world, chief, &anna).await.expect("she has no citizens");
        assert!(matches!(register(&world, anna.actor(), &anna).await, Err(Failure::Forbidden)));
        assert_eq!(world.count("citizens").await, 0);
    }

    /// PT-090, PT-D14: whoever tries from many accounts is noticed, and nobody is locked out for it.
    async fn two_hundred_wrong_codes_in_an_hour_bring_one_letter_to_the_administrator(world: World) {
        const LETTERS: &str = "outbox WHERE channel = 'email'";
        world.mail_is_set("chief@opora.test").await;
        guesses(&world, 0..199).await;
        assert_eq!(world.count(LETTERS).await, 0);
        assert!(!activation::answers_are_delayed(&mut world.look(Actor::System).await).await.unwrap());
        guesses(&world, 199..260).await;
        assert_eq!(world.count(LETTERS).await, 1, "one letter, however many more come");
        assert!(activation::answers_are_delayed(&mut world.look(Actor::System).await).await.unwrap());
        world.clock.advance(TimeDelta::hours(2));
        assert!(!activation::answers_are_delayed(&mut world.look(Actor::System).await).await.unwrap());
        guesses(&world, 300..500).await;
        assert_eq!(world.count(LETTERS).await, 2, "another hour, another letter");
    }
}
