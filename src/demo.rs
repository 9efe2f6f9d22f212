//! `opora demo`: a sample installation of its own, ready to click, without token and network.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result, anyhow};
use opora_core::{
    App,
    foundation::{
        chance::{self, SystemChance},
        clock::SharedClock,
        config::Config,
        secrets::Secret,
    },
    patronage::sample,
    people::accounts,
};
use tokio_util::sync::CancellationToken;

use crate::{app, cli::Demo, console, crew, lock, logging, serve};

/// Who may sign in, kept beside the sample's database so that a second start can say it again. These are people of a sample.
const NOTES: &str = "sign-ins.txt";
/// Length of a password that is easy to copy.
const PASSWORD_LENGTH: usize = 12;

/// Makes the sample at the first start, and runs it.
pub async fn run(options: Demo, clock: SharedClock) -> Result<ExitCode> {
    let config = config(&options);
    logging::begin(&config)?;
    let url = config.database_url();
    let lock = lock::take(&lock::path(url.reveal()).context("the sample is an embedded database")?)?;
    let cancel = CancellationToken::new();
    crew::listen_for_signals(cancel.clone())?;
    let listener = serve::listen(config.listen).await?;
    let address = listener.local_addr()?;
    let app = app::open(config, clock).await?;
    let notes = notes(&app, &options.data_dir.join(NOTES)).await?;
    let is_clean = serve::work(app, listener, &[], cancel, || {
        console::line(format_args!("Opora is ready to be tried: http://{address}/\n\n{notes}"));
        console::line(format_args!("The citizens' chat: http://{address}/chat\n\nStop with Ctrl-C."));
    })
    .await?;
    drop(lock);
    Ok(if is_clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Settings of the sample: nothing of `opora.toml` or the environment, so that no real installation is touched.
fn config(options: &Demo) -> Config {
    let mut config = Config {
        data_dir: options.data_dir.clone(),
        listen: options.listen,
        locale: options.locale.clone(),
        log: "warn".to_owned(),
        ..Config::default()
    };
    // A password given by the configuration is not asked to be changed: a visitor wants to click at once.
    let drawn: String = chance::secret_text(&SystemChance).chars().filter(char::is_ascii_alphanumeric).collect();
    config.admin.password = Secret::new(drawn.chars().take(PASSWORD_LENGTH).collect::<String>());
    config
}

/// Fills the sample once and says who may sign in; later it repeats what was said.
async fn notes(app: &App, file: &PathBuf) -> Result<String> {
    if let Ok(notes) = std::fs::read_to_string(file) {
        return Ok(notes);
    }
    let again = || format!("the sample is half made: remove {} and start anew", app.config.data_dir.display());
    let administrator = accounts::ensure_administrator(app).await?.with_context(again)?;
    let filled = sample::fill(app).await.map_err(|failure| anyhow!("{}: {failure}", again()))?;
    let mut notes = format!("Sign in ({} citizens are there already):\n", filled.citizens);
    let mut person = |name: &str, login: &str, password: &Secret| {
        // Writing to a string cannot fail.
        let _ = writeln!(notes, "  {login:<10} {:<14} {name}", password.reveal());
    };
    person("administrator", &administrator.login, &administrator.password);
    for curator in &filled.curators {
        person(&curator.name, &curator.login, &curator.password);
    }
    if let Some(waiting) = &filled.waiting {
        let _ = write!(notes, "\nIn the chat you are {} with the activation code {}.", waiting.name, waiting.code);
    }
    keep(file, &notes).with_context(|| format!("writing {}", file.display()))?;
    Ok(notes)
}

/// Written beside and then moved, so that the notes are whole or not there.
fn keep(file: &Path, notes: &str) -> std::io::Result<()> {
    let new = file.with_extension("new");
    // They hold passwords: nobody but the owner reads them.
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&new)?.write_all(notes.as_bytes())?;
    std::fs::rename(new, file)
}
