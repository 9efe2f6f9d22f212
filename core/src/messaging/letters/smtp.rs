//! Talks SMTP. Encrypted always: implicit TLS on port 465, STARTTLS on others; plain only if the operator allowed it.

use std::{fmt, time::Duration};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};

use super::{
    Addressee,
    cause::{self, Cause},
};
use crate::{
    foundation::{clock::Timestamp, config, ids::OutboxId},
    messaging::outbox::Letter,
    settings::MailSender,
};

const IMPLICIT_TLS: u16 = 465;
/// «Проверить соединение» ends within this time (PT-041). lettre's own time-out covers connecting only, so ours covers all.
const CHECK_LIMIT: Duration = Duration::from_secs(15);
/// One letter.
const SEND_LIMIT: Duration = Duration::from_secs(45);

/// A connection to the mail server, as the settings say.
pub type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Why a letter could not be sent; shown to the administrator, never contains the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailTrouble {
    /// The kind of the reason.
    pub cause: Cause,
    /// The technical reason.
    pub reason: String,
    /// Whether the server refuses this letter for good.
    pub is_permanent: bool,
}

impl fmt::Display for MailTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl MailTrouble {
    fn passing(cause: Cause, reason: impl fmt::Display) -> Self {
        Self { cause, reason: reason.to_string(), is_permanent: false }
    }

    pub(super) fn permanent(reason: impl fmt::Display) -> Self {
        Self { cause: Cause::Other, reason: reason.to_string(), is_permanent: true }
    }

    /// A wrong password or a server that does not know us concerns the settings, not the letter: it may be mended.
    fn of(error: &lettre::transport::smtp::Error) -> Self {
        let is_permanent = error.is_permanent() && !error.status().is_some_and(cause::is_about_us);
        Self { cause: Cause::of(error), reason: cause::said(error), is_permanent }
    }
}

/// Connects, encrypts, authenticates, says NOOP and goes; sends nothing (PT-D53).
pub async fn check_connection(rules: &config::Mail, sender: &MailSender) -> Result<(), MailTrouble> {
    let transport = transport(rules, sender).await?;
    match tokio::time::timeout(CHECK_LIMIT, transport.test_connection()).await {
        Err(_) => Err(MailTrouble::passing(Cause::Timeout, "the server gave no answer within 15 seconds")),
        Ok(Err(error)) => Err(MailTrouble::of(&error)),
        Ok(Ok(false)) => Err(MailTrouble::passing(Cause::Port, "the server closed the connection")),
        Ok(Ok(true)) => Ok(()),
    }
}

/// A transport for these settings; it connects when it is first used.
pub async fn transport(rules: &config::Mail, sender: &MailSender) -> Result<Transport, MailTrouble> {
    let mut parameters = TlsParameters::builder(sender.host.clone());
    if let Some(path) = &rules.ca_file {
        let trouble =
            |why: String| MailTrouble::passing(Cause::Certificate, format!("mail.ca_file {}: {why}", path.display()));
        let pem = tokio::fs::read(path).await.map_err(|error| trouble(error.to_string()))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| trouble(error.to_string()))?;
        parameters = parameters.add_root_certificate(certificate);
    }
    let parameters = parameters.build_rustls().map_err(|error| MailTrouble::of(&error))?;
    let tls = match (sender.port, rules.allow_plain) {
        (IMPLICIT_TLS, _) => Tls::Wrapper(parameters),
        (_, true) => Tls::Opportunistic(parameters),
        (_, false) => Tls::Required(parameters),
    };
    let credentials = Credentials::new(sender.sender.clone(), sender.password.reveal().to_owned());
    Ok(Transport::builder_dangerous(&sender.host)
        .port(sender.port)
        .tls(tls)
        .credentials(credentials)
        .timeout(Some(CHECK_LIMIT))
        .build())
}

/// Sends one letter.
pub async fn send(transport: &Transport, message: Message) -> Result<(), MailTrouble> {
    match tokio::time::timeout(SEND_LIMIT, transport.send(message)).await {
        Err(_) => Err(MailTrouble::passing(Cause::Timeout, "the server gave no answer within 45 seconds")),
        Ok(Err(error)) => Err(MailTrouble::of(&error)),
        Ok(Ok(_)) => Ok(()),
    }
}

/// The letter as it goes over the wire. Its id stays the same when it is sent again, so that mailboxes can drop the second one.
pub fn compose(
    sender: &MailSender,
    to: &Addressee,
    letter: &Letter,
    id: OutboxId,
    at: Timestamp,
) -> Result<Message, MailTrouble> {
    let from_address: Address = sender.sender.parse().map_err(MailTrouble::permanent)?;
    let to_address: Address = to.email.parse().map_err(MailTrouble::permanent)?;
    let message_id = format!("<{}@{}>", id.0.simple(), from_address.domain());
    let name = Some(one_line(&sender.name)).filter(|name| !name.is_empty());
    Message::builder()
        .from(Mailbox::new(name, from_address))
        .to(Mailbox::new(to.name.as_deref().map(one_line), to_address))
        .subject(one_line(&letter.subject))
        .message_id(Some(message_id))
        .date(at.into())
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(MailTrouble::permanent)
}

/// Line breaks and other control characters become blanks: nobody writes headers through a name (PT-D54).
fn one_line(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect::<String>().trim().to_owned()
}
