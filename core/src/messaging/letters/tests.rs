use uuid::Uuid;

use super::{smtp::compose, *};
use crate::{
    foundation::{clock::Timestamp, ids::OutboxId, secrets::Secret},
    settings::MailSender,
};

fn sender() -> MailSender {
    MailSender {
        host: "mail.example".to_owned(),
        port: 465,
        sender: "opora@mail.example".to_owned(),
        password: Secret::new("geheim"),
        name: "Центр «Опора»".to_owned(),
    }
}

fn wire(to: &Addressee, subject: &str) -> String {
    let letter = Letter { subject: subject.to_owned(), text: "Строка\nВторая".to_owned() };
    let message = compose(&sender(), to, &letter, OutboxId(Uuid::nil()), Timestamp::UNIX_EPOCH).unwrap();
    String::from_utf8(message.formatted()).unwrap()
}

#[test]
fn a_letter_looks_like_this() {
    let to = Addressee { name: Some("Иванова Анна".to_owned()), email: "anna@mail.example".to_owned() };
    insta::assert_snapshot!(wire(&to, "Запрос на связь: Петрова Мария"));
}

/// PT-D54
#[test]
fn line_breaks_in_names_write_no_headers() {
    let to = Addressee {
        name: Some("Анна\r\nBcc: thief@mail.example".to_owned()),
        email: "anna@mail.example".to_owned(),
    };
    let wire = wire(&to, "Файл: X\r\nBcc: thief@mail.example\r\n\r\nbody");
    let headers = wire.split("\r\n\r\n").next().unwrap();
    assert!(!headers.lines().any(|line| line.starts_with("Bcc")), "{headers}");
}

#[test]
fn an_address_that_is_none_fails_the_letter_for_good() {
    let to = Addressee { name: None, email: "anna@mail.example, thief@mail.example".to_owned() };
    let letter = Letter { subject: String::new(), text: String::new() };
    let trouble = compose(&sender(), &to, &letter, OutboxId(Uuid::nil()), Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(trouble.is_permanent);
}

#[test]
fn recipients_come_back_as_written() {
    let person = PersonId(Uuid::from_u128(7));
    for recipient in [
        Recipient::CuratorOf(person),
        Recipient::Curator(person),
        Recipient::Administrator,
        Recipient::AdministratorBesides(person),
        Recipient::AdministratorBesidesCurator(person),
    ] {
        assert_eq!(recipient.to_string().parse(), Ok(recipient));
    }
}
