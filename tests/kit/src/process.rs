//! The real binary, as an operator runs it.
//!
//! ```text
//! let mut opora = Opora::installed(env!("CARGO_BIN_EXE_opora"), Backend::Sqlite).await;
//! opora.uses_telegram(&telegram);
//! opora.start().await;
//! opora.turn_to("2026-03-10T06:00:00Z");
//! opora.kill().await;
//! opora.start().await; // the same data
//! ```

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use opora_core::foundation::{
    clock::{Clock, SystemClock, Timestamp},
    db::Db,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    task::JoinHandle,
};

use crate::{Backend, FakeTelegram, PATIENCE, SmtpSink, TestDatabase, clock::moment};

/// How long a start may take on a busy machine.
const START: Duration = Duration::from_mins(1);

/// How long an orderly end may take.
const END: Duration = Duration::from_secs(30);

/// An installation of the real binary with data of its own. Killed when dropped.
pub struct Opora {
    binary: PathBuf,
    folder: Arc<TempDir>,
    /// Kept, because dropping it would drop the database.
    database: Option<Arc<TestDatabase>>,
    environment: BTreeMap<String, String>,
    arguments: Vec<String>,
    address: String,
    child: Option<Child>,
    /// Who write down what the process says, to its last word.
    followers: Vec<JoinHandle<()>>,
    log: Arc<Log>,
}

/// How a process ended, and all it said.
#[derive(Debug)]
pub struct Ended {
    /// The system's word.
    pub status: ExitStatus,
    /// Standard output and errors, in the order of their lines.
    pub log: String,
}

struct Log {
    lines: Mutex<Vec<String>>,
    changes: watch::Sender<u64>,
}

