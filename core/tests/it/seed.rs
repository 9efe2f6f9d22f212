use chrono::TimeDelta;
use opora_core::{
    patronage::{
        citizens::{self, CitizenFilter},
        reminders::due,
        seed::{self, SeedPlan},
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

on_both_databases! {
    async fn seeded_citizens_are_found_linked_and_get_their_reminders(world: World) {
        let due_at = "2026-03-10T09:00:00Z".parse().unwrap();
        let plan = SeedPlan { citizens: 30, series: 50, due_at, spread: TimeDelta::minutes(5) };
        let filled = seed::fill(&world.app, plan).await.unwrap();
        assert_eq!((filled.citizens, filled.series, filled.first_chat), (30, 50, 1_000_001));
        let mut work = world.look(Actor::Operator).await;
        let filter = CitizenFilter { name: "СЕМЕНОВ".to_owned(), ..CitizenFilter::default() };
        let found = citizens::list(&mut work, &filter, None).await.unwrap().items;
        assert_eq!(found.len(), 2, "Семёнова and Семёнов");
        drop(work);
        assert_eq!(due::next_moment(&world.app).await.unwrap(), Some(due_at));
        world.clock.set(due_at + TimeDelta::minutes(5));
        assert_eq!(due::claim(&world.app, 1000).await.unwrap().sent, 50);
        assert_eq!(world.count("outbox WHERE recipient = '1000030'").await, 1);
        assert_eq!(world.count("outbox WHERE recipient = '1000001'").await, 2);

        let again = seed::fill(&world.app, plan).await.unwrap();
        assert_eq!(again.first_chat, 1_000_031, "a second time adds to what is there");
        assert_eq!(world.count("citizen_search").await, 60);
    }
}
