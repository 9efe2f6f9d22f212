use chrono::NaiveDate;
use proptest::prelude::*;

use super::{
    birth_date,
    contact::{Email, Phone, shown},
    inn::Inn,
    login::{Login, NewPassword},
    name::{FullName, optional_lines, optional_text, search_key},
    telegram_name::TelegramName,
};
use crate::foundation::errors::Complaints;

fn name(surname: &str, name: &str, patronymic: &str) -> Option<FullName> {
    FullName::parse(&mut Complaints::default(), surname, name, patronymic)
}

/// PT-068
#[test]
fn ways_to_write_a_russian_number_are_one_number() {
    for text in ["8 (913) 123-45-67", "+7 913 123 45 67", "89131234567", " 7-913-123-45-67 ", "9131234567"] {
        let phone = Phone::parse(text).unwrap();
        assert_eq!(phone.as_str(), "+79131234567", "{text}");
        assert_eq!(phone.shown(), "+7\u{a0}(913)\u{a0}123-45-67");
    }
}

/// PT-068
#[test]
fn foreign_numbers_begin_with_a_plus() {
    assert_eq!(Phone::parse("+44 20 7946 0958").unwrap().shown(), "+442079460958");
    assert_eq!(Phone::parse("+375 29 123-45-67").unwrap().as_str(), "+375291234567");
    for text in [
        "",
        "44 20 7946 0958",
        "+7 913 123",
        "+",
        "12345",
        "+0123456789",
        "8913123456a",
        "+7+9131234567",
        "89131234567 доб. 5",
    ] {
        assert!(Phone::parse(text).is_err(), "{text}");
    }
}

/// PT-067
#[test]
fn an_inn_has_twelve_digits_two_of_which_are_computed() {
    assert_eq!(Inn::parse(" 500100732259 ").unwrap().as_str(), "500100732259");
    assert_eq!(Inn::parse("012345678943").unwrap().as_str(), "012345678943", "zeros at the beginning stay");
    for text in [
        "50010073225",
        "500100732258",
        "500100732249",
        "5001007322591",
        "50010073225a",
        "000000000000",
        "",
        "7707083893",
    ] {
        assert!(Inn::parse(text).is_err(), "{text}");
    }
}

/// PT-066
#[test]
fn a_birth_date_lies_between_1900_and_today() {
    let today = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
    let read = |text: &str| birth_date::parse(text, today);
    assert_eq!(read("22.11.1954"), Ok(NaiveDate::from_ymd_opt(1954, 11, 22).unwrap()));
    assert_eq!(read("1954-11-22"), read("22.11.1954"), "as browsers send it");
    assert!(read("10.03.2026").is_ok() && read("01.01.1900").is_ok() && read("29.02.2024").is_ok());
    for text in ["11.03.2026", "31.12.1899", "31.02.1990", "29.02.2023", "22.11.54", "22/11/1954", "", "завтра"] {
        assert!(read(text).is_err(), "{text}");
    }
}

/// PT-069
#[test]
fn addresses_that_cannot_be_written_to_are_refused() {
    assert!(Email::parse(" anna@example.ru ").is_ok());
    assert!(Email::parse("анна@почта.рф").is_ok());
    for text in
        ["a@", "@b.ru", "a b@c.ru", "anna", "anna@host", "a@b.ru\nBcc: c@d.ru", &format!("{}@b.ru", "a".repeat(255))]
    {
        assert!(Email::parse(text).is_err(), "{text}");
    }
}

/// PT-053
#[test]
fn a_telegram_name_loses_its_sign() {
    assert_eq!(TelegramName::parse("@ivanova").unwrap().as_str(), "ivanova");
    assert_eq!(TelegramName::parse("Ivanova_1").unwrap().as_str(), "Ivanova_1");
    for text in ["@abc", "иванова", "ivan-ova", "@@ivanova", &"a".repeat(33)] {
        assert!(TelegramName::parse(text).is_err(), "{text}");
    }
}

