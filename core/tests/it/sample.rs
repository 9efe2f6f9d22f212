use std::collections::BTreeSet;

use chrono::TimeDelta;
use opora_core::{
    foundation::page::Page,
    patronage::{
        citizens::{self, CitizenFilter},
        reminders::{self, Dot},
        sample,
    },
    people::access::Actor,
};
use opora_testkit::{World, on_both_databases};

on_both_databases! {
    async fn the_sample_shows_reminders_of_every_colour_and_fills_an_empty_installation_only(world: World) {
        let filled = sample::fill(&world.app).await.unwrap();
        assert_eq!((filled.citizens, filled.curators.len()), (24, 2));
        assert_eq!(filled.waiting.unwrap().code.len(), 10);
        let mut work = world.look(Actor::Operator).await;
        let Page { items, .. } = citizens::list(&mut work, &CitizenFilter::default(), None).await.unwrap();
        assert_eq!(items.len(), 24);
        let today = work.now.date_naive();
        let mut dots = BTreeSet::new();
        for citizen in &items {
            let (first, last) = (today - TimeDelta::days(40), today + TimeDelta::days(40));
            let entries = reminders::calendar(&mut work, citizen.id, first, last, None).await.unwrap();
            assert!(!entries.is_empty());
            dots.extend(entries.iter().filter_map(|entry| entry.state.dot()).map(Dot::name));
        }
        assert_eq!(dots, BTreeSet::from(["black", "blue", "green", "grey", "red", "yellow"]));
        drop(work);
        assert!(sample::fill(&world.app).await.is_err());
    }
}
