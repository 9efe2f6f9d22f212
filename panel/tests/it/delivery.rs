//! «Доставка».

use axum::http::StatusCode;
use chrono::TimeDelta;
use opora_core::{
    foundation::secrets::Secret,
    messaging::{
        delivery::standstill::Watch,
        message::{Keyboard, Outgoing},
        messenger::Messenger,
        outbox::{self, Channel, Draft, Payload, Priority},
    },
    on_backend,
    patronage::activation,
    people::access::Actor,
    schedule::periodic::Job,
};
use opora_testkit::{Citizen, World, on_both_databases};

use crate::visit::{Page, Visitor};

/// Puts messages to this citizen's chat into the outbox, due now.
async fn put(world: &World, citizen: &Citizen, number: usize) {
    let mut work = world.begin(Actor::System).await;
    let draft = Draft {
        channel: Channel::Messenger(Messenger::Telegram),
        recipient: citizen.chat.clone().expect("a chat"),
        person: Some(citizen.person),
        occurrence: None,
        cause: None,
        priority: Priority::Rest,
        payload: Payload::Message(Outgoing::Say {
            text: "Здравствуйте".to_owned(), keyboard: Keyboard::None
        }),
        due_at: work.now,
        expires_at: None,
    };
    outbox::put_many(&mut work, &vec![draft; number]).await.expect("they can be put");
    work.commit().await.expect("they stay");
}

/// The messenger refuses everything that waits.
async fn refuse_all(world: &World) {
    const SQL: &str =
        "UPDATE outbox SET state = 'failed', fault = 'refused', last_error = '400 Bad Request', attempt = 1,
        finished_at = $1 WHERE state = 'queued'";
    let mut tx = world.tx().await;
    on_backend!(&mut tx, |c| sqlx::query(SQL).bind(world.app.clock.now()).execute(c).await.map(drop)).expect("refused");
    tx.commit().await.expect("it stays");
}

async fn of_anna(world: &mut World) -> Citizen {
    world.configure(|config| config.telegram.token = Secret::new("1:token"));
    let anna = world.curator("Иванова Анна Петровна").await;
    world.citizen("Петрова Мария Ивановна").of(&anna).linked("1001").await
}

async fn looks(world: &World) {
    Watch.run(&world.app).await.expect("the watch looks");
}

fn ticked(page: &Page) -> Vec<String> {
    page.attributes("input[name=ticked][form=again]", "value")
}

