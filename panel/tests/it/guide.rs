//! «Руководство».

use opora_testkit::{World, on_both_databases};

use crate::visit::Visitor;

on_both_databases! {
    /// PT-014
    async fn the_guide_speaks_to_administrator_curator_and_citizen(world: World) {
        let anna = world.curator("Иванова Анна Петровна").await;
        let page = Visitor::curator(&world, &anna).await.get("/guide").await;
        insta::assert_snapshot!("the_guide", page.outline());
    }
}
