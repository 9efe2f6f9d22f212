//! Letters against a real mail server: never lost, never to the wrong one, and the truth about the connection.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;
use opora_core::{
    foundation::{db::Tx, errors::StorageError, ids::PersonId, secrets::Secret},
    messaging::{
        letters::{self, Addressee, Cause, Directory, Recipient},
        outbox::Letter,
    },
    on_backend,
    people::access::Actor,
    settings::{self, MailSender, SettingsForm},
};
use opora_testkit::{MailTrouble, Security, SmtpSink, World, on_both_databases};

const ANNA: PersonId = PersonId(uuid::Uuid::from_u128(1));
const MARIA: PersonId = PersonId(uuid::Uuid::from_u128(2));

/// Anna looks after everybody.
#[derive(Default)]
struct AnnasDesk {
    email: std::sync::Mutex<Option<String>>,
}

impl AnnasDesk {
    fn with(email: &str) -> Arc<Self> {
        Arc::new(Self { email: std::sync::Mutex::new(Some(email.to_owned())) })
    }
}

#[async_trait]
impl Directory for AnnasDesk {
    async fn curator_of(&self, tx: &mut Tx, _: PersonId) -> Result<Option<Addressee>, StorageError> {
        self.curator(tx, ANNA).await
    }

    async fn curator(&self, _: &mut Tx, _: PersonId) -> Result<Option<Addressee>, StorageError> {
        let email = self.email.lock().unwrap().clone();
        Ok(email.map(|email| Addressee { name: Some("Иванова Анна".to_owned()), email }))
    }
}

/// Fills in the settings for this server.
async fn set_up(world: &mut World, mail: &SmtpSink, admin_email: &str) {
    let ca_file = Some(mail.ca_file().to_owned());
    world.configure(|config| config.mail.ca_file = ca_file);
    let administrator = world.administrator().await;
    let mut work = world.begin(administrator).await;
    let version = settings::get(&mut work).await.unwrap().version.to_string();
    let form = SettingsForm {
        admin_email: admin_email.to_owned(),
        smtp_host: mail.host().to_owned(),
        smtp_port: mail.port().to_string(),
        smtp_sender: SmtpSink::USER.to_owned(),
        smtp_password: SmtpSink::PASSWORD.to_owned(),
        smtp_sender_name: "Центр «Опора»".to_owned(),
        version,
    };
    settings::save(&mut work, form).await.unwrap();
    work.commit().await.unwrap();
}

async fn write_about_maria(world: &World, cause: &str) {
    let mut work = world.begin(Actor::System).await;
    let letter = Letter {
        subject: "Запрос на связь: Петрова Мария".to_owned(), text: "Позвоните мне".to_owned()
    };
    letters::to_curator_and_administrator(&mut work, MARIA, letter, cause).await.unwrap();
    work.commit().await.unwrap();
}

async fn post(world: &World, desk: &AnnasDesk) -> usize {
    letters::send_waiting(&world.app, desk).await.unwrap()
}

fn addresses(mail: &SmtpSink) -> Vec<String> {
    let mut all: Vec<_> = mail.letters().into_iter().flat_map(|letter| letter.to).collect();
    all.sort();
    all
}

