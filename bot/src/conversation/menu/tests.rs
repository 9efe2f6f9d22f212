use opora_core::{
    foundation::config::Config,
    messaging::message::Keyboard,
    patronage::reminders::{Kind, Upcoming},
    words::Words,
};

use super::{Choice, Known, Originals, keyboard, labels};

fn config(rename: &[(&str, &str)]) -> Config {
    let labels = rename.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect();
    Config { labels, ..Config::default() }
}

fn words(rename: &[(&str, &str)]) -> Words {
    Words::load(&config(rename)).expect("the words load")
}

/// What is recognised when the buttons are called like this and the account sees a menu with `seen`.
fn known(rename: &[(&str, &str)], seen: &[String]) -> Known {
    Known::new(words(rename).in_locale("ru"), seen, &Originals::of(&config(rename)))
}

/// PT-110
#[test]
fn the_menu_has_nine_buttons_in_four_rows() {
    let Keyboard::Menu(rows) = keyboard(&labels(words(&[]).in_locale("ru"))) else { panic!("a menu") };
    insta::assert_debug_snapshot!(rows);
}

/// PT-142
#[test]
fn labels_of_both_languages_and_of_an_earlier_menu_are_recognised() {
    let earlier = labels(words(&[("label-bot-contact", "Нужна помощь")]).in_locale("ru"));
    let known = known(&[("label-bot-contact", "Позвоните мне")], &earlier);
    for text in ["Позвоните мне", "Нужна помощь", " позвоните  МНЕ ", "Ask for contact"]
    {
        assert_eq!(known.find(text), Some(Choice::Contact), "{text}");
    }
    assert_eq!(known.find("3\u{a0}дня"), Some(Choice::List(Upcoming::Days(3))));
    assert_eq!(known.find("Support measures"), Some(Choice::List(Upcoming::OfKind(Kind::SupportMeasures))));
    assert_eq!(known.find("Что-то другое"), None);
}

#[test]
fn a_label_given_to_another_button_means_the_button_of_today() {
    let earlier = labels(words(&[("label-bot-upload", "Помощь")]).in_locale("ru"));
    let known = known(&[("label-bot-contact", "Помощь")], &earlier);
    assert_eq!(known.find("Помощь"), Some(Choice::Contact));
}
