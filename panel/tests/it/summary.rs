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

    /// PT-281, PT-282
    async fn the_load_of_the_coming_weeks_is_drawn_with_its_numbers(world: World) {
        let mut desk = Desk::of(&world).await;
        let empty = desk.visitor.get("/summary").await;
        assert_eq!(empty.text_of("#ahead-picture"), "На ближайшие четыре недели ничего не запланировано.");
        assert!(!desk.visitor.get(&desk.path.clone()).await.has("#ahead-head"));
        for (kind, day) in [("information", "2026-03-12"), ("meeting", "2026-03-12"), ("curator_reminder", "2026-03-13")] {
            desk.plan(&[
                ("kind", kind), ("text", "Текст"), ("repetition", "none"), ("start_date", day), ("time", "09:30"),
            ]).await;
        }
        let bars = ["Чт 12.03: Напоминания — 1", "Чт 12.03: Встречи — 1", "Пт 13.03: Напоминание для соц. куратора — 1"];
        let page = desk.visitor.get("/summary").await;
        assert_eq!(page.texts("#ahead rect.plot__bar > title"), bars);
        assert_eq!(page.texts("#ahead .plot__names text"), ["Ср 11.03", "Ср 18.03", "Ср 25.03", "Ср 01.04"]);
        assert_eq!(page.texts("#ahead details tbody tr").len(), 28);
        assert!(!page.has("#ahead select"), "a curator is not asked whose");
        let card = desk.visitor.get(&desk.path.clone()).await;
        assert_eq!(card.texts("rect.plot__bar > title"), bars);
        let foreign = world.curator("Смирнова Ольга").await;
        let mut administrator = Visitor::administrator(&world).await;
        assert_eq!(administrator.get("/summary").await.texts("#ahead rect.plot__bar > title"), bars);
        let hers = administrator.get(&format!("/summary?curator={}", foreign.person)).await;
        assert_eq!(hers.text_of("#ahead-picture"), "На ближайшие четыре недели ничего не запланировано.");
        assert_eq!(hers.text_of("#ahead option[selected]"), "Смирнова Ольга");
    }
}
