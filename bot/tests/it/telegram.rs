//! Telegram's adapter against the fake bot API: real HTTP, every kind of trouble.

use std::sync::Arc;

use opora_bot::telegram::{TelegramAdapter, keep_webhook, run_polling, webhook_router};
use opora_core::{
    Work,
    foundation::{
        errors::Failure,
        ids::{OccurrenceId, OutboxId},
    },
    messaging::{
        bots,
        inbox::{self, Conversation},
        message::{Button, Event, Incoming, Keyboard, Outgoing},
        messenger::Messenger,
        press::{Press, Reaction},
        sender::{Adapter, Delivery, FetchError, Outcome},
    },
};
use opora_testkit::{Backend, FakeTelegram, Garbage, Trouble, World, telegram::Call};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const FILE_LIMIT: u64 = 20 * 1024 * 1024;

/// Telegram and an installation that uses it.
async fn meet() -> (FakeTelegram, World, Arc<TelegramAdapter>) {
    let telegram = FakeTelegram::start().await;
    let mut world = World::on(Backend::Sqlite).await;
    world.configure(|config| {
        config.telegram.api_url = telegram.url();
        config.telegram.token = opora_core::foundation::secrets::Secret::new(telegram.token());
    });
    let adapter = Arc::new(TelegramAdapter::new(&world.app.config).unwrap());
    (telegram, world, adapter)
}

fn say(chat: &str, text: &str) -> Delivery {
    delivery(chat, Outgoing::Say { text: text.to_owned(), keyboard: Keyboard::None })
}

fn delivery(chat: &str, outgoing: Outgoing) -> Delivery {
    Delivery { id: OutboxId(uuid::Uuid::nil()), chat: chat.to_owned(), outgoing, is_repeat: false }
}

fn buttons() -> Keyboard {
    let press = |reaction| Press::React { occurrence: OccurrenceId(uuid::Uuid::from_u128(7)), reaction };
    Keyboard::Inline(vec![vec![
        Button { label: "Выполнено".to_owned(), press: press(Reaction::Done) },
        Button { label: "Пропущено".to_owned(), press: press(Reaction::Missed) },
    ]])
}

/// Receives by polling while it lives; hands on what arrives.
struct Reader {
    cancel: CancellationToken,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    arrived: mpsc::UnboundedReceiver<Incoming>,
}

struct HandOn(mpsc::UnboundedSender<Incoming>);

#[async_trait::async_trait]
impl Conversation for HandOn {
    async fn receive(&self, _: &mut Work, incoming: &Incoming) -> Result<(), Failure> {
        self.0.send(incoming.clone()).unwrap();
        Ok(())
    }
}

impl Reader {
    fn polling(world: &World, adapter: &Arc<TelegramAdapter>) -> Self {
        let cancel = CancellationToken::new();
        let (sender, arrived) = mpsc::unbounded_channel();
        let polling = tokio::spawn(run_polling(world.app.clone(), adapter.clone(), cancel.clone()));
        let working = tokio::spawn(inbox::run(world.app.clone(), Arc::new(HandOn(sender)), cancel.clone()));
        Self { cancel, tasks: vec![polling, working], arrived }
    }

    async fn next(&mut self) -> Incoming {
        let next = tokio::time::timeout(opora_testkit::PATIENCE, self.arrived.recv()).await;
        next.expect("nothing arrived").unwrap()
    }

