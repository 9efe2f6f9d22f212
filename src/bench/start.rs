//! An existing, empty installation: from start to ready, and memory when idle. Runs this program as a process of its own.

use std::{
    net::SocketAddr,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use tokio::{
    net::TcpListener,
    process::{Child, Command},
};

use super::figures::{self, Figures};
use crate::cli::Place;

/// Between two looks whether it is ready.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Longer than this is not a start.
const LIMIT: Duration = Duration::from_mins(1);
/// After so long everything has settled.
const IDLE: Duration = Duration::from_secs(3);

pub async fn run(times: u32, place: &Place) -> Result<()> {
    let folder = tempfile::tempdir().context("a temporary folder cannot be made")?;
    let address = free_address().await?;
    // The first start makes the database and is not counted.
    let (_, mut process) = start(place, &folder, address).await?;
    end(&mut process).await?;
    let mut measured = Vec::new();
    let mut memory = None;
    for _ in 0..times {
        let (took, mut process) = start(place, &folder, address).await?;
        measured.push(took);
        if memory.is_none() {
            tokio::time::sleep(IDLE).await;
            memory = process.id().and_then(figures::memory_of);
        }
        end(&mut process).await?;
    }
    figures::line("starts", times);
    figures::line("start to ready", Figures::of(measured).text());
    if let Some(memory) = memory {
        figures::line("memory when idle, MB", format_args!("{memory:.1}"));
    }
    Ok(())
}

async fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0)).await?.local_addr()?)
}

async fn start(place: &Place, folder: &tempfile::TempDir, address: SocketAddr) -> Result<(Duration, Child)> {
    let began = Instant::now();
    let program = std::env::current_exe().context("this program cannot find itself")?;
    let mut command = Command::new(program);
    command
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command.env("OPORA_DATA_DIR", folder.path()).env("OPORA_LISTEN", address.to_string()).env("OPORA_LOG", "warn");
    if let Some(url) = &place.database_url {
        command.env("OPORA_DATABASE_URL", url);
    }
    let process = command.spawn().context("this program cannot be started")?;
    let client = reqwest::Client::new();
    loop {
        let answer = client.get(format!("http://{address}/readyz")).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return Ok((began.elapsed(), process));
        }
        ensure!(began.elapsed() < LIMIT, "the process is not ready after {} s", LIMIT.as_secs());
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Asks the process to end, as the system does.
async fn end(process: &mut Child) -> Result<()> {
    if let Some(id) = process.id() {
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
    }
    process.wait().await?;
    Ok(())
}