/// PT-027, PT-052
#[test]
fn passwords_are_long_enough_and_typed_twice_alike() {
    assert!(NewPassword::parse("12345678", "12345678").is_ok());
    assert!(NewPassword::parse(&"ж".repeat(128), &"ж".repeat(128)).is_ok(), "characters, not bytes");
    for (password, repeat, key) in [
        ("1234567", "1234567", "people-password-length"),
        (&*"x".repeat(129), &*"x".repeat(129), "people-password-length"),
        ("12345678", "12345679", "people-passwords-differ"),
    ] {
        assert_eq!(NewPassword::parse(password, repeat).unwrap_err().key, key);
    }
}

#[test]
fn logins_are_compared_without_letter_case() {
    assert_eq!(Login::parse(" Иванова ").unwrap().key(), Login::parse("иВАНОВА").unwrap().key());
    for text in ["ab", "a b c", "", &"x".repeat(65)] {
        assert!(Login::parse(text).is_err(), "{text}");
    }
}

#[test]
fn names_are_written_in_full_in_short_and_as_initials() {
    let anna = name("Иванова", "анна", "Петровна").unwrap();
    assert_eq!(anna.full(), "Иванова анна Петровна");
    assert_eq!(anna.short(), "Иванова\u{a0}А.\u{a0}П.");
    assert_eq!(anna.initials(), "ИА");
    let lone = name(" Иванова ", "", " ").unwrap();
    assert_eq!((lone.full(), lone.short(), lone.initials()), ("Иванова".into(), "Иванова".into(), "И".into()));
}

/// PT-D57
#[test]
fn the_search_key_folds_case_spaces_and_yo() {
    assert_eq!(search_key("  ЁЛКИНА\u{a0} \nСемёна "), "елкина семена");
    assert_eq!(search_key("Е\u{308}лка"), "елка", "a letter made of two signs");
}

#[test]
fn lines_are_tidied_and_limited() {
    assert_eq!(optional_text("  два   слова ", 9), Ok(Some("два слова".into())));
    assert_eq!(optional_text("   ", 9), Ok(None));
    assert!(optional_text("десять букв", 9).is_err());
    assert!(optional_text("a\u{7}b", 9).is_err());
    assert_eq!(optional_lines("раз\r\nдва\r\n\r\n", 9), Ok(Some("раз\nдва".into())));
    assert_eq!(optional_lines("\r\n \r\n", 9), Ok(None));
}

proptest! {
    #[test]
    fn no_text_upsets_a_parser(text in ".{0,60}") {
        let today = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
        let _ = (Phone::parse(&text), Email::parse(&text), Inn::parse(&text), birth_date::parse(&text, today));
        let _ = (Login::parse(&text), TelegramName::parse(&text), NewPassword::parse(&text, &text));
        let _ = (name(&text, &text, &text), shown(&text), optional_lines(&text, 10));
    }

    #[test]
    fn a_phone_that_was_read_is_read_again_from_what_is_shown(digits in "[0-9]{8,15}", plus in any::<bool>()) {
        let text = if plus { format!("+{digits}") } else { digits };
        if let Ok(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(&phone.shown()).unwrap(), phone.clone());
            prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone);
        }
    }

    #[test]
    fn one_wrong_digit_spoils_an_inn(place in 0_usize..12, digit in 0_u8..10) {
        let right = "500100732259";
        let mut wrong = right.as_bytes().to_vec();
        wrong[place] = b'0' + digit;
        let wrong = String::from_utf8(wrong).unwrap();
        prop_assert_eq!(Inn::parse(&wrong).is_ok(), wrong == right);
    }

    #[test]
    fn a_search_key_is_its_own_key(text in ".{0,60}") {
        let key = search_key(&text);
        prop_assert_eq!(search_key(&key), key);
    }

    #[test]
    fn a_date_is_read_in_both_ways(days in 0_i64..46_000) {
        let today = NaiveDate::from_ymd_opt(2026, 3, 10).unwrap();
        let date = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + chrono::TimeDelta::days(days);
        prop_assert_eq!(birth_date::parse(&date.format("%d.%m.%Y").to_string(), today), Ok(date));
        prop_assert_eq!(birth_date::parse(&date.to_string(), today), Ok(date));
    }
}
