//! The fake of Telegram against teloxide, which decodes strictly.

use std::time::Duration;

use opora_testkit::{FakeTelegram, Trouble};
use teloxide::{
    ApiError, RequestError,
    net::Download,
    prelude::*,
    types::{
        AllowedUpdate, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, KeyboardButton, KeyboardMarkup,
        UpdateKind,
    },
};

fn bot(telegram: &FakeTelegram) -> Bot {
    Bot::new(telegram.token()).set_api_url(telegram.url().parse().unwrap())
}

fn question() -> InlineKeyboardMarkup {
    InlineKeyboardMarkup::new([[
        InlineKeyboardButton::callback("Выполнено", "1d"),
        InlineKeyboardButton::callback("Пропущено", "1m"),
    ]])
}

async fn updates(bot: &Bot, offset: i32) -> Vec<Update> {
    bot.get_updates().offset(offset).timeout(8).await.unwrap()
}

#[tokio::test]
async fn the_bot_introduces_itself() {
    let telegram = FakeTelegram::start().await;
    let me = bot(&telegram).get_me().await.unwrap();
    assert!(me.is_bot);
    assert_eq!(me.username(), "opora_fake_bot");
}

#[tokio::test]
async fn what_a_person_says_wakes_the_long_poll_and_is_repeated_until_confirmed() {
    let telegram = FakeTelegram::start().await;
    let reader = bot(&telegram);
    let poll = tokio::spawn(async move { updates(&reader, 0).await });
    telegram.everything_is_read().await;
    telegram.chat(1001).says("Здравствуйте");
    let first = poll.await.unwrap();
    let UpdateKind::Message(message) = &first[0].kind else { panic!("{first:?}") };
    assert_eq!(message.text(), Some("Здравствуйте"));
    assert_eq!(message.chat.id, ChatId(1001));
    let reader = bot(&telegram);
    assert_eq!(updates(&reader, 0).await.len(), 1, "not confirmed yet");
    telegram.chat(1001).says("Второе");
    let next = updates(&reader, first[0].id.as_offset()).await;
    assert_eq!(next.len(), 1);
    assert_ne!(next[0].id, first[0].id);
}

#[tokio::test]
async fn a_question_is_answered_by_a_press_and_loses_its_buttons() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    let sent = bot.send_message(ChatId(1001), "Примите лекарство").reply_markup(question()).await.unwrap();
    let seen = telegram.chat(1001).sees("Примите лекарство").await;
    assert_eq!(
        seen.buttons[0].iter().map(|button| button.label.as_str()).collect::<Vec<_>>(),
        ["Выполнено", "Пропущено"]
    );
    let press = telegram.chat(1001).presses("Выполнено").unwrap();
    let update = updates(&bot, 0).await.remove(0);
    let UpdateKind::CallbackQuery(query) = update.kind else { panic!("{update:?}") };
    assert_eq!(query.data.as_deref(), Some("1d"));
    assert_eq!(query.regular_message().map(|message| message.id), Some(sent.id));
    bot.answer_callback_query(query.id.clone()).text("Принято").await.unwrap();
    bot.edit_message_text(ChatId(1001), sent.id, "Примите лекарство\n\nВыполнено").await.unwrap();
    assert_eq!(telegram.chat(1001).sees_popup(&press).await, "Принято");
    let seen = telegram.chat(1001).sees("Выполнено").await;
    assert!(seen.buttons.is_empty() && seen.is_edited);
    let again = bot.edit_message_text(ChatId(1001), sent.id, "Примите лекарство\n\nВыполнено").await.unwrap_err();
    assert!(matches!(again, RequestError::Api(ApiError::MessageNotModified)), "{again:?}");
    bot.answer_callback_query(query.id).await.unwrap_err();
}

#[tokio::test]
async fn a_menu_stays_until_another_comes() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    let menu = KeyboardMarkup::new([[KeyboardButton::new("3 дня"), KeyboardButton::new("7 дней")]]).resize_keyboard();
    bot.send_message(ChatId(1001), "Меню").reply_markup(menu).await.unwrap();
    bot.send_message(ChatId(1001), "Ещё").await.unwrap();
    assert_eq!(telegram.chat(1001).menu().unwrap(), [["3 дня", "7 дней"]]);
    assert_eq!(telegram.chat(1001).presses("7 дней"), None);
    let update = updates(&bot, 0).await.remove(0);
    let UpdateKind::Message(message) = update.kind else { panic!("{update:?}") };
    assert_eq!(message.text(), Some("7 дней"));
}

