//! The mail server against lettre.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType},
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{Certificate, Tls, TlsParameters},
    },
};
use opora_testkit::{MailTrouble, Security, SmtpSink};

type Transport = AsyncSmtpTransport<Tokio1Executor>;

fn transport(mail: &SmtpSink, security: Security, password: &str) -> Transport {
    let ca = Certificate::from_pem(&std::fs::read(mail.ca_file()).unwrap()).unwrap();
    let tls = TlsParameters::builder(mail.host().to_owned()).add_root_certificate(ca).build_rustls().unwrap();
    let tls = match security {
        Security::Plain => Tls::None,
        Security::StartTls => Tls::Required(tls),
        Security::Tls => Tls::Wrapper(tls),
    };
    Transport::builder_dangerous(mail.host())
        .port(mail.port())
        .tls(tls)
        .credentials(Credentials::new(SmtpSink::USER.to_owned(), password.to_owned()))
        .build()
}

fn letter(text: &str) -> Message {
    let sender: Mailbox = "Дневник самоконтроля <opora@opora.test>".parse().unwrap();
    let builder =
        Message::builder().from(sender).to("anna@opora.test".parse().unwrap()).subject("Запрос связи от Петровой");
    builder.header(ContentType::TEXT_PLAIN).body(text.to_owned()).unwrap()
}

#[tokio::test]
async fn letters_arrive_decoded_however_the_connection_is_protected() {
    for security in [Security::Plain, Security::StartTls, Security::Tls] {
        let mail = SmtpSink::start(security).await;
        let text = "Здравствуйте!\n.точка в начале\nПерезвоните, пожалуйста.";
        transport(&mail, security, SmtpSink::PASSWORD).send(letter(text)).await.unwrap();
        let arrived = mail.letter_to("anna@opora.test").await;
        assert_eq!(arrived.from, "opora@opora.test");
        assert_eq!(arrived.sender_name, "Дневник самоконтроля");
        assert_eq!(arrived.subject, "Запрос связи от Петровой");
        assert_eq!(arrived.text, text);
        assert!(arrived.header("Date").is_some());
        assert!(mail.logins()[0].is_accepted);
    }
}

#[tokio::test]
async fn a_letter_with_an_attachment_shows_its_text() {
    let mail = SmtpSink::start(Security::StartTls).await;
    let file = Attachment::new("отчёт.txt".to_owned()).body("данные".to_owned(), ContentType::TEXT_PLAIN);
    let parts = MultiPart::mixed().singlepart(SinglePart::plain("Во вложении".to_owned())).singlepart(file);
    let message = Message::builder()
        .from("opora@opora.test".parse().unwrap())
        .to("anna@opora.test".parse().unwrap())
        .subject("Отчёт")
        .multipart(parts)
        .unwrap();
    transport(&mail, Security::StartTls, SmtpSink::PASSWORD).send(message).await.unwrap();
    assert_eq!(mail.letter_to("anna@opora.test").await.text, "Во вложении");
}

#[tokio::test]
async fn both_ways_to_log_in_are_understood_and_a_wrong_password_is_refused() {
    let mail = SmtpSink::start(Security::StartTls).await;
    for mechanism in [Mechanism::Plain, Mechanism::Login] {
        let ca = Certificate::from_pem(&std::fs::read(mail.ca_file()).unwrap()).unwrap();
        let tls = TlsParameters::builder(mail.host().to_owned()).add_root_certificate(ca).build_rustls().unwrap();
        let right: Transport = Transport::builder_dangerous(mail.host())
            .port(mail.port())
            .tls(Tls::Required(tls))
            .credentials(Credentials::new(SmtpSink::USER.to_owned(), SmtpSink::PASSWORD.to_owned()))
            .authentication(vec![mechanism])
            .build();
        assert!(right.test_connection().await.unwrap());
    }
    let wrong = transport(&mail, Security::StartTls, "другой").test_connection().await.unwrap_err();
    assert!(wrong.is_permanent(), "{wrong}");
    let accepted: Vec<_> = mail.logins().into_iter().map(|login| login.is_accepted).collect();
    assert_eq!(accepted, [true, true, false]);
}

#[tokio::test]
async fn a_stranger_s_certificate_is_not_trusted() {
    let (mail, other) = (SmtpSink::start(Security::StartTls).await, SmtpSink::start(Security::StartTls).await);
    let ca = Certificate::from_pem(&std::fs::read(other.ca_file()).unwrap()).unwrap();
    let tls = TlsParameters::builder("localhost".to_owned()).add_root_certificate(ca).build_rustls().unwrap();
    let transport: Transport =
        Transport::builder_dangerous("localhost").port(mail.port()).tls(Tls::Required(tls)).build();
    assert!(transport.test_connection().await.unwrap_err().to_string().contains("certificate"));
}

#[tokio::test]
async fn trouble_comes_as_ordered() {
    let mail = SmtpSink::start(Security::StartTls).await;
    let sender = || transport(&mail, Security::StartTls, SmtpSink::PASSWORD);
    mail.makes_trouble(MailTrouble::Temporary, 1);
    assert!(sender().send(letter("1")).await.unwrap_err().is_transient());
    mail.makes_trouble(MailTrouble::Permanent, 1);
    assert!(sender().send(letter("2")).await.unwrap_err().is_permanent());
    mail.makes_trouble(MailTrouble::LoginRefused, 1);
    assert!(sender().send(letter("3")).await.unwrap_err().is_permanent());
    mail.makes_trouble(MailTrouble::NoTls, 1);
    sender().send(letter("4")).await.unwrap_err();
    mail.makes_trouble(MailTrouble::DropAfterData, 1);
    sender().send(letter("5")).await.unwrap_err();
    sender().send(letter("6")).await.unwrap();
    mail.always_makes_trouble(MailTrouble::Silence);
    let silent = tokio::time::timeout(Duration::from_millis(50), sender().send(letter("7"))).await;
    assert!(silent.is_err());
    mail.behaves();
    sender().send(letter("8")).await.unwrap();
    let texts: Vec<_> = mail.letters().into_iter().map(|letter| letter.text).collect();
    assert_eq!(texts, ["5", "6", "8"], "what broke after it was taken did arrive");
}
