//! «Журнал».

use opora_testkit::{World, on_both_databases};

use crate::visit::Visitor;

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
        let later = administrator.get("/journal?since=11.03.2026").await;
        assert_eq!(later.text_of(".empty__title"), "Ничего не нашлось");
    }
}