    async fn stops(self) {
        self.cancel.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

#[tokio::test]
async fn messages_menus_buttons_and_edits_look_as_meant() {
    let (telegram, _world, adapter) = meet().await;
    let menu = Keyboard::Menu(vec![vec!["7 дней".to_owned()], vec!["Загрузка файлов".to_owned()]]);
    let text = "*не* <b>разметка</b>".to_owned();
    adapter.deliver(&delivery("1001", Outgoing::Say { text: text.clone(), keyboard: menu })).await;
    let chat = telegram.chat(1001);
    assert_eq!(chat.received()[0].text, text);
    assert_eq!(chat.menu().unwrap(), [["7 дней"], ["Загрузка файлов"]]);

    let asked = Outgoing::Say { text: "Приняли?".to_owned(), keyboard: buttons() };
    let Outcome::Delivered { external_id: Some(message) } = adapter.deliver(&delivery("1001", asked)).await else {
        panic!("not delivered")
    };
    chat.sees_button("Пропущено").await;
    let edit = Outgoing::Edit { message, text: "Приняли? — да".to_owned(), keyboard: Keyboard::None };
    for _ in 0..2 {
        // The second time nothing changes, which Telegram refuses; what was wanted is so.
        let outcome = adapter.deliver(&delivery("1001", edit.clone())).await;
        assert_eq!(outcome, Outcome::Delivered { external_id: None });
    }
    assert!(chat.received()[1].buttons.is_empty());
    adapter.deliver(&delivery("1001", Outgoing::Say { text: "x".to_owned(), keyboard: Keyboard::RemoveMenu })).await;
    assert_eq!(chat.menu(), None);
}

/// PT-D17, PT-D41
#[tokio::test]
async fn every_trouble_is_told_apart() {
    let (telegram, _world, adapter) = meet().await;
    let outcome = async |trouble| {
        telegram.order(trouble).once();
        adapter.deliver(&say("1001", "a")).await
    };
    let bad = |text: &str| Trouble::BadRequest(format!("Bad Request: {text}"));
    assert_eq!(outcome(Trouble::Blocked).await, Outcome::Blocked);
    assert_eq!(outcome(bad("chat not found")).await, Outcome::Blocked);
    assert_eq!(outcome(bad("user is deactivated")).await, Outcome::Blocked);
    assert!(matches!(outcome(bad("message text is empty")).await, Outcome::Refused(_)));
    let retry_after = std::time::Duration::from_secs(10_072);
    assert_eq!(outcome(Trouble::TooMany { retry_after: 10_072 }).await, Outcome::TooMany { retry_after });
    assert!(matches!(outcome(Trouble::Unauthorized).await, Outcome::NoEntry(_)));
    assert!(matches!(outcome(Trouble::ServerError).await, Outcome::Temporary(_)));
    assert!(matches!(outcome(Trouble::DropAfter).await, Outcome::Unknown(_)));
    assert!(matches!(outcome(Trouble::DropBefore).await, Outcome::Unknown(_) | Outcome::Temporary(_)));
    telegram.goes_down().await;
    let Outcome::Temporary(why) = adapter.deliver(&say("1001", "a")).await else { panic!("a refused connection") };
    assert!(!why.contains("fake-token"), "the token is a secret: {why}");
    telegram.comes_back().await;
    assert!(matches!(adapter.deliver(&say("1001", "b")).await, Outcome::Delivered { .. }));
    assert!(matches!(adapter.deliver(&say("no number", "b")).await, Outcome::Refused(_)));
}

/// PT-D41, PT-D42. Whoever else answers in Telegram's place says nothing about the person or the message.
#[tokio::test]
async fn answers_that_are_not_telegrams_mean_only_whether_the_call_got_through() {
    let (telegram, _world, adapter) = meet().await;
    for garbage in [Garbage::Page, Garbage::Half, Garbage::BrokenOff, Garbage::WrongShape, Garbage::Empty] {
        telegram.order(Trouble::Garbage(garbage)).once();
        let outcome = adapter.deliver(&say("1001", "a")).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{garbage:?}: {outcome:?}");
    }
    assert_eq!(telegram.chat(1001).received().len(), 5, "all of them were taken");
    for taken in [true, false] {
        telegram.order(Trouble::Gateway { taken }).once();
        let outcome = adapter.deliver(&say("1001", "a")).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
    }
    assert_eq!(telegram.chat(1001).received().len(), 6);
    for trouble in [Trouble::ProxyRefuses, Trouble::Portal] {
        telegram.order(trouble.clone()).once();
        let outcome = adapter.deliver(&say("1001", "a")).await;
        assert!(matches!(outcome, Outcome::Temporary(_)), "{trouble:?}: {outcome:?}");
    }
    assert_eq!(telegram.chat(1001).received().len(), 6, "turned away at the door");
}

#[tokio::test]
async fn updates_are_asked_for_again_after_any_garbage() {
    let (telegram, world, adapter) = meet().await;
    telegram.order(Trouble::Garbage(Garbage::WrongShape)).for_method("getUpdates").once();
    telegram.order(Trouble::Garbage(Garbage::Half)).for_method("getUpdates").once();
    telegram.chat(1001).says("a");
    let mut reader = Reader::polling(&world, &adapter);
    for seconds in [1, 2] {
        let wakes_at = world.app.clock.now() + chrono::TimeDelta::seconds(seconds);
        world.clock.someone_sleeps_until(wakes_at).await;
        world.clock.set(wakes_at);
    }
    assert_eq!(reader.next().await.what, Event::Text { text: "a".to_owned() });
    reader.stops().await;
}

/// People wait for the bot, so it does not wait long for its own database.
#[tokio::test]
async fn while_the_inbox_cannot_be_written_it_is_tried_every_second() {
    let (telegram, world, adapter) = meet().await;
    let reader = Reader::polling(&world, &adapter);
    telegram.everything_is_read().await;
    world.app.db.close().await;
    telegram.chat(1001).says("a");
    let began = world.app.clock.now();
    let ticks = async {
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            world.clock.advance(chrono::TimeDelta::milliseconds(10));
        }
    };
    let asked = |calls: &[Call]| calls.iter().filter(|it| it.method.eq_ignore_ascii_case("getWebhookInfo")).count();
    tokio::select! {
        () = telegram.wait_for(|calls| asked(calls) >= 7) => {}
        () = ticks => unreachable!(),
    }
    // With waits that grow it would be 48 seconds.
    let took = world.app.clock.now() - began;
    assert!(took < chrono::TimeDelta::seconds(40), "{took}");
    reader.stops().await;
}

#[tokio::test]
async fn whatever_people_do_arrives() {
    let (telegram, world, adapter) = meet().await;
    let mut reader = Reader::polling(&world, &adapter);
    let chat = telegram.chat(1001);
    chat.starts(Some("1234567890"));
    assert_eq!(reader.next().await.what, Event::Started { payload: Some("1234567890".to_owned()) });
    chat.says("  привет ");
    let said = reader.next().await;
    assert_eq!((said.account.as_str(), said.chat.as_str()), ("1001", "1001"));
    assert_eq!(said.what, Event::Text { text: "  привет ".to_owned() });

    adapter.deliver(&delivery("1001", Outgoing::Say { text: "Приняли?".to_owned(), keyboard: buttons() })).await;
    let press = chat.presses("Выполнено").unwrap();
    let Event::Pressed { press: id, data, message, text } = reader.next().await.what else { panic!("no press") };
    assert_eq!((id.clone(), text.as_deref()), (press, Some("Приняли?")));
    assert!(message.is_some() && data.parse::<Press>().is_ok());
    let answer = Outgoing::Answer { press: id, text: "Спасибо".to_owned() };
    assert!(matches!(adapter.deliver(&delivery("1001", answer)).await, Outcome::Delivered { .. }));

    chat.sends_location();
    assert_eq!(reader.next().await.what, Event::Unsupported);
    chat.blocks();
    assert_eq!(reader.next().await.what, Event::Blocked);
    chat.returns();
    assert_eq!(reader.next().await.what, Event::Unblocked);
    reader.stops().await;
}

/// PT-124
#[tokio::test]
async fn files_and_albums_arrive_and_can_be_fetched() {
    let (telegram, world, adapter) = meet().await;
    let mut reader = Reader::polling(&world, &adapter);
    let chat = telegram.chat(1001);
    chat.sends_file_saying("Справка.pdf", b"content", "от врача");
    let Event::File(file) = reader.next().await.what else { panic!("no file") };
    assert_eq!((file.name.as_deref(), file.size), (Some("Справка.pdf"), Some(7)));
    assert_eq!(file.caption.as_deref(), Some("от врача"));
    let mut content = Vec::new();
    assert_eq!(adapter.fetch(&file.source, FILE_LIMIT, &mut content).await, Ok(7));
    assert_eq!(content, b"content");
    assert_eq!(adapter.fetch(&file.source, 6, &mut Vec::new()).await, Err(FetchError::TooLarge));
    telegram.order(Trouble::ServerError).for_method("download").once();
    let failed = adapter.fetch(&file.source, FILE_LIMIT, &mut Vec::new()).await;
    assert!(matches!(failed, Err(FetchError::Temporary(_))), "{failed:?}");

    chat.sends_album(&[b"one", b"two"], None);
    let (Event::File(one), Event::File(two)) = (reader.next().await.what, reader.next().await.what) else {
        panic!("no album")
    };
    assert!(one.album.is_some() && one.album == two.album);
    assert_eq!(one.media_type.as_deref(), Some("image/jpeg"));
    reader.stops().await;
}

/// PT-140
#[tokio::test]
async fn in_a_group_the_bot_only_leaves() {
    let (telegram, world, adapter) = meet().await;
    let mut reader = Reader::polling(&world, &adapter);
    telegram.group(-5).adds_the_bot();
    let added = reader.next().await;
    assert_eq!((added.chat.as_str(), added.what), ("-5", Event::NotPrivate));
    adapter.deliver(&delivery("-5", Outgoing::Leave)).await;
    assert!(telegram.group(-5).bot_has_left());
    reader.stops().await;
}

#[tokio::test]
async fn updates_are_stored_before_they_are_confirmed_and_repetitions_change_nothing() {
    let (telegram, world, adapter) = meet().await;
    let mut reader = Reader::polling(&world, &adapter);
    telegram.chat(1001).says("a");
    telegram.everything_is_read().await;
    assert_eq!(world.count("inbox").await, 1, "confirmed means stored");
    telegram.repeats_the_last_update();
    telegram.chat(1001).says("b");
    telegram.everything_is_read().await;
    assert_eq!(world.count("inbox").await, 2);
    assert_eq!(reader.next().await.what, Event::Text { text: "a".to_owned() });
    assert_eq!(reader.next().await.what, Event::Text { text: "b".to_owned() });
    reader.stops().await;
}

#[tokio::test]
async fn polling_goes_on_after_trouble_and_the_trouble_is_noted() {
    let (telegram, world, adapter) = meet().await;
    telegram.order(Trouble::ServerError).for_method("getWebhookInfo").once();
    let mut reader = Reader::polling(&world, &adapter);
    telegram.wait_for(|calls| calls.iter().any(|call| call.status == 502)).await;
    let began = world.app.clock.now();
    world.clock.someone_sleeps_until(began + chrono::TimeDelta::seconds(1)).await;
    let mut tx = world.app.db.read().await.unwrap();
    assert!(bots::find(&mut tx, Messenger::Telegram).await.unwrap().unwrap().trouble.is_some());
    drop(tx);
    world.clock.advance_seconds(1);
    telegram.chat(1001).says("a");
    reader.next().await;
    let mut tx = world.app.db.read().await.unwrap();
    let bot = bots::find(&mut tx, Messenger::Telegram).await.unwrap().unwrap();
    assert_eq!(bot.trouble, None);
    let link = bots::deep_link(&mut tx, Messenger::Telegram, "123").await.unwrap().unwrap();
    assert_eq!(link, format!("https://t.me/{}?start=123", bot.name.unwrap()));
    drop(tx);
    reader.stops().await;
}

#[tokio::test]
async fn a_webhook_of_another_program_is_not_stolen_unless_told() {
    let (telegram, mut world, adapter) = meet().await;
    telegram.has_webhook("https://other.example/hook");
    let reader = Reader::polling(&world, &adapter);
    world.clock.someone_sleeps_until(world.app.clock.now() + chrono::TimeDelta::seconds(1)).await;
    reader.stops().await;
    assert_eq!(telegram.webhook().as_deref(), Some("https://other.example/hook"));
    let mut tx = world.app.db.read().await.unwrap();
    let trouble = bots::find(&mut tx, Messenger::Telegram).await.unwrap().unwrap().trouble.unwrap();
    assert!(trouble.contains("other.example") && trouble.contains("take_over_webhook"), "{trouble}");
    drop(tx);
    world.configure(|config| config.telegram.take_over_webhook = true);
    let mut reader = Reader::polling(&world, &adapter);
    telegram.chat(1001).says("a");
    reader.next().await;
    assert_eq!(telegram.webhook(), None);
    reader.stops().await;
}

#[tokio::test]
async fn the_webhook_takes_updates_from_telegram_only() {
    let (telegram, mut world, adapter) = meet().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/telegram/hook", listener.local_addr().unwrap());
    world.configure(|config| config.telegram.webhook_url.clone_from(&url));
    let router = webhook_router(world.app.clone());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let cancel = CancellationToken::new();
    let keeping = tokio::spawn(keep_webhook(world.app.clone(), adapter, cancel.clone()));
    telegram.wait_for(|calls| calls.iter().any(|call| call.method.eq_ignore_ascii_case("setWebhook"))).await;
    assert_eq!(telegram.webhook().as_deref(), Some(url.as_str()));

    let mut ear = world.app.wake.inbox.listen();
    telegram.chat(1001).says("a");
    ear.heard().await;
    assert_eq!(world.count("inbox").await, 1);
    let forged = r#"{"update_id": 9, "message": {}}"#;
    let answer = reqwest::Client::new().post(&url).body(forged).send().await.unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(world.count("inbox").await, 1);
    cancel.cancel();
    keeping.await.unwrap();
    serving.abort();
}
