use super::Key;
use crate::foundation::{chance::SystemChance, clock::Timestamp};

#[test]
fn a_key_comes_back_from_its_cookie() {
    let key = Key::draw(Timestamp::UNIX_EPOCH, &SystemChance);
    let back = Key::parse(key.cookie().reveal()).expect("its own cookie");
    assert_eq!(back.id(), key.id());
    assert!(back.fits(&key.secret_hash()));
}

#[test]
fn another_secret_does_not_fit() {
    let (mine, other) =
        (Key::draw(Timestamp::UNIX_EPOCH, &SystemChance), Key::draw(Timestamp::UNIX_EPOCH, &SystemChance));
    assert!(!other.fits(&mine.secret_hash()));
}

#[test]
fn debug_output_does_not_betray_the_secret() {
    let key = Key::draw(Timestamp::UNIX_EPOCH, &SystemChance);
    let cookie = key.cookie();
    let (_, secret) = cookie.reveal().split_once('.').expect("id.secret");
    assert!(!format!("{key:?}").contains(secret));
}

#[test]
fn damaged_cookies_are_refused() {
    let cookie = Key::draw(Timestamp::UNIX_EPOCH, &SystemChance).cookie();
    let damaged = [String::new(), ".".to_owned(), cookie.reveal().replace('.', ""), format!("{}x", cookie.reveal())];
    for text in damaged {
        assert!(Key::parse(&text).is_none(), "{text}");
    }
}
