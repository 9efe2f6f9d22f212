use opora_core::messaging::{message::Event, press::TextMark};
use serde_json::json;

use super::{Pending, State};

fn talkative() -> State {
    let pending = Some(Pending::Text("Позвоните мне".to_owned()));
    State { menu: vec!["3 дня".to_owned()], pending, asked: None }
}

#[test]
fn what_is_written_is_read_back() {
    let written = talkative().write();
    let kept = json!({ "version": 1, "menu": ["3 дня"], "pending": { "text": "Позвоните мне" } });
    assert_eq!(written, Some(kept), "other versions of Opora read this");
    assert_eq!(State::read(written.as_ref()), talkative());
    assert_eq!(State::default().write(), None, "nothing to remember is not remembered");
}

#[test]
fn an_unknown_version_or_damaged_state_starts_afresh() {
    for unreadable in [
        json!({ "version": 2, "menu": ["3 дня"] }),
        json!({ "menu": ["3 дня"] }),
        json!({ "version": 1, "menu": 5 }),
        json!({ "version": 1, "pending": { "from_the_future": {} } }),
        json!([]),
        json!(null),
    ] {
        assert_eq!(State::read(Some(&unreadable)), State::default(), "{unreadable}");
    }
}

/// PT-139
#[test]
fn text_that_was_not_passed_on_is_forgotten_with_the_next_message() {
    assert_eq!(talkative().after(&Event::Text { text: "Нет".to_owned() }).pending, None);
    assert_eq!(talkative().after(&Event::Unsupported).pending, None);
    let pressed = Event::Pressed { press: "1".to_owned(), data: String::new(), message: None, text: None };
    assert_eq!(talkative().after(&pressed), talkative());
}

#[test]
fn only_the_text_of_the_mark_waits() {
    assert_eq!(talkative().waiting(TextMark::of("Позвоните мне")), Some("Позвоните мне"));
    assert_eq!(talkative().waiting(TextMark::of("Другое")), None);
    let passed =
        State { pending: Some(Pending::PassedOn(TextMark::of("Другое").to_string())), ..State::default() };
    assert!(passed.was_passed_on(TextMark::of("Другое")));
    assert!(!passed.was_passed_on(TextMark::of("Позвоните мне")));
}
