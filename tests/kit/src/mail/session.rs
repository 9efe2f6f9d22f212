//! One connection: RFC 5321 as far as senders need it.

use std::future::pending;

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, Error, ErrorKind, Result},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use super::{Letter, Login, MailTrouble, Security, Shared, SmtpSink};

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

struct Session<'a> {
    shared: &'a Shared,
    stream: Stream,
    read: Vec<u8>,
    is_logged_in: bool,
    from: String,
    to: Vec<String>,
}

/// Talks until the other end says goodbye or breaks off.
pub(crate) async fn serve(stream: TcpStream, shared: &Shared) -> Result<()> {
    if shared.takes(MailTrouble::Silence) {
        let _open = stream;
        return pending().await;
    }
    let stream = match shared.security {
        Security::Tls => Stream::Tls(Box::new(shared.acceptor.accept(stream).await?)),
        Security::Plain | Security::StartTls => Stream::Plain(stream),
    };
    let mut session =
        Session { shared, stream, read: Vec::new(), is_logged_in: false, from: String::new(), to: Vec::new() };
    session.say("220 sink ready").await?;
    loop {
        let line = session.line().await?;
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => session.greet().await?,
            "STARTTLS" => session = session.secure().await?,
            "AUTH" => session.log_in(rest).await?,
            "MAIL" => session.mail(rest).await?,
            "RCPT" => session.recipient(rest).await?,
            "DATA" => session.data().await?,
            "RSET" | "NOOP" => session.say("250 ok").await?,
            "QUIT" => return session.say("221 bye").await,
            _ => session.say("502 not known here").await?,
        }
    }
}

impl Session<'_> {
    async fn say(&mut self, line: &str) -> Result<()> {
        let bytes = format!("{line}\r\n");
        match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(bytes.as_bytes()).await,
            Stream::Tls(stream) => {
                stream.write_all(bytes.as_bytes()).await?;
                stream.flush().await
            }
        }
    }

    async fn line(&mut self) -> Result<String> {
        loop {
            if let Some(end) = self.read.windows(2).position(|pair| pair == b"\r\n") {
                let line = String::from_utf8_lossy(&self.read[..end]).into_owned();
                self.read.drain(..end + 2);
                return Ok(line);
            }
            self.more().await?;
        }
    }

    async fn more(&mut self) -> Result<()> {
        let mut buffer = [0; 8192];
        let count = match &mut self.stream {
            Stream::Plain(stream) => stream.read(&mut buffer).await?,
            Stream::Tls(stream) => stream.read(&mut buffer).await?,
        };
        if count == 0 {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        self.read.extend_from_slice(&buffer[..count]);
        Ok(())
    }

    fn is_private(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }

    fn may_go_on(&self) -> bool {
        self.is_private() || self.shared.security == Security::Plain
    }

    async fn greet(&mut self) -> Result<()> {
        self.say("250-sink").await?;
        if !self.may_go_on() && !self.shared.takes(MailTrouble::NoTls) {
            self.say("250-STARTTLS").await?;
        }
        if self.may_go_on() {
            self.say("250-AUTH PLAIN LOGIN").await?;
        }
        self.say("250 8BITMIME").await
    }

    async fn secure(mut self) -> Result<Self> {
        self.say("220 go ahead").await?;
        let Self { shared, stream, .. } = self;
        let Stream::Plain(stream) = stream else { return Err(Error::other("TLS within TLS")) };
        let stream = Stream::Tls(Box::new(shared.acceptor.accept(stream).await?));
        Ok(Self { shared, stream, read: Vec::new(), is_logged_in: false, from: String::new(), to: Vec::new() })
    }

    async fn log_in(&mut self, rest: &str) -> Result<()> {
        if !self.may_go_on() {
            return self.say("530 5.7.0 Must issue a STARTTLS command first").await;
        }
        let (kind, first) = rest.split_once(' ').unwrap_or((rest, ""));
        let given = match kind.to_ascii_uppercase().as_str() {
            "PLAIN" => self.plain(first).await?,
            "LOGIN" => self.login(first).await?,
            _ => return self.say("504 5.5.4 Unrecognized authentication type").await,
        };
        let is_right = given == (SmtpSink::USER.to_owned(), SmtpSink::PASSWORD.to_owned());
        let is_accepted = is_right && !self.shared.takes(MailTrouble::LoginRefused);
        let (user, password) = given;
        self.shared.change(|kept| kept.logins.push(Login { user, password, is_accepted }));
        self.is_logged_in = is_accepted;
        self.say(if is_accepted { "235 2.7.0 welcome" } else { "535 5.7.8 authentication failed" }).await
    }

    async fn plain(&mut self, first: &str) -> Result<(String, String)> {
        let text = if first.is_empty() { self.asked("").await? } else { decoded(first) };
        let mut parts = text.splitn(3, '\0').skip(1).map(str::to_owned);
        Ok((parts.next().unwrap_or_default(), parts.next().unwrap_or_default()))
    }

    async fn login(&mut self, first: &str) -> Result<(String, String)> {
        let user = if first.is_empty() { self.asked("Username:").await? } else { decoded(first) };
        Ok((user, self.asked("Password:").await?))
    }

    async fn asked(&mut self, question: &str) -> Result<String> {
        self.say(&format!("334 {}", STANDARD.encode(question))).await?;
        Ok(decoded(&self.line().await?))
    }

    async fn mail(&mut self, rest: &str) -> Result<()> {
        if !self.is_logged_in {
            return self.say("530 5.7.0 authentication required").await;
        }
        self.from = address(rest);
        self.to.clear();
        self.say("250 ok").await
    }

    async fn recipient(&mut self, rest: &str) -> Result<()> {
        if self.shared.takes(MailTrouble::Temporary) {
            return self.say("451 4.3.0 try again later").await;
        }
        if self.shared.takes(MailTrouble::Permanent) {
            return self.say("550 5.1.1 no such mailbox").await;
        }
        self.to.push(address(rest));
        self.say("250 ok").await
    }

    async fn data(&mut self) -> Result<()> {
        if self.to.is_empty() {
            return self.say("503 5.5.1 nobody to send it to").await;
        }
        self.say("354 go ahead").await?;
        let mut raw = Vec::new();
        loop {
            let line = self.line().await?;
            if line == "." {
                break;
            }
            // A leading dot was doubled on its way.
            raw.extend_from_slice(line.strip_prefix('.').unwrap_or(&line).as_bytes());
            raw.extend_from_slice(b"\r\n");
        }
        let letter = Letter::read(&self.from, &std::mem::take(&mut self.to), &raw);
        self.shared.change(|kept| kept.letters.push(letter));
        if self.shared.takes(MailTrouble::DropAfterData) {
            return Err(Error::other("broken on order"));
        }
        self.say("250 2.0.0 taken").await
    }
}

/// The address in `FROM:<anna@opora.test> BODY=8BITMIME`.
fn address(text: &str) -> String {
    let from = text.find('<').map_or(0, |at| at + 1);
    let to = text.find('>').unwrap_or(text.len());
    text[from..to].to_owned()
}

fn decoded(text: &str) -> String {
    String::from_utf8_lossy(&STANDARD.decode(text.trim()).unwrap_or_default()).into_owned()
}
