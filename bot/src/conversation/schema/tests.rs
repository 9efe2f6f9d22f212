use std::ops::ControlFlow;

use opora_core::{
    foundation::{config::Config, ids::PersonId},
    messaging::{
        message::{Event, IncomingFile},
        press::{Press, Reaction, TextMark},
    },
    patronage::reminders::Upcoming,
    words::Words,
};
use uuid::Uuid;

use super::{Act, Heard, Speaker, schema};
use crate::conversation::menu::{Choice, Known, Originals};

const CITIZEN: Speaker = Speaker::Citizen { person: PersonId(Uuid::nil()) };

fn heard(speaker: Speaker, event: Event) -> Heard {
    let words = Words::load(&Config::default()).expect("the words load");
    Heard::new(event, speaker, Known::new(words.in_locale("ru"), &[], &Originals::default()))
}

async fn decided(speaker: Speaker, event: Event) -> Act {
    match schema().dispatch(heard(speaker, event.clone()).into_deps()).await {
        ControlFlow::Break(act) => act,
        ControlFlow::Continue(_) => panic!("nobody took {event:?} of {speaker:?}"),
    }
}

fn text(text: &str) -> Event {
    Event::Text { text: text.to_owned() }
}

fn pressed(data: impl ToString) -> Event {
    Event::Pressed { press: "1".to_owned(), data: data.to_string(), message: None, text: None }
}

fn file() -> IncomingFile {
    IncomingFile { source: "f".to_owned(), name: None, media_type: None, size: None, caption: None, album: None }
}

fn one_of_each() -> Vec<Event> {
    vec![
        Event::Started { payload: None },
        Event::Started { payload: Some("1234567890".to_owned()) },
        text("Добрый день"),
        pressed("?"),
        Event::File(file()),
        Event::Unsupported,
        Event::Blocked,
        Event::Unblocked,
        Event::NotPrivate,
    ]
}

#[test]
fn every_branch_gets_what_it_asks_for() {
    let deps = heard(CITIZEN, Event::Unsupported).into_deps();
    dptree::type_check(schema().sig(), &deps, &[]);
}

#[tokio::test]
async fn everything_that_can_be_heard_is_taken() {
    for speaker in [Speaker::Stranger, CITIZEN] {
        for event in one_of_each() {
            decided(speaker, event).await;
        }
    }
}

/// PT-138: whatever an unlinked account does, it reaches nothing but the code.
#[tokio::test]
async fn a_stranger_reaches_nothing_but_the_code() {
    for event in one_of_each() {
        let act = decided(Speaker::Stranger, event).await;
        let is_harmless =
            matches!(act, Act::AskForCode | Act::Activate(_) | Act::Nothing | Act::NoteBlocked | Act::Leave);
        assert!(is_harmless, "{act:?}");
    }
    let press =
        Press::React { occurrence: opora_core::foundation::ids::OccurrenceId(Uuid::nil()), reaction: Reaction::Done };
    assert_eq!(decided(Speaker::Stranger, pressed(press)).await, Act::AskForCode);
    assert_eq!(decided(Speaker::Stranger, text("3 дня")).await, Act::AskForCode);
    assert_eq!(decided(Speaker::Stranger, text("12345 67890")).await, Act::Activate("12345 67890".to_owned()));
}

#[tokio::test]
async fn a_citizen_is_understood() {
    let mark = TextMark::of("Позвоните");
    for (event, act) in [
        (Event::Started { payload: None }, Act::ShowMenu),
        (Event::Started { payload: Some("1234567890".to_owned()) }, Act::SayConnected),
        (text("12345 67890"), Act::SayConnected),
        (text("12345-67890"), Act::SayConnected),
        (text("7 дней"), Act::Choose(Choice::List(Upcoming::Days(7)))),
        (text("Запросить связь"), Act::Choose(Choice::Contact)),
        (text("/help"), Act::Help),
        (text("/help@opora_bot"), Act::Help),
        (text("Мне 12 лет"), Act::OfferToPassOn("Мне 12 лет".to_owned())),
        (text("123456789"), Act::OfferToPassOn("123456789".to_owned())),
        (pressed(Press::PassOn { text: mark }), Act::PassOn(mark)),
        (pressed("done:17"), Act::AnswerOldButton),
        (Event::File(file()), Act::TakeFile(file())),
        (Event::Unsupported, Act::ExplainUpload),
        (Event::Unblocked, Act::WelcomeBack),
    ] {
        assert_eq!(decided(CITIZEN, event.clone()).await, act, "{event:?}");
    }
}
