//! chromedriver as a child with a process group of its own, so that no browser outlives its test.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use fantoccini::wd::Capabilities;
use serde_json::json;

const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=ru",
];

/// A running chromedriver.
pub(crate) struct Driver {
    child: Child,
    url: String,
}

/// What to ask chromium for.
pub(crate) fn capabilities() -> Capabilities {
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": {"args": FLAGS},
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    wanted.as_object().expect("an object was written").clone()
}

impl Driver {
    /// Starts chromedriver on a free port.
    pub(crate) async fn start() -> Self {
        use std::os::unix::process::CommandExt;
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("chromedriver: {error}; scripts/check installs it (Debian: chromium-driver)")
            });
        let output = child.stdout.take().expect("the output is piped");
        let port = tokio::task::spawn_blocking(move || port(output)).await.expect("reading does not panic");
        let mut driver = Self { child, url: String::new() };
        match port {
            Some(port) => driver.url = format!("http://127.0.0.1:{port}"),
            None => panic!("chromedriver did not start"),
        }
        driver
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

/// The port chromedriver tells, within half a minute.
fn port(output: std::process::ChildStdout) -> Option<u16> {
    let (sender, receiver) = mpsc::channel();
    // Reads to the end, also later: a full pipe would stop chromedriver.
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                // An error only says that nobody waits any more.
                sender.send(port.trim_end_matches('.').parse().ok()).unwrap_or_default();
            }
        }
    });
    receiver.recv_timeout(Duration::from_secs(30)).ok().flatten()
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        // What is already gone needs no killing.
        drop(Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status());
        drop(self.child.wait());
    }
}
