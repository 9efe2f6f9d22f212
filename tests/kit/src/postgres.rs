//! A PostgreSQL server of the test's own, which can be stopped and started like any other.
//!
//! It needs PostgreSQL's programs on this machine (`scripts/check` installs them); nothing is skipped without them.

use std::{
    path::{Path, PathBuf},
    process::Output,
};

use tempfile::TempDir;
use tokio::process::Command;

use crate::process::free_port;

/// Where Debian keeps the programs, one folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// A server with a data folder of its own. Stopped and removed when dropped.
#[derive(Debug)]
pub struct PostgresServer {
    tools: PathBuf,
    folder: TempDir,
    port: u16,
}

/// How the server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// In good order, though nobody is waited for: `pg_ctl -m fast`.
    Fast,
    /// As if it had crashed; the next start repairs it from its journal: `pg_ctl -m immediate`.
    Immediate,
}

impl PostgresServer {
    /// Makes and starts one.
    pub async fn start() -> Self {
        let folder =
            tempfile::Builder::new().prefix("opora-postgres-").tempdir().expect("a temporary folder can be made");
        let server = Self { tools: tools(), folder, port: free_port() };
        if is_root() {
            // PostgreSQL refuses to run as root, and its own user must get into the folder.
            done("chmod", Command::new("chmod").arg("755").arg(server.folder.path()).output().await);
            std::fs::create_dir(server.data()).expect("a folder can be made");
            done("chown", Command::new("chown").arg("postgres").arg(server.data()).output().await);
        }
        let data = server.data().display().to_string();
        server
            .runs(
                "initdb",
                &["-D", &data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"],
            )
            .await;
        server.comes_back().await;
        server
    }

    /// The address of its first database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it; connections end, and new ones are refused.
    pub async fn stops(&self, how: Stop) {
        let data = self.data().display().to_string();
        let mode = if how == Stop::Fast { "fast" } else { "immediate" };
        self.runs("pg_ctl", &["-D", &data, "-m", mode, "-w", "stop"]).await;
    }

    /// Starts it (again), and waits until it answers.
    pub async fn comes_back(&self) {
        let (data, log) = (self.data().display().to_string(), self.data().join("log").display().to_string());
        // What was committed outlives the server; it need not outlive the machine.
        let options =
            format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off", self.port);
        self.runs("pg_ctl", &["-D", &data, "-w", "-l", &log, "-o", &options, "start"]).await;
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    async fn runs(&self, tool: &str, arguments: &[&str]) {
        let line = command_line(&self.tools.join(tool), arguments);
        let output = Command::from(as_its_user(&line)).output().await;
        done(tool, output);
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let data = self.data().display().to_string();
        let line = command_line(&self.tools.join("pg_ctl"), &["-D", &data, "-m", "immediate", "-w", "stop"]);
        // It may have been stopped already.
        drop(as_its_user(&line).output());
    }
}

/// The folder of PostgreSQL's programs, the newest of them.
fn tools() -> PathBuf {
    let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, tools): &(u32, PathBuf)| tools.join("initdb").is_file())
        .collect();
    found.sort();
    let newest = found.pop().map(|(_, tools)| tools).or_else(|| on_the_path("initdb"));
    newest.expect(
        "this test stops and starts a PostgreSQL of its own: install postgresql, or run scripts/check, which does",
    )
}

#[expect(clippy::disallowed_methods, reason = "where programs lie is the machine's business, not a setting of Opora")]
fn on_the_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    path.split(':').map(PathBuf::from).find(|folder| folder.join(program).is_file())
}

fn is_root() -> bool {
    let told = std::process::Command::new("id").arg("-u").output();
    told.is_ok_and(|told| told.stdout.trim_ascii() == b"0")
}

/// One line for a shell, each part in quotation marks.
fn command_line(program: &Path, arguments: &[&str]) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let mut line = quoted(&program.display().to_string());
    for argument in arguments {
        line += " ";
        line += &quoted(argument);
    }
    // A server outlives whoever starts it: of the test's open files it gets none, else it would hold them open (locks, too).
    format!("exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- </dev/null; {line}")
}

fn as_its_user(line: &str) -> std::process::Command {
    let mut command = std::process::Command::new(if is_root() { "su" } else { "sh" });
    if is_root() {
        command.args(["postgres", "-s", "/bin/sh"]);
    }
    command.args(["-c", line]).current_dir("/");
    command
}

fn done(what: &str, output: std::io::Result<Output>) {
    let output = output.unwrap_or_else(|error| panic!("{what}: {error}"));
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "{what}: {said}");
}