on_both_databases! {
    /// PT-031, PT-036, PT-039
    async fn the_curator_gets_a_letter_and_the_administrator_a_copy(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "admin@opora.test").await;
        write_about_maria(&world, "contact:1").await;
        write_about_maria(&world, "contact:1").await;
        post(&world, &AnnasDesk::with("anna@opora.test")).await;
        assert_eq!(addresses(&mail), ["admin@opora.test", "anna@opora.test"]);
        let letter = mail.letter_to("anna@opora.test").await;
        assert_eq!((letter.from.as_str(), letter.sender_name.as_str()), (SmtpSink::USER, "Центр «Опора»"));
        assert_eq!((letter.subject.as_str(), letter.text.as_str()), ("Запрос на связь: Петрова Мария", "Позвоните мне"));
        assert_eq!(world.count("outbox WHERE state = 'delivered'").await, 2);
    }

    /// PT-D54
    async fn an_administrator_who_is_the_curator_gets_one_letter(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "Anna@opora.test").await;
        write_about_maria(&world, "contact:1").await;
        post(&world, &AnnasDesk::with("anna@opora.test")).await;
        assert_eq!(addresses(&mail), ["anna@opora.test"]);
        assert_eq!(world.count("outbox WHERE state = 'skipped'").await, 1);
    }

    /// PT-D11
    async fn a_letter_goes_to_the_curator_of_the_moment_it_leaves(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "").await;
        write_about_maria(&world, "contact:1").await;
        post(&world, &AnnasDesk::with("boris@opora.test")).await;
        assert_eq!(addresses(&mail), ["boris@opora.test"]);
    }

    /// PT-046
    async fn without_settings_letters_are_skipped_and_not_accumulated(mut world: World) {
        write_about_maria(&world, "contact:1").await;
        assert_eq!(world.count("outbox").await, 0);
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "").await;
        assert_eq!(post(&world, &AnnasDesk::with("anna@opora.test")).await, 0);
        assert_eq!(mail.connections(), 0);
    }

    /// PT-045
    async fn letters_are_tried_again_with_growing_pauses_and_arrive_once(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "").await;
        mail.makes_trouble(MailTrouble::Temporary, 3);
        write_about_maria(&world, "contact:1").await;
        let desk = AnnasDesk::with("anna@opora.test");
        let mut tries = Vec::new();
        for minute in 0..30 {
            if post(&world, &desk).await > 0 {
                tries.push(minute);
            }
            world.clock.advance(TimeDelta::minutes(1));
        }
        assert_eq!(tries, [0, 1, 6, 21]);
        assert_eq!(addresses(&mail), ["anna@opora.test"]);
    }

    /// PT-045
    async fn after_a_day_a_letter_has_failed_and_is_counted(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "").await;
        mail.always_makes_trouble(MailTrouble::LoginRefused);
        write_about_maria(&world, "contact:1").await;
        let desk = AnnasDesk::with("anna@opora.test");
        for _ in 0..40 {
            post(&world, &desk).await;
            world.clock.advance(TimeDelta::hours(1));
        }
        assert_eq!(addresses(&mail), Vec::<String>::new());
        let mut work = world.look(Actor::System).await;
        assert_eq!(letters::failed(&mut work).await.unwrap(), 1);
    }

    async fn a_letter_refused_for_good_fails_at_once_and_others_go(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "").await;
        mail.makes_trouble(MailTrouble::Permanent, 1);
        write_about_maria(&world, "contact:1").await;
        let desk = AnnasDesk::with("anna@opora.test");
        post(&world, &desk).await;
        assert_eq!(world.count("outbox WHERE state = 'failed' AND attempt = 1").await, 1);
        write_about_maria(&world, "contact:2").await;
        post(&world, &desk).await;
        assert_eq!(addresses(&mail), ["anna@opora.test"]);
    }

    async fn a_letter_repeated_after_a_broken_connection_keeps_its_id(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "").await;
        mail.makes_trouble(MailTrouble::DropAfterData, 1);
        write_about_maria(&world, "contact:1").await;
        let desk = AnnasDesk::with("anna@opora.test");
        post(&world, &desk).await;
        world.clock.advance(TimeDelta::minutes(1));
        post(&world, &desk).await;
        let ids: Vec<_> = mail.letters().iter().map(|letter| letter.header("Message-ID").unwrap()).collect();
        assert_eq!(ids.len(), 2);
        assert_eq!(ids[0], ids[1], "mailboxes drop the second one");
    }

    async fn the_worker_hears_of_new_letters(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "").await;
        let cancel = tokio_util::sync::CancellationToken::new();
        let desk = AnnasDesk::with("anna@opora.test");
        let running = tokio::spawn(letters::run(world.app.clone(), desk, cancel.clone()));
        write_about_maria(&world, "contact:1").await;
        mail.letter_to("anna@opora.test").await;
        cancel.cancel();
        running.await.unwrap();
        assert_eq!(world.count("outbox WHERE state = 'delivered'").await, 1);
    }

    async fn letters_wait_in_their_own_order_and_stop_nobody(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "admin@opora.test").await;
        let mut work = world.begin(Actor::System).await;
        for number in 0..9 {
            let letter = Letter { subject: format!("{number}"), text: String::new() };
            letters::notify(&mut work, Recipient::Administrator, letter, &number.to_string()).await.unwrap();
        }
        work.commit().await.unwrap();
        assert_eq!(post(&world, &AnnasDesk::default()).await, 9);
        assert_eq!(mail.letters().len(), 9);
    }

    /// PT-037
    async fn the_password_is_kept_sealed(mut world: World) {
        let mail = SmtpSink::start(Security::StartTls).await;
        set_up(&mut world, &mail, "").await;
        let mut tx = world.tx().await;
        let sealed: Vec<u8> = on_backend!(&mut tx, |c| sqlx::query_scalar("SELECT smtp_password FROM settings")
            .fetch_one(c)
            .await
            .unwrap());
        let password = SmtpSink::PASSWORD.as_bytes();
        assert!(!sealed.windows(password.len()).any(|part| part == password));
    }
}

