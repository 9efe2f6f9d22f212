//! A mail server that keeps what it gets: real SMTP with logins, STARTTLS or TLS from the start, and trouble on order.
//!
//! ```text
//! let mail = SmtpSink::start(Security::StartTls).await;
//! // settings: mail.host(), mail.port(), SmtpSink::USER, SmtpSink::PASSWORD; configuration: mail.ca_file = mail.ca_file()
//! let letter = mail.letter_to("anna@opora.test").await;
//! assert_eq!(letter.subject, "Запрос связи");
//! ```

mod certificate;
mod letter;
mod session;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tempfile::TempDir;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

pub use letter::Letter;

use crate::PATIENCE;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all, for `mail.allow_plain`.
    Plain,
    /// Begins in plain text and demands STARTTLS.
    StartTls,
    /// TLS from the first byte, as on port 465.
    Tls,
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTrouble {
    /// The connection is accepted, and then nothing.
    Silence,
    /// STARTTLS is not offered and refused.
    NoTls,
    /// 535 whatever the password.
    LoginRefused,
    /// 451: try again later.
    Temporary,
    /// 550: there is no such mailbox.
    Permanent,
    /// The letter is taken, but the connection breaks before the server says so.
    DropAfterData,
}

/// An attempt to log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    /// The name given.
    pub user: String,
    /// The password given.
    pub password: String,
    /// Whether it was right.
    pub is_accepted: bool,
}

/// A running mail server. Stops when dropped.
pub struct SmtpSink {
    shared: Arc<Shared>,
    port: u16,
    ca: PathBuf,
    _folder: TempDir,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Kept {
    letters: Vec<Letter>,
    logins: Vec<Login>,
    connections: usize,
    /// The trouble and how often still; `None` until told otherwise.
    trouble: Option<(MailTrouble, Option<u32>)>,
}

pub(crate) struct Shared {
    kept: Mutex<Kept>,
    changes: watch::Sender<u64>,
    security: Security,
    acceptor: TlsAcceptor,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> T {
        let changed = change(&mut self.lock());
        self.changes.send_modify(|count| *count += 1);
        changed
    }

    /// Whether this trouble is due now; uses an order up.
    fn takes(&self, wanted: MailTrouble) -> bool {
        let mut kept = self.lock();
        match &mut kept.trouble {
            Some((trouble, times)) if *trouble == wanted => {
                if let Some(times) = times {
                    *times -= 1;
                }
                let is_used_up = *times == Some(0);
                if is_used_up {
                    kept.trouble = None;
                }
                true
            }
            _ => false,
        }
    }
}

impl SmtpSink {
    /// The only login it accepts.
    pub const USER: &str = "opora@opora.test";

    /// The password of [`SmtpSink::USER`].
    pub const PASSWORD: &str = "верный пароль";

    /// Starts on a free port of this machine.
    pub async fn start(security: Security) -> Self {
        Self::start_on("127.0.0.1:0", security).await
    }

    /// Starts on this address, such as `127.0.0.2:465`, which stands for TLS from the start.
    pub async fn start_on(address: &str, security: Security) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let ca = folder.path().join("ca.pem");
        let acceptor = certificate::acceptor(&ca);
        let shared = Arc::new(Shared { kept: Mutex::default(), changes: watch::Sender::new(0), security, acceptor });
        let listener =
            TcpListener::bind(address).await.unwrap_or_else(|error| panic!("listening on {address}: {error}"));
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let server = tokio::spawn(accept(listener, shared.clone()));
        Self { shared, port, ca, _folder: folder, server }
    }

    /// The name its certificate is for.
    pub fn host(&self) -> &'static str {
        "localhost"
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The PEM file of the authority that signed its certificate, for `mail.ca_file`.
    pub fn ca_file(&self) -> &Path {
        &self.ca
    }

    /// From now on, so many times.
    pub fn makes_trouble(&self, trouble: MailTrouble, times: u32) {
        self.shared.change(|kept| kept.trouble = Some((trouble, Some(times))));
    }

    /// From now on, until [`SmtpSink::behaves`].
    pub fn always_makes_trouble(&self, trouble: MailTrouble) {
        self.shared.change(|kept| kept.trouble = Some((trouble, None)));
    }

    /// No trouble any more.
    pub fn behaves(&self) {
        self.shared.change(|kept| kept.trouble = None);
    }

    /// All letters, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.shared.lock().letters.clone()
    }

    /// All attempts to log in.
    pub fn logins(&self) -> Vec<Login> {
        self.shared.lock().logins.clone()
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.shared.lock().connections
    }

    /// Waits for a letter to this address; the newest such.
    pub async fn letter_to(&self, address: &str) -> Letter {
        self.letter_where(address, |letter| letter.to.iter().any(|to| to == address)).await
    }

    /// Waits for a letter for which `fits` holds; `what` names it in the failure.
    pub async fn letter_where(&self, what: &str, fits: impl Fn(&Letter) -> bool) -> Letter {
        let found = self.wait(|kept| kept.letters.iter().rev().find(|letter| fits(letter)).cloned());
        found.await.unwrap_or_else(|| panic!("no letter for {what}; letters: {:#?}", self.letters()))
    }

    /// Waits until somebody has tried to log in so often.
    pub async fn sees_logins(&self, count: usize) -> Vec<Login> {
        let found = self.wait(|kept| (kept.logins.len() >= count).then(|| kept.logins.clone()));
        found.await.unwrap_or_else(|| panic!("only {} logins", self.logins().len()))
    }

    /// Waits until somebody has connected so often.
    pub async fn sees_connections(&self, count: usize) {
        let found = self.wait(|kept| (kept.connections >= count).then_some(())).await;
        assert!(found.is_some(), "only {} connections", self.connections());
    }

    async fn wait<T>(&self, mut look: impl FnMut(&Kept) -> Option<T>) -> Option<T> {
        let mut changes = self.shared.changes.subscribe();
        let search = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = look(&self.shared.lock()) {
                    return found;
                }
                changes.changed().await.expect("the sender lives in self");
            }
        };
        tokio::time::timeout(PATIENCE, search).await.ok()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut sessions = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        shared.change(|kept| kept.connections += 1);
        let shared = shared.clone();
        // An error is a broken connection: the sender's business.
        sessions.spawn(async move { drop(session::serve(stream, &shared).await) });
        while sessions.try_join_next().is_some() {}
    }
}