on_both_databases! {
    async fn an_empty_queue_and_no_failures_say_so(mut world: World) {
        of_anna(&mut world).await;
        let mut admin = Visitor::administrator(&world).await;
        let page = admin.get("/delivery").await;
        assert_eq!(page.text_of("h1"), "Доставка");
        assert_eq!(page.texts(".outlet__name"), ["Telegram", "Веб-чат", "Почта"]);
        assert_eq!(page.texts(".outlet__state"), ["! Никто не отправляет", "! Никто не отправляет", "– Не используется"]);
        let empty = ["Всё отправлено. Очередь пуста.", "Доставлено всё", "До всех можно дойти"];
        assert_eq!(page.texts(".empty__title"), empty);
        assert_eq!(page.text_of("#at"), "Данные на 09:00:00.");
        assert_eq!(page.texts("nav.menu a[aria-current]"), ["Доставка"]);
        insta::assert_snapshot!("the_empty_delivery", page.outline());
    }

    async fn what_waits_is_shown_in_words_and_in_a_picture_with_numbers(mut world: World) {
        let maria = of_anna(&mut world).await;
        put(&world, &maria, 3).await;
        world.clock.advance(TimeDelta::minutes(12));
        put(&world, &maria, 1).await;
        let mut admin = Visitor::administrator(&world).await;
        let page = admin.get("/delivery").await;
        let facts = page.texts(".outlet:first-child .outlet__facts > div");
        assert_eq!(facts[..2], ["Ждут отправки4", "Самое старое ждёт12 минут"]);
        assert!(page.has("#delivery svg.plot__picture"));
        assert_eq!(page.texts("#delivery .plot__numbers tbody th"), ["до 1 мин", "1–5 мин", "5–60 мин", "больше часа"]);
        assert_eq!(page.attribute("#delivery", "data-refresh").as_deref(), Some("60"));
    }

    /// PT-285: one, many and all go again after a question with their number; what is left out is said.
    async fn failed_messages_are_sent_again_one_many_or_all(mut world: World) {
        let maria = of_anna(&mut world).await;
        put(&world, &maria, 4).await;
        refuse_all(&world).await;
        let mut admin = Visitor::administrator(&world).await;
        let page = admin.get("/delivery").await;
        assert_eq!(page.texts("#failures tbody tr").len(), 4);
        let row = "#failures tbody tr:first-child";
        assert_eq!(page.text_of(&format!("{row} a")), "Петрова Мария Ивановна");
        assert_eq!(page.text_of(&format!("{row} .outlet__said")), "400 Bad Request");
        let ids = ticked(&page);
        let answer = admin.post("/delivery/resend", &[("ticked", &ids[0])]).await;
        assert_eq!(admin.get(answer.location()).await.text_of(".toast"), "Снова в очереди: 1 сообщение.");
        let again = admin.post("/delivery/resend", &[("ticked", &ids[0])]).await;
        let page = admin.get(again.location()).await;
        assert_eq!(page.text_of(".toast"), "Ничего не отправлено. Пропущено: уже отправлено снова — 1.");
        let question = admin.get(&format!("/delivery/resend?ticked={}&ticked={}", ids[1], ids[2])).await;
        assert_eq!(question.text_of("#number"), "Отмечено 2 сообщения.");
        assert_eq!(question.attributes("main form input[name=ticked]", "value"), ids[1..3]);
        assert_eq!(world.count("outbox WHERE state = 'queued'").await, 1, "a question sends nothing");
        let answer = admin.post("/delivery/resend", &[("ticked", &ids[1]), ("ticked", &ids[2])]).await;
        assert!(answer.location().starts_with("/delivery"));
        refuse_all(&world).await;
        let filtered = admin.get("/delivery?channel=telegram&fault=refused").await;
        let all = filtered.attribute("#all", "href").expect("all may go");
        let question = admin.get(&all).await;
        assert_eq!(question.text_of("#number"), "Найдено 4 сообщения, из них ещё не вышло время у 4.");
        assert_eq!(question.text_of("main form button"), "Отправить 4");
        let value = |name: &str| question.attribute(&format!("main form input[name={name}]"), "value").expect("a field");
        let (until, channel, fault) = (value("until"), value("channel"), value("fault"));
        let fields = [("all", "true"), ("until", until.as_str()), ("channel", &channel), ("fault", &fault)];
        let answer = admin.post("/delivery/resend", &fields).await;
        let page = admin.get(answer.location()).await;
        assert_eq!(page.text_of(".toast"), "Снова в очереди: 4 сообщения.");
        assert_eq!(world.count("outbox WHERE state = 'queued'").await, 4);
        let nothing = admin.get("/delivery/resend").await;
        assert_eq!(nothing.text_of(".empty__title"), "Ничего не отмечено");
    }

    async fn who_is_out_of_reach_is_one_click_away(mut world: World) {
        let maria = of_anna(&mut world).await;
        let mut work = world.begin(Actor::System).await;
        activation::mark_blocked(&mut work, Messenger::Telegram, "1001").await.expect("it can be marked");
        work.commit().await.expect("it stays");
        let mut admin = Visitor::administrator(&world).await;
        let page = admin.get("/delivery").await;
        assert_eq!(page.text_of("#people tbody a"), "Петрова Мария Ивановна");
        assert_eq!(page.attribute("#people tbody a", "href"), Some(format!("/citizens/{}", maria.person)));
        let other = admin.get("/delivery?why=not-connected").await;
        assert!(!other.has("#people tbody"));
    }

    async fn a_standstill_is_told_on_the_first_page(mut world: World) {
        let anna = world.curator("Смирнова Ольга").await;
        of_anna(&mut world).await;
        let mut admin = Visitor::administrator(&world).await;
        let mut curator = Visitor::curator(&world, &anna).await;
        assert!(!admin.get("/today").await.has(".standing"));
        looks(&world).await;
        world.clock.advance(TimeDelta::minutes(1));
        assert!(!admin.get("/today").await.has(".standing"), "one look is no standstill");
        looks(&world).await;
        let said = "Telegram: отправка стоит с 10.03.2026, 09:00 — никто не отправляет.";
        let page = admin.get("/today").await;
        assert_eq!(page.texts(".standing span")[0], said);
        assert_eq!(page.attribute(".standing a", "href").as_deref(), Some("/delivery"));
        let page = curator.get("/today").await;
        assert_eq!(page.texts(".standing span")[0], said);
        assert!(!page.has(".standing a"));
        let page = admin.get("/delivery").await;
        assert_eq!(page.texts(".outlet__state")[0], "! Стоит с 10.03.2026, 09:00");
        assert_eq!(page.texts(".notice--error")[0], said);
        assert_eq!(curator.get("/delivery").await.status, StatusCode::FORBIDDEN);
    }
}
