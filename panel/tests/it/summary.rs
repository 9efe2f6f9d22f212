//! «Сводка» and the weeks of one citizen.

use opora_core::patronage::summary;
use opora_testkit::{World, on_both_databases};

use crate::{programme::Desk, visit::Visitor};

on_both_databases! {
    async fn before_the_first_night_the_page_says_when_it_comes(world: World) {
        let mut desk = Desk::of(&world).await;
        let page = desk.visitor.get("/summary").await;
        assert_eq!(page.text_of("h1"), "Сводка");
        assert_eq!(page.text_of(".empty__title"), "Считать пока нечего");
    }

    async fn the_figures_have_pictures_with_their_numbers_behind(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&[
            ("kind", "information"), ("text", "Измерьте давление"), ("repetition", "none"),
            ("start_date", "2026-03-10"), ("time", "09:30"),
        ]).await;
        world.clock.turn_to("2026-03-10T12:00:00Z");
        opora_core::patronage::reminders::due::claim(&world.app, 10).await.expect("it comes due");
        world.clock.turn_to("2026-03-11T06:00:00Z");
        summary::catch_up(&world.app).await.expect("it can be counted");
        let mut administrator = Visitor::administrator(&world).await;
        let page = administrator.get("/summary").await;
        assert_eq!(page.texts("svg.plot__picture > title"), ["Как отвечают на напоминания", "Как быстро отвечают"]);
        assert_eq!(page.texts("rect.plot__bar > title"), ["09.03: Не доставлено нами — 1"]);
        assert_eq!(page.text_of(".plots__lead"), "Выполнено – доставленных напоминаний. Не доставлено по нашей вине: 1 — в долю они не входят.");
        assert!(page.texts(".card--flush tbody th").contains(&"Иванова А. П.".to_owned()), "by curator");
        desk.visitor = Visitor::curator(&world, &desk.anna).await;
        let tab = desk.visitor.get(&format!("/citizens/{}/deviations", desk.maria.person)).await;
        assert_eq!(tab.texts("rect.plot__bar > title"), ["09.03: Не доставлено нами — 1"]);
        assert_eq!(tab.texts("details.plot__numbers tbody tr").len(), 12);
        let story = tab.attribute("td a.small", "href").expect("a way to the story");
        let story = desk.visitor.get(&story).await;
        assert!(story.texts(".step").last().is_some_and(|it| it.contains("наша неполадка")), "{:?}", story.texts(".step"));
    }
}