/// Tries the connection of a server with this trouble and this password.
async fn check(
    security: Security,
    trouble: Option<MailTrouble>,
    password: &str,
) -> (Result<(), letters::MailTrouble>, SmtpSink) {
    let mail = match security {
        // Only port 465 means TLS from the first byte.
        Security::Tls => SmtpSink::start_on("127.0.0.2:465", security).await,
        _ => SmtpSink::start(security).await,
    };
    if let Some(trouble) = trouble {
        mail.always_makes_trouble(trouble);
    }
    let rules = opora_core::foundation::config::Mail {
        allow_plain: security == Security::Plain,
        ca_file: Some(mail.ca_file().to_owned()),
        ..Default::default()
    };
    let sender = MailSender {
        host: if security == Security::Tls { "127.0.0.2" } else { mail.host() }.to_owned(),
        port: mail.port(),
        sender: SmtpSink::USER.to_owned(),
        password: Secret::new(password),
        name: String::new(),
    };
    (letters::check_connection(&rules, &sender).await, mail)
}

/// PT-041, PT-D53
#[tokio::test]
async fn a_good_connection_logs_in_and_sends_nothing() {
    for security in [Security::StartTls, Security::Plain, Security::Tls] {
        let (outcome, mail) = check(security, None, SmtpSink::PASSWORD).await;
        assert_eq!(outcome, Ok(()), "{security:?}");
        assert!(mail.logins().iter().all(|login| login.is_accepted) && !mail.logins().is_empty());
        assert!(mail.letters().is_empty());
    }
}

/// PT-043
#[tokio::test]
async fn a_wrong_password_and_missing_encryption_are_told() {
    let (outcome, _mail) = check(Security::StartTls, None, "wrong").await;
    let trouble = outcome.unwrap_err();
    assert!(trouble.reason.contains("535") && !trouble.reason.contains("wrong"), "{trouble}");
    assert_eq!(trouble.cause, Cause::Password);
    let (outcome, mail) = check(Security::StartTls, Some(MailTrouble::NoTls), SmtpSink::PASSWORD).await;
    assert_eq!(outcome.unwrap_err().cause, Cause::Encryption);
    assert_eq!(mail.logins(), [], "the password never goes over an open line");
}

/// PT-043
#[tokio::test]
async fn an_unknown_certificate_and_a_refused_connection_are_told() {
    let mail = SmtpSink::start(Security::StartTls).await;
    let mut sender = MailSender {
        host: mail.host().to_owned(),
        port: mail.port(),
        sender: SmtpSink::USER.to_owned(),
        password: Secret::new(SmtpSink::PASSWORD),
        name: String::new(),
    };
    let rules = opora_core::foundation::config::Mail::default();
    let trouble = letters::check_connection(&rules, &sender).await.unwrap_err();
    assert!(trouble.reason.contains("UnknownIssuer"), "{trouble}");
    assert_eq!(trouble.cause, Cause::Certificate);
    assert_eq!(mail.logins(), []);
    let free = std::net::TcpListener::bind((mail.host(), 0)).and_then(|free| free.local_addr()).expect("a free port");
    sender.port = free.port();
    assert_eq!(letters::check_connection(&rules, &sender).await.unwrap_err().cause, Cause::Refused);
    sender.host = "no-such-server.invalid".to_owned();
    assert_eq!(letters::check_connection(&rules, &sender).await.unwrap_err().cause, Cause::Host);
}

/// PT-043: port 465 wants encryption from the first byte.
#[tokio::test]
async fn a_server_that_speaks_another_way_at_port_465_is_told() {
    let mail = SmtpSink::start_on("127.0.0.3:465", Security::StartTls).await;
    let sender = MailSender {
        host: "127.0.0.3".to_owned(),
        port: mail.port(),
        sender: SmtpSink::USER.to_owned(),
        password: Secret::new(SmtpSink::PASSWORD),
        name: String::new(),
    };
    let rules = opora_core::foundation::config::Mail::default();
    assert_eq!(letters::check_connection(&rules, &sender).await.unwrap_err().cause, Cause::Port);
    assert_eq!(mail.logins(), []);
}

/// PT-041, PT-D53: the check ends after 15 seconds. Time passes by itself while everybody waits: nobody sleeps.
#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_given_up_after_fifteen_seconds() {
    let began = tokio::time::Instant::now();
    let (outcome, _mail) = check(Security::StartTls, Some(MailTrouble::Silence), SmtpSink::PASSWORD).await;
    assert_eq!(outcome.unwrap_err().cause, Cause::Timeout);
    assert_eq!(began.elapsed().as_secs(), 15);
}