#[tokio::test]
async fn files_go_both_ways() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    telegram.chat(1001).sends_file_saying("справка.pdf", &vec![7; 300_000], "Вот справка");
    let update = updates(&bot, 0).await.remove(0);
    let UpdateKind::Message(message) = update.kind else { panic!("{update:?}") };
    let document = message.document().unwrap();
    assert_eq!((document.file_name.as_deref(), message.caption()), (Some("справка.pdf"), Some("Вот справка")));
    let file = bot.get_file(document.file.id.clone()).await.unwrap();
    let mut fetched = Vec::new();
    bot.download_file(&file.path, &mut fetched).await.unwrap();
    assert_eq!(fetched, vec![7; 300_000]);
    let upload = InputFile::memory("отчёт").file_name("report.txt");
    let sent = bot.send_document(ChatId(1001), upload).caption("Отчёт").await.unwrap();
    assert_eq!(sent.document().unwrap().file_name.as_deref(), Some("report.txt"));
    assert_eq!(telegram.chat(1001).sees("Отчёт").await.document.as_deref(), Some("report.txt"));
}

#[tokio::test]
async fn albums_photos_places_and_groups_are_understood() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    telegram.chat(1001).sends_album(&[b"one", b"two"], Some("Две"));
    telegram.chat(1001).sends_location();
    telegram.chat(1001).starts(Some("123456"));
    telegram.group(-100_500).adds_the_bot();
    telegram.group(-100_500).says("привет");
    let arrived = updates(&bot, 0).await;
    assert_eq!(arrived.len(), 6);
    let albums: Vec<_> = arrived
        .iter()
        .filter_map(|update| match &update.kind {
            UpdateKind::Message(message) => Some((message.media_group_id().cloned(), message.photo()?.len())),
            _ => None,
        })
        .collect();
    assert!(albums.len() == 2 && albums[0] == albums[1] && albums[0].0.is_some(), "{albums:?}");
    assert!(matches!(&arrived[2].kind, UpdateKind::Message(message) if message.location().is_some()));
    assert!(matches!(&arrived[3].kind, UpdateKind::Message(message) if message.text() == Some("/start 123456")));
    assert!(
        matches!(&arrived[4].kind, UpdateKind::MyChatMember(change) if change.chat.is_supergroup()),
        "{:?}",
        arrived[4]
    );
    bot.leave_chat(ChatId(-100_500)).await.unwrap();
    assert!(telegram.group(-100_500).bot_has_left());
}

#[tokio::test]
async fn who_blocks_the_bot_is_out_of_reach_until_he_returns() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    telegram.chat(1001).blocks();
    let refused = bot.send_message(ChatId(1001), "Вы здесь?").await.unwrap_err();
    assert!(matches!(refused, RequestError::Api(ApiError::BotBlocked)), "{refused:?}");
    telegram.chat(1001).returns();
    bot.send_message(ChatId(1001), "С возвращением").await.unwrap();
    let kinds: Vec<_> = updates(&bot, 0).await;
    for (update, is_back) in kinds.iter().zip([false, true]) {
        let UpdateKind::MyChatMember(change) = &update.kind else { panic!("{update:?}") };
        assert_eq!(change.new_chat_member.is_present(), is_back);
    }
}

#[tokio::test]
async fn trouble_comes_as_ordered() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    telegram.order(Trouble::TooMany { retry_after: 7 }).for_chat(1001).once();
    bot.send_message(ChatId(1002), "чужой чат").await.unwrap();
    let refused = bot.send_message(ChatId(1001), "1").await.unwrap_err();
    assert!(matches!(refused, RequestError::RetryAfter(seconds) if seconds.seconds() == 7), "{refused:?}");
    bot.send_message(ChatId(1001), "2").await.unwrap();
    telegram.order(Trouble::BadRequest("chat not found".to_owned())).times(2);
    for _ in 0..2 {
        let refused = bot.send_message(ChatId(1001), "3").await.unwrap_err();
        assert!(matches!(refused, RequestError::Api(ApiError::ChatNotFound)), "{refused:?}");
    }
    telegram.order(Trouble::DropBefore).once();
    assert!(matches!(bot.send_message(ChatId(1001), "4").await, Err(RequestError::Network(_))));
    telegram.order(Trouble::DropAfter).once();
    assert!(matches!(bot.send_message(ChatId(1001), "5").await, Err(RequestError::Network(_))));
    telegram.order(Trouble::Hang).until_told_otherwise();
    let hung = tokio::time::timeout(Duration::from_millis(50), bot.send_message(ChatId(1001), "6").into_future()).await;
    assert!(hung.is_err());
    telegram.behave();
    bot.send_message(ChatId(1001), "7").await.unwrap();
    let texts: Vec<_> = telegram.chat(1001).received().into_iter().map(|message| message.text).collect();
    assert_eq!(texts, ["2", "5", "7"], "what broke after it was taken did arrive");
    assert_eq!(telegram.calls_of("sendMessage").iter().filter(|call| call.status == 0).count(), 3);
}

