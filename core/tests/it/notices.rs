//! Letters to holders of accounts about sign-ins.

use opora_core::{
    foundation::{errors::Failure, secrets::Secret},
    messaging::{letters, outbox::Letter},
    patronage::curators::{self, Curators},
    people::{
        access::Actor,
        accounts::{self, PasswordChange},
        places, sessions,
        sign_in::{Attempt, SignedIn, sign_in},
    },
    settings::{self, Demand, Security},
};
use opora_testkit::{World, inside, on_both_databases};
use sqlx::types::Json;

const PASSWORD: &str = "correct horse";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko Firefox/130.0";
const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/128 Safari/537";

async fn with_administrator(mut world: World) -> World {
    world.configure(|config| config.admin.password = Secret::new(PASSWORD));
    accounts::ensure_administrator(&world.app).await.unwrap().expect("the first start makes one");
    world.mail_is_set("admin@opora.test").await;
    world
}

async fn enter(world: &World, address: &str, device: &str) -> SignedIn {
    let (address, device) = (address.to_owned(), device.to_owned());
    let attempt = Attempt { login: "admin".to_owned(), password: Secret::new(PASSWORD), address, device };
    inside(sign_in(&world.app, attempt).await.unwrap())
}

/// To whom letters wait, and the letters.
async fn waiting(world: &World) -> Vec<(String, Letter)> {
    const SQL: &str = "SELECT recipient, payload FROM outbox WHERE channel = 'email' ORDER BY id";
    let mut tx = world.tx().await;
    let rows: Vec<(String, Json<opora_core::messaging::outbox::Payload>)> =
        opora_core::on_backend!(&mut tx, |c| sqlx::query_as(SQL).fetch_all(c).await.unwrap());
    let letter = |payload| match payload {
        opora_core::messaging::outbox::Payload::Letter(letter) => letter,
        other @ opora_core::messaging::outbox::Payload::Message(_) => panic!("no letter: {other:?}"),
    };
    rows.into_iter().map(|(to, payload)| (to, letter(payload.0))).collect()
}

on_both_databases! {
    async fn a_sign_in_from_a_new_place_is_told_to_the_holder(world: World) {
        let world = with_administrator(world).await;
        enter(&world, "192.0.2.7", FIREFOX).await;
        assert!(waiting(&world).await.is_empty(), "the first place of an account is no news");
        let newer = FIREFOX.replace("130.0", "131.0");
        enter(&world, "192.0.2.7", &newer).await;
        assert!(waiting(&world).await.is_empty(), "a browser that was brought up to date is known");
        enter(&world, "192.0.2.7", CHROME).await;
        world.clock.advance_seconds(1);
        enter(&world, "198.51.100.4", CHROME).await;
        enter(&world, "192.0.2.7", FIREFOX).await;
        let letters = waiting(&world).await;
        assert_eq!(letters.len(), 2, "a new device and a new address: {letters:?}");
        let (to, letter) = &letters[1];
        assert_eq!(to, "administrator");
        for told in ["вход с нового устройства или адреса", "10.03.2026, 09:00", "Chrome, Windows", "198.51.100.4", "/account"]
        {
            assert!(letter.text.contains(told), "{told}: {}", letter.text);
        }
        assert!(!letter.text.contains(PASSWORD));
    }

    async fn a_place_not_seen_for_a_year_is_new_again(world: World) {
        let world = with_administrator(world).await;
        enter(&world, "192.0.2.7", FIREFOX).await;
        world.clock.advance(chrono::TimeDelta::days(300));
        enter(&world, "192.0.2.7", CHROME).await;
        world.clock.advance(chrono::TimeDelta::days(100));
        assert_eq!(places::clean(&world.app).await.unwrap(), 1, "Firefox");
        assert_eq!(world.count("known_places").await, 2);
    }

    async fn a_changed_password_is_told_to_its_holder(world: World) {
        let world = with_administrator(world).await;
        let entered = enter(&world, "192.0.2.7", FIREFOX).await;
        let session = sessions::resume(&world.app, entered.cookie.reveal(), "192.0.2.7").await.unwrap().unwrap();
        let anna = world.curator("Иванова Анна Петровна").await;
        let change = PasswordChange { old: PASSWORD.into(), new: "very secret one".into(), repeat: "very secret one".into() };
        let mut work = world.begin(session.actor.clone()).await;
        accounts::change_own_password(&mut work, session.id, change).await.unwrap();
        curators::set_password(&mut work, anna.person, "another secret", "another secret").await.unwrap();
        work.commit().await.unwrap();
        let letters = waiting(&world).await;
        let recipients: Vec<_> = letters.iter().map(|(to, _)| to.split(':').next().unwrap()).collect();
        assert_eq!(recipients, ["administrator", "curator"]);
        for (_, letter) in &letters {
            assert!(letter.subject.contains("пароль изменён") && letter.text.contains("администратор"), "{letter:?}");
            assert!(!letter.text.contains("secret"), "{letter:?}");
        }
        // A curator without an address gets none, and nothing breaks.
        let mut look = world.tx().await;
        assert!(letters::Directory::curator(&Curators, &mut look, anna.person).await.unwrap().is_none());
    }

    async fn the_administrator_can_switch_the_letters_off(world: World) {
        let world = with_administrator(world).await;
        enter(&world, "192.0.2.7", FIREFOX).await;
        let mut work = world.begin(Actor::System).await;
        assert!(settings::security(&mut work).await.unwrap().sign_in_letters, "they are on at first");
        settings::save_security(&mut work, Security { demand: Demand::Nobody, sign_in_letters: false }).await.unwrap();
        work.commit().await.unwrap();
        enter(&world, "192.0.2.8", CHROME).await;
        assert!(waiting(&world).await.is_empty());
        assert_eq!(world.count("audit WHERE action = 'settings.changed' AND CAST(changes AS TEXT) LIKE '%sign_in_letters%'").await, 1);
    }

    /// PT-025
    async fn curators_neither_read_nor_change_the_rules(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let mut work = world.begin(anna.actor()).await;
        assert!(matches!(settings::security(&mut work).await, Err(Failure::Forbidden)));
        let new = Security { demand: Demand::Everybody, sign_in_letters: false };
        assert!(matches!(settings::save_security(&mut work, new).await, Err(Failure::Forbidden)));
    }
}
