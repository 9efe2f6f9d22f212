//! Changes of time zones move what is planned, and only where something has changed.

use opora_core::{
    foundation::{
        clock::Timestamp,
        ids::{DistrictId, PersonId, SeriesId},
    },
    on_backend,
    patronage::reminders::{self, due},
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

use super::kit::{Programme, daily};

on_both_databases! {
    /// PT-D29
    async fn moments_are_derived_anew_after_a_change_of_the_installation_s_zone(mut world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-11", "09:30", 3)).await;
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 0);
        world.configure(|config| config.time_zone = chrono_tz::Asia::Omsk);
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 1);
        assert_eq!(due::next_moment(&world.app).await.unwrap(), Some(moment("2026-03-11T03:30:00Z")));
    }

    /// PT-D29
    async fn new_zone_data_concern_only_the_series_of_zones_with_other_rules(world: World) {
        let anna = world.curator("Иванова Анна").await;
        for (chat, zone) in [("1", Some("Asia/Omsk")), ("2", Some("Asia/Tomsk")), ("3", None)] {
            let maria = world.citizen("Петрова Мария").of(&anna).linked(chat).await;
            if let Some(zone) = zone {
                lives_in(&world, maria.person, world.district(zone, Some(zone)).await).await;
            }
            world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-11", "09:30", 3)).await;
        }
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 0);
        // As if all had been derived with other rules.
        let long_ago = moment("2026-03-01T00:00:00Z");
        all_due(&world, long_ago).await;
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 0, "the same data: nothing is looked through");
        mark(&world, "tzdata", "1999a").await;
        mark(&world, "zone Asia/Omsk", "other rules").await;
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 1);
        assert_eq!(due_moments(&world).await, [long_ago, long_ago, moment("2026-03-11T03:30:00Z")]);
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 0);
    }

    /// PT-D29
    async fn an_interrupted_look_through_goes_on_where_it_was(mut world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        for _ in 0..3 {
            world.plan(&anna.actor(), maria.person, &daily("Лекарство", "2026-03-11", "09:30", 3)).await;
        }
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 0);
        world.configure(|config| config.time_zone = chrono_tz::Asia::Omsk);
        let first = first_series(&world).await;
        mark(&world, "walk", &format!("{} Asia/Omsk {first}", chrono_tz::IANA_TZDB_VERSION)).await;
        assert_eq!(reminders::follow_time_zones(&world.app).await.unwrap(), 2, "the first one was looked at already");
        assert_eq!(world.count("marks WHERE name = 'walk'").await, 0);
    }
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn lives_in(world: &World, person: PersonId, district: DistrictId) {
    const SQL: &str = "UPDATE citizens SET district_id = $1 WHERE person_id = $2";
    let mut work = world.begin(Actor::System).await;
    on_backend!(&mut work.tx, |c| sqlx::query(SQL).bind(district).bind(person).execute(c).await.map(drop)).unwrap();
    work.commit().await.unwrap();
}

async fn all_due(world: &World, at: Timestamp) {
    const SQL: &str = "UPDATE series SET next_due_at = $1";
    let mut work = world.begin(Actor::System).await;
    on_backend!(&mut work.tx, |c| sqlx::query(SQL).bind(at).execute(c).await.map(drop)).unwrap();
    work.commit().await.unwrap();
}

async fn mark(world: &World, name: &str, value: &str) {
    const SQL: &str = "INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2";
    let mut work = world.begin(Actor::System).await;
    on_backend!(&mut work.tx, |c| sqlx::query(SQL).bind(name).bind(value).execute(c).await.map(drop)).unwrap();
    work.commit().await.unwrap();
}

async fn due_moments(world: &World) -> Vec<Timestamp> {
    const SQL: &str = "SELECT next_due_at FROM series ORDER BY next_due_at";
    let mut work = world.look(Actor::System).await;
    on_backend!(&mut work.tx, |c| sqlx::query_scalar(SQL).fetch_all(c).await).unwrap()
}

async fn first_series(world: &World) -> SeriesId {
    const SQL: &str = "SELECT id FROM series ORDER BY id LIMIT 1";
    let mut work = world.look(Actor::System).await;
    on_backend!(&mut work.tx, |c| sqlx::query_scalar(SQL).fetch_one(c).await).unwrap()
}
