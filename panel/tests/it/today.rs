//! «Сегодня».

use axum::http::StatusCode;
use opora_core::patronage::contacts;
use opora_testkit::{Citizen, World, on_both_databases};

use crate::{programme::Desk, visit::Visitor};

async fn asks(world: &World, citizen: &Citizen, comment: &str) {
    let mut work = world.begin(citizen.actor()).await;
    contacts::request(&mut work, citizen.person, Some(comment)).await.expect("it can be requested");
    work.commit().await.expect("it stays");
}

on_both_databases! {
    async fn a_quiet_day_greets_and_says_so(world: World) {
        let mut desk = Desk::of(&world).await;
        let page = desk.visitor.get("/today").await;
        assert_eq!(page.text_of("h1"), "Доброе утро, Анна Петровна");
        assert_eq!(page.text_of(".head__text p"), "10 марта 2026, вторник · никто не ждёт");
        assert_eq!(page.text_of(".empty__title"), "Всё спокойно");
        assert_eq!(page.texts(".tile__count"), ["0", "0", "0", "0"]);
        assert!(!page.has(".menu__count"));
    }

    /// PT-210, PT-211: a request stands above all with the number to call; what came out of it is one click away.
    async fn a_request_for_contact_leads_to_its_result(world: World) {
        let mut desk = Desk::of(&world).await;
        world.clock.advance(chrono::TimeDelta::minutes(1));
        asks(&world, &desk.maria, "Сломался лифт").await;
        world.clock.advance(chrono::TimeDelta::minutes(46));
        let page = desk.visitor.get("/today").await;
        assert_eq!(page.text_of(".need .row__title"), "Петрова Мария Ивановна просит связаться");
        assert_eq!(page.texts(".need .row__more")[0], "Запрос: 09:01, ждёт 46 минут");
        assert_eq!(page.text_of(".need__quote"), "Сломался лифт");
        assert_eq!(page.text_of(".head__text p"), "10 марта 2026, вторник · вас ждёт 1 человек");
        assert_eq!(page.texts(".menu__count"), ["ждут: 1", "ждут: 1"], "here and in «Активность»");
        let write = page.attribute(".need .acts a", "href").expect("an act");
        let form = desk.visitor.get(write.split('#').next().expect("a path")).await;
        assert!(form.has(".contact--open textarea"));
        world.clock.turn_to("2026-03-11T21:00:00Z");
        desk.visitor = Visitor::curator(&world, &desk.anna).await;
        let page = desk.visitor.get("/today").await;
        assert_eq!(page.text_of(".need .pill"), "! Просрочено");
        assert_eq!(page.texts(".menu__count--urgent"), ["ждут: 1"]);
    }

    /// PT-216, PT-217: an own reminder is ticked where it stands.
    async fn an_own_reminder_is_ticked_where_it_stands(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&[
            ("kind", "curator_reminder"), ("text", "Проверить документы"), ("repetition", "none"),
            ("start_date", "2026-03-10"), ("time", "09:30"),
        ]).await;
        world.clock.turn_to("2026-03-10T06:30:00Z");
        opora_core::patronage::reminders::due::claim(&world.app, 10).await.expect("it fires");
        let page = desk.visitor.get("/today").await;
        assert_eq!(page.text_of(".need__quote"), "Проверить документы");
        let act = page.attribute(".need form", "action").expect("a button");
        let foreign = world.curator("Смирнова Ольга").await;
        let mut olga = Visitor::curator(&world, &foreign).await;
        olga.get("/today").await;
        assert_eq!(olga.post(&act, &[]).await.status, StatusCode::NOT_FOUND, "not hers");
        assert_eq!(desk.visitor.post(&act, &[]).await.location(), "/today");
        let page = desk.visitor.get("/today").await;
        assert_eq!(page.text_of(".toast"), "Отработано");
        assert!(!page.has(".need"));
    }

    /// PT-D40: the day so far in numbers; nothing before the first one.
    async fn the_day_so_far_stands_below_the_tiles(world: World) {
        let mut desk = Desk::of(&world).await;
        desk.plan(&[
            ("kind", "information"), ("text", "Измерьте давление"), ("repetition", "none"),
            ("start_date", "2026-03-10"), ("time", "09:30"),
        ]).await;
        assert!(!desk.visitor.get("/today").await.has(".tallies"));
        world.clock.turn_to("2026-03-10T12:00:00Z");
        opora_core::patronage::reminders::due::claim(&world.app, 10).await.expect("it comes too late");
        let page = desk.visitor.get("/today").await;
        assert_eq!(page.text_of(".tallies h2"), "Напоминания сегодня");
        assert_eq!(page.texts(".tallies dt"), ["Доставлено", "Выполнено", "Пропущено", "Пока без ответа", "Не доставлено"]);
        assert_eq!(page.texts(".tallies dd"), ["0", "0", "0", "0", "1"]);
    }

    async fn a_code_that_ended_is_prolonged_from_here(world: World) {
        let mut desk = Desk::of(&world).await;
        let nina = world.citizen("Новая Нина").of(&desk.anna).await;
        world.clock.advance(world.app.config.activation_code_life());
        desk.visitor = Visitor::curator(&world, &desk.anna).await;
        let page = desk.visitor.get("/today").await;
        assert_eq!(page.text_of(".need .row__title"), "Новая Нина — бот не активирован");
        assert_eq!(page.text_of(".need button"), "Продлить срок действия кода");
        let act = page.attribute(".need form", "action").expect("a button");
        assert_eq!(desk.visitor.post(&act, &[]).await.location(), format!("/citizens/{}", nina.person));
        assert!(!desk.visitor.get("/today").await.has(".need"));
    }
}
