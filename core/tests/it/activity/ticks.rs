//! The tick and what follows from it.

use opora_core::{
    foundation::errors::Failure,
    patronage::{
        activity,
        contacts::{self, State},
        reminders::OccurrenceState,
    },
    people::{
        access::{Actor, Author},
        accounts::AuthorName,
    },
};
use opora_testkit::{World, on_both_databases};

use super::kit::Worklist;
use crate::reminders::kit::{Programme, of_kind, once, shown};

on_both_databases! {
    /// PT-217, PT-219: kept with time and person; taking it back is allowed and stands in the audit.
    async fn a_tick_is_kept_with_time_and_person(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        world.asks(&world.citizen("Петрова Мария").of(&anna).await).await;
        let id = world.records(&anna.actor()).await[0].id;
        world.tick(&anna.actor(), id).await;
        let tick = world.records(&anna.actor()).await[0].tick.clone().expect("it is ticked");
        assert_eq!((tick.by, tick.name.clone()), (Author::Curator(anna.person), AuthorName::Person("Иванова Анна Петровна".to_owned())));
        assert_eq!(tick.at, world.app.clock.now());
        world.clock.advance_seconds(60);
        world.tick(&anna.actor(), id).await;
        assert_eq!(world.records(&anna.actor()).await[0].tick, Some(tick), "a second tick changes nothing");
        world.untick(&anna.actor(), id).await;
        assert_eq!(world.records(&anna.actor()).await[0].tick, None);
        assert_eq!(world.count("audit WHERE action = 'activity.tick'").await, 1);
        assert_eq!(world.count("audit WHERE action = 'activity.untick'").await, 1);
    }

    /// PT-218: the administrator takes the work over.
    async fn the_administrator_ticks_for_a_curator(world: World) {
        let administrator = world.administrator().await;
        let anna = world.curator("Иванова Анна Петровна").await;
        world.asks(&world.citizen("Петрова Мария").of(&anna).await).await;
        let id = world.records(&administrator).await[0].id;
        world.tick(&administrator, id).await;
        let tick = world.records(&anna.actor()).await[0].tick.clone().expect("the curator sees the tick");
        assert_eq!((tick.by, tick.name), (Author::Administrator, AuthorName::Role("people-administrator")));
    }

    /// PT-281: what is not in sight does not exist.
    async fn foreign_records_cannot_be_ticked(world: World) {
        let (anna, olga) = (world.curator("Иванова Анна").await, world.curator("Смирнова Ольга").await);
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        world.asks(&maria).await;
        let id = world.records(&anna.actor()).await[0].id;
        for (actor, is_forbidden) in [(olga.actor(), false), (maria.actor(), true)] {
            let mut work = world.begin(actor).await;
            match activity::tick(&mut work, id).await {
                Err(Failure::Forbidden) if is_forbidden => {}
                Err(Failure::NotFound) if !is_forbidden => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(world.count("activity WHERE processed_at IS NOT NULL").await, 0);
    }

    /// PT-D49, machine 3.4: a result ticks the record; a tick without a result means no contact; taking it back keeps a text.
    async fn ticks_and_results_of_a_request_go_together(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).await;
        world.asks(&maria).await;
        let id = world.records(&anna.actor()).await[0].id;
        let history = async || {
            let mut work = world.look(anna.actor()).await;
            contacts::list(&mut work, maria.person, None).await.unwrap().items.remove(0)
        };
        world.tick(&anna.actor(), id).await;
        let row = history().await;
        assert_eq!((row.state(), row.handled_at), (State::NoContact, Some(world.app.clock.now())));
        world.untick(&anna.actor(), id).await;
        assert_eq!(history().await.state(), State::Open);
        let mut work = world.begin(anna.actor()).await;
        contacts::save_result(&mut work, row.id, row.version, "Договорились").await.unwrap();
        work.commit().await.unwrap();
        assert!(world.records(&anna.actor()).await[0].tick.is_some(), "saving the result ticked the record");
        world.untick(&anna.actor(), id).await;
        let row = history().await;
        assert_eq!((row.state(), row.result.as_str()), (State::Contacted, "Договорились"));
    }

    /// PT-216, PT-D50, machine 3.3: fired means yellow, ticked green, unticked yellow again.
    async fn the_dot_of_an_own_reminder_follows_the_tick(world: World) {
        let anna = world.curator("Иванова Анна").await;
        let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
        let own = of_kind("curator_reminder", once("Позвонить в поликлинику", "2026-03-10", "09:30"));
        world.plan(&anna.actor(), maria.person, &own).await;
        world.to_the_end().await;
        let id = world.records(&anna.actor()).await[0].id;
        let dots = async || shown(&world.entries(&anna.actor(), maria.person, "2026-03-10", "2026-03-10").await);
        assert_eq!(dots().await, ["03-10 awaiting"]);
        world.tick(&anna.actor(), id).await;
        assert_eq!(dots().await, ["03-10 done"]);
        world.untick(&anna.actor(), id).await;
        assert_eq!(dots().await, ["03-10 awaiting"]);
    }

    /// PT-D44: what Opora wrote by itself is ticked like everything else.
    async fn automatic_records_are_ticked_too(world: World) {
        let administrator = world.administrator().await;
        let maria = world.citizen("Петрова Мария").linked("1001").await;
        world.all_happened(maria.person, 0..5, OccurrenceState::Missed).await;
        world.run_on(5).await;
        let records = world.records(&administrator).await;
        for record in &records {
            world.tick(&administrator, record.id).await;
        }
        assert!(!records.is_empty());
        assert!(world.records(&administrator).await.iter().all(|record| record.tick.is_some()));
        let mut work = world.begin(Actor::System).await;
        let again = activity::waiting(&mut work).await.unwrap();
        assert_eq!(again, activity::Counted::Exactly(0));
    }
}
