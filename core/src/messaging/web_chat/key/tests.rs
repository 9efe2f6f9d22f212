use super::Key;
use crate::foundation::{chance::SystemChance, clock::Timestamp};

#[test]
fn a_key_comes_back_from_its_cookie() {
    let key = Key::draw(Timestamp::UNIX_EPOCH, &SystemChance);
    let back = Key::parse(key.cookie().reveal()).expect("its own cookie");
    assert_eq!(back.id(), key.id());
    assert!(back.fits(&key.secret_hash()));
    assert!(back.confirms(&key.csrf()));
}

#[test]
fn another_secret_neither_fits_nor_confirms() {
    let (mine, other) = (Key::draw(Timestamp::UNIX_EPOCH, &SystemChance), Key::draw(Timestamp::UNIX_EPOCH, &SystemChance));
    assert!(!other.fits(&mine.secret_hash()));
    assert!(!other.confirms(&mine.csrf()));
}

#[test]
fn neither_debug_output_nor_the_token_betrays_the_secret() {
    let key = Key::draw(Timestamp::UNIX_EPOCH, &SystemChance);
    let cookie = key.cookie();
    let (_, secret) = cookie.reveal().split_once('.').expect("id.secret");
    assert!(!format!("{key:?}").contains(secret));
    assert!(!key.csrf().contains(secret));
}

#[test]
fn damaged_cookies_are_refused() {
    let cookie = Key::draw(Timestamp::UNIX_EPOCH, &SystemChance).cookie();
    let damaged = [String::new(), ".".to_owned(), cookie.reveal().replace('.', ""), format!("{}x", cookie.reveal())];
    for text in damaged {
        assert!(Key::parse(&text).is_none(), "{text}");
    }
}
