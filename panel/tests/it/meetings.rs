//! «Дата встречи с соц. куратором»: the calendar of all meetings, and the word about two at the same time.

use opora_testkit::{World, on_both_databases};

use crate::{
    programme::{Desk, ONCE, with},
    visit::Visitor,
};

const MEETING: [(&str, &str); 3] = [("kind", "meeting"), ("text", "Прием в центре"), ("time", "11:00")];

on_both_databases! {
    /// PT-222, PT-223, PT-225
    async fn meetings_stand_in_the_calendar_and_lead_to_the_card(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&ONCE, &MEETING)).await;
        desk.plan(&ONCE).await;
        let page = desk.visitor.get("/meetings").await;
        assert_eq!(page.text_of("h1"), "Дата встречи с соц. куратором");
        assert!(page.text_of("[aria-current=page].menu__item").starts_with("Дата встречи с соц. куратором"));
        let day = "[data-meetings='2026-03-11']";
        assert_eq!(page.texts(&format!("{day} .entry__time")), ["11:00"], "meetings only");
        assert_eq!(page.text_of(&format!("{day} .meeting__name")), "Петрова М. И.");
        assert_eq!(page.text_of(&format!("{day} .entry__text")), "Прием в центре");
        assert_eq!(page.attribute(&format!("{day} .dot"), "aria-label").as_deref(), Some("Ожидает отправки"));
        let path = page.attribute(&format!("{day} .entry"), "href").expect("a click leads on");
        assert!(path.starts_with(&format!("/citizens/{}", desk.maria.person)), "{path}");
        assert_eq!(desk.visitor.get(&path).await.text_of("h1"), "Петрова Мария Ивановна");
        assert!(!page.has("main .button--primary") && !page.has("main form[method=post]"), "nothing is planned here");
    }

    /// PT-224
    async fn one_moves_through_time_and_narrows_it(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&ONCE, &MEETING)).await;
        let page = desk.visitor.get("/meetings?name=%D0%BF%D0%B5%D1%82%D1%80").await;
        assert_eq!(page.text_of("#meetings-title"), "Март 2026");
        assert_eq!(page.texts(".entry").len(), 1);
        assert!(page.has("#meetings-today[disabled]"));
        assert!(!page.has("#f-curator"), "a curator who sees only his own is not asked for one");
        let next = page.attribute("#meetings-next", "href").expect("«Вперед»");
        let april = desk.visitor.get(&next).await;
        assert_eq!(april.text_of("#meetings-title"), "Апрель 2026");
        assert_eq!(april.attribute("[name=name]", "value").as_deref(), Some("петр"), "the filter goes along");
        assert_eq!(april.text_of(".empty__title"), "За этот период встреч нет");
        let back = april.attribute("#meetings-today", "href").expect("«Сегодня»");
        assert_eq!(desk.visitor.get(&back).await.text_of("#meetings-title"), "Март 2026");
        let february = page.attribute("#meetings-previous", "href").expect("«Назад»");
        assert_eq!(desk.visitor.get(&february).await.text_of("#meetings-title"), "Февраль 2026");
        assert_eq!(desk.visitor.get("/meetings?name=xyz").await.texts(".entry").len(), 0);
        let week = desk.visitor.get("/meetings?view=week&date=2026-03-11").await;
        assert_eq!(week.text_of("#meetings-title"), "09 — 15.03.2026");
        let mut chief = Visitor::administrator(&world).await;
        let path = format!("/meetings?curator={}", desk.anna.person);
        assert_eq!(chief.get(&path).await.texts(".entry").len(), 1);
        let olga = world.curator("Смирнова Ольга").await;
        assert_eq!(chief.get(&format!("/meetings?curator={}", olga.person)).await.texts(".entry").len(), 0);
    }

    /// PT-226
    async fn a_second_meeting_at_the_same_minute_is_saved_with_a_word_about_it(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&with(&ONCE, &MEETING)).await;
        let oleg = world.citizen("Козлов Олег").of(&desk.anna).linked("1002").await;
        let place = desk.path.clone();
        desk.path = format!("/citizens/{}/programme", oleg.person);
        let saved = desk.create("save", &with(&ONCE, &MEETING)).await.location().to_owned();
        let page = desk.visitor.get(&saved).await;
        assert_eq!(
            page.text_of(".toast--warning"),
            "Сохранено. На это время уже назначена встреча: 11.03.2026, 11:00, Петрова М. И.",
        );
        assert_eq!(world.count("series WHERE kind = 'meeting'").await, 2);
        desk.path = place;
        let (path, form) = desk.open("2026-03-11").await;
        let version = form.attribute("[name=version]", "value").expect("the form knows its version");
        let later = with(&with(&ONCE, &MEETING), &[("time", "12:00")]);
        let changed = desk.send(&path, &[("act", "save"), ("version", &version)], &later).await.location().to_owned();
        assert!(!desk.visitor.get(&changed).await.has(".toast--warning"), "apart, they are no matter");
    }
}