impl Opora {
    /// Prepares an empty installation of `binary` (`env!("CARGO_BIN_EXE_opora")`).
    pub async fn installed(binary: &str, backend: Backend) -> Self {
        let database = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(Arc::new(TestDatabase::empty(backend).await)),
        };
        let mut opora = Self::prepared(binary);
        if let Some(database) = &database {
            opora.set("OPORA_DATABASE_URL", database.url());
        }
        opora.database = database;
        opora
    }

    /// Prepares an installation whose tables will be in a file.
    pub fn installed_in_a_file(binary: &str) -> Self {
        Self::prepared(binary)
    }

    /// Prepares an installation whose tables will be in the empty database at `url`.
    pub fn installed_at(binary: &str, url: &str) -> Self {
        let mut opora = Self::prepared(binary);
        opora.set("OPORA_DATABASE_URL", url);
        opora
    }

    fn prepared(binary: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let address = format!("127.0.0.1:{}", free_port());
        let mut opora = Self {
            binary: PathBuf::from(binary),
            folder: Arc::new(folder),
            database: None,
            environment: BTreeMap::new(),
            arguments: vec!["serve".to_owned()],
            address,
            child: None,
            followers: Vec::new(),
            log: Arc::new(Log { lines: Mutex::default(), changes: watch::Sender::new(0) }),
        };
        opora.set("OPORA_DATA_DIR", &opora.data_dir().display().to_string());
        opora.set("OPORA_LISTEN", &opora.address.clone());
        opora.set("OPORA_TEST_CLOCK", &opora.clock_file().display().to_string());
        opora.set("OPORA_LOG", "info");
        opora
    }

    /// A second process of the same installation, on a port of its own.
    #[must_use]
    pub fn another(&self) -> Self {
        let mut other = Self {
            binary: self.binary.clone(),
            folder: self.folder.clone(),
            database: self.database.clone(),
            environment: self.environment.clone(),
            arguments: self.arguments.clone(),
            address: format!("127.0.0.1:{}", free_port()),
            child: None,
            followers: Vec::new(),
            log: Arc::new(Log { lines: Mutex::default(), changes: watch::Sender::new(0) }),
        };
        other.set("OPORA_LISTEN", &other.address.clone());
        other
    }

    /// Opens its database beside it, to look.
    pub async fn open_database(&self) -> Db {
        let file = format!("sqlite://{}", self.data_dir().join("opora.db").display());
        Db::connect(self.database_url().unwrap_or(&file)).await.expect("the database of the installation opens")
    }

    /// Sets a variable of the environment for the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Arguments of the next start instead of `serve`.
    pub fn arguments(&mut self, arguments: &[&str]) {
        self.arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
    }

    /// Talks to this Telegram, without a limit of speed.
    pub fn uses_telegram(&mut self, telegram: &FakeTelegram) {
        self.set("OPORA_TELEGRAM_TOKEN", telegram.token());
        self.set("OPORA_TELEGRAM_API_URL", &telegram.url());
        self.set("OPORA_TELEGRAM_RATE", "0");
        self.set("OPORA_TELEGRAM_CHAT_RATE", "0");
    }

    /// Trusts this mail server's certificate.
    pub fn trusts_mail(&mut self, mail: &SmtpSink) {
        self.set("OPORA_MAIL_CA_FILE", &mail.ca_file().display().to_string());
    }

    /// The address of the database server; `None` for the embedded kind.
    pub fn database_url(&self) -> Option<&str> {
        self.environment.get("OPORA_DATABASE_URL").map(String::as_str)
    }

    /// Folder of the database, the uploads and the key.
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder for the test's own files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the panel is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets the process's time so that it is `text` now, such as `2026-03-10T06:00:00Z`; from there it goes on.
    pub fn turn_to(&self, text: &str) {
        self.write_offset(moment(text) - SystemClock.now());
    }

    /// Turns the process's time on.
    pub fn advance(&self, by: TimeDelta) {
        self.write_offset(self.offset() + by);
    }

    /// The process's time.
    pub fn now(&self) -> Timestamp {
        SystemClock.now() + self.offset()
    }

    fn clock_file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    fn offset(&self) -> TimeDelta {
        let text = std::fs::read_to_string(self.clock_file()).unwrap_or_default();
        text.trim().parse().map_or(TimeDelta::zero(), TimeDelta::seconds)
    }

    /// Whole seconds, rounded up: the clock has reached what it was turned to. Written and then renamed, so that the process
    /// never reads half a number.
    fn write_offset(&self, offset: TimeDelta) {
        let draft = self.clock_file().with_extension("draft");
        let seconds = offset.num_seconds() + i64::from(offset.subsec_nanos() > 0);
        std::fs::write(&draft, seconds.to_string()).expect("the clock's file can be written");
        std::fs::rename(&draft, self.clock_file()).expect("the clock's file can be renamed");
    }

    /// Starts and waits until the panel says it is ready.
    pub async fn start(&mut self) {
        self.spawn();
        let ready = format!("{}/readyz", self.url());
        let begin = async {
            loop {
                let is_ready = reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success());
                if is_ready {
                    return;
                }
                if let Some(status) = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
                    panic!("opora ended at its start with {status}:\n{}", self.log());
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let started = tokio::time::timeout(START, begin).await;
        assert!(started.is_ok(), "opora is not ready at {ready}:\n{}", self.log());
    }

    /// Starts a process that is expected to end by itself soon.
    pub async fn start_and_fail(&mut self) -> Ended {
        self.spawn();
        self.ended(END).await
    }

    fn spawn(&mut self) {
        assert!(self.child.is_none(), "opora runs already");
        let mut child = self
            .command_minding_its_quota()
            .args(&self.arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", self.binary.display()));
        self.followers =
            vec![follow(self.log.clone(), child.stdout.take()), follow(self.log.clone(), child.stderr.take())];
        self.child = Some(child);
    }

    /// Runs another command of the same installation to its end, such as `["admin", "reset-password"]`.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command().args(arguments).stdin(Stdio::null()).kill_on_drop(true).output();
        tokio::time::timeout(START, output)
            .await
            .unwrap_or_else(|_| panic!("opora {arguments:?} does not end"))
            .unwrap_or_else(|error| panic!("opora {arguments:?}: {error}"))
    }

    /// From now on no file of the running process may be written: its quota is used up. What it has open it can read. The next start
    /// begins without a limit.
    pub fn quota_is_used_up(&self) {
        self.limit_files("0");
    }

    /// There is room again.
    pub fn quota_is_raised(&self) {
        self.limit_files("unlimited");
    }

    fn limit_files(&self, limit: &str) {
        let id = self.child.as_ref().and_then(Child::id).expect("opora runs").to_string();
        let told =
            std::process::Command::new("prlimit").args(["--pid", &id, &format!("--fsize={limit}:unlimited")]).output();
        let told = told.unwrap_or_else(|error| panic!("prlimit (util-linux): {error}"));
        assert!(told.status.success(), "prlimit: {}", String::from_utf8_lossy(&told.stderr));
    }

    /// A limit of files is told by a signal, which would end the program; a quota of a disk is not. So the signal is switched off.
    fn command_minding_its_quota(&self) -> Command {
        let mut command = self.prepare(Command::new("sh"));
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(&self.binary);
        command
    }

    fn command(&self) -> Command {
        self.prepare(Command::new(&self.binary))
    }

    fn prepare(&self, mut command: Command) -> Command {
        // Nothing of the developer's own settings may come in.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OPORA_") {
                command.env_remove(name);
            }
        }
        command.envs(&self.environment).current_dir(self.folder.path());
        command
    }

    /// SIGTERM, then waits for the orderly end.
    pub async fn stop(&mut self) -> Ended {
        let id = self.child.as_ref().and_then(Child::id).expect("opora runs");
        let told = std::process::Command::new("kill").args(["-TERM", &id.to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "SIGTERM did not reach opora");
        self.ended(END).await
    }

    /// SIGKILL: as when the power fails.
    pub async fn kill(&mut self) -> Ended {
        self.child.as_mut().expect("opora runs").start_kill().expect("a child can be killed");
        self.ended(END).await
    }

    async fn ended(&mut self, patience: Duration) -> Ended {
        let mut child = self.child.take().expect("opora runs");
        let status = tokio::time::timeout(patience, child.wait()).await;
        let status = status.unwrap_or_else(|_| panic!("opora does not end:\n{}", self.log()));
        for follower in self.followers.drain(..) {
            follower.await.expect("what is said can be written down");
        }
        Ended { status: status.expect("a child can be waited for"), log: self.log() }
    }

    /// All it said so far, over all its starts.
    pub fn log(&self) -> String {
        self.log.lines.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }

    /// Waits until it says a line with `text`, and returns the line.
    pub async fn says(&self, text: &str) -> String {
        let mut changes = self.log.changes.subscribe();
        let search = async {
            loop {
                changes.borrow_and_update();
                let line = self.log().lines().find(|line| line.contains(text)).map(str::to_owned);
                if let Some(line) = line {
                    return line;
                }
                changes.changed().await.expect("the sender lives in self");
            }
        };
        let found = tokio::time::timeout(PATIENCE, search).await;
        found.unwrap_or_else(|_| panic!("opora does not say «{text}»:\n{}", self.log()))
    }
}

impl Drop for Opora {
    #[expect(clippy::print_stderr, reason = "who reads a failed test wants to know what the program said")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("opora said:\n{}", self.log());
        }
    }
}

/// Keeps what comes out, line by line.
fn follow(log: Arc<Log>, output: Option<impl AsyncRead + Unpin + Send + 'static>) -> JoinHandle<()> {
    let output = output.expect("the output is piped");
    tokio::spawn(async move {
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            log.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            log.changes.send_modify(|count| *count += 1);
        }
    })
}

/// A port nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("a bound socket has an address").port()
}