#[tokio::test]
async fn limits_are_enforced_when_told() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    telegram.enforce_limits();
    bot.send_message(ChatId(1), "1").await.unwrap();
    let refused = bot.send_message(ChatId(1), "2").await.unwrap_err();
    assert!(matches!(refused, RequestError::RetryAfter(_)), "{refused:?}");
    assert_eq!(telegram.violations(), 1);
}

#[tokio::test]
async fn the_second_reader_turns_the_first_away() {
    let telegram = FakeTelegram::start().await;
    let first = bot(&telegram);
    let poll = tokio::spawn(async move { first.get_updates().timeout(8).await });
    telegram.everything_is_read().await;
    telegram.chat(1).says("1");
    drop(poll.await.unwrap().unwrap());
    let first = bot(&telegram);
    let poll = tokio::spawn(async move { first.get_updates().offset(1000).timeout(8).await });
    telegram.everything_is_read().await;
    let second = bot(&telegram);
    let other = tokio::spawn(async move { second.get_updates().offset(1000).timeout(8).await });
    let turned_away = poll.await.unwrap().unwrap_err();
    assert!(matches!(turned_away, RequestError::Api(ApiError::TerminatedByOtherGetUpdates)), "{turned_away:?}");
    other.abort();
}

#[tokio::test]
async fn only_wanted_kinds_arrive() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    telegram.chat(1001).blocks();
    telegram.chat(1001).says("привет");
    let arrived = bot.get_updates().allowed_updates([AllowedUpdate::Message]).timeout(8).await.unwrap();
    assert!(matches!(arrived[..], [Update { kind: UpdateKind::Message(_), .. }]), "{arrived:?}");
}

#[tokio::test]
async fn the_original_s_limits_of_texts_and_buttons_hold() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    let long = "ы".repeat(4097);
    let refused = bot.send_message(ChatId(1), long).await.unwrap_err();
    assert!(matches!(refused, RequestError::Api(ApiError::MessageIsTooLong)), "{refused:?}");
    let refused = bot.send_message(ChatId(1), "  ").await.unwrap_err();
    assert!(matches!(refused, RequestError::Api(ApiError::MessageTextIsEmpty)), "{refused:?}");
    let data = "x".repeat(65);
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Да", data)]]);
    bot.send_message(ChatId(1), "?").reply_markup(keyboard).await.unwrap_err();
    telegram.chat(1).sends_huge_file("кино.mp4", 21 * 1024 * 1024);
    let update = updates(&bot, 0).await.remove(0);
    let UpdateKind::Message(message) = update.kind else { panic!("{update:?}") };
    let refused = bot.get_file(message.document().unwrap().file.id.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("file is too big"), "{refused}");
}

#[tokio::test]
async fn a_webhook_gets_updates_with_its_secret_and_stops_the_polling() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    let (sender, mut arrived) = tokio::sync::mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let hook = axum::Router::new().route(
        "/hook",
        axum::routing::post(move |headers: axum::http::HeaderMap, body: String| async move {
            sender.send((headers["x-telegram-bot-api-secret-token"].to_str().unwrap().to_owned(), body)).unwrap();
        }),
    );
    tokio::spawn(async move { axum::serve(listener, hook).await });
    bot.set_webhook(url.parse().unwrap()).secret_token("тайна-1".replace("тайна", "secret")).await.unwrap();
    assert_eq!(bot.get_webhook_info().await.unwrap().url.unwrap().as_str(), url);
    telegram.chat(1001).says("по звонку");
    let (secret, body) = arrived.recv().await.unwrap();
    assert_eq!(secret, "secret-1");
    assert!(body.contains("по звонку"));
    let refused = bot.get_updates().await.unwrap_err();
    assert!(refused.to_string().contains("webhook is active"), "{refused}");
    bot.delete_webhook().await.unwrap();
    assert_eq!(telegram.webhook(), None);
}

#[tokio::test]
async fn it_goes_down_and_comes_back_on_the_same_address() {
    let telegram = FakeTelegram::start().await;
    let bot = bot(&telegram);
    bot.send_message(ChatId(1), "до").await.unwrap();
    telegram.goes_down().await;
    assert!(matches!(bot.send_message(ChatId(1), "пока нет").await, Err(RequestError::Network(_))));
    telegram.comes_back().await;
    bot.send_message(ChatId(1), "после").await.unwrap();
    assert_eq!(telegram.chat(1).received().len(), 2);
}
