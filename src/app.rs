//! The composition root: configuration → words → key → database → [`App`].

use std::{path::Path, sync::Arc};

use anyhow::{Context, Result, anyhow};
use opora_core::{
    App,
    foundation::{
        chance::SystemChance,
        clock::SharedClock,
        config::{Config, Misconfiguration},
        db::Db,
        errors::StorageError,
        secrets::Sealer,
    },
    messaging::letters,
    people::password::Hasher,
    words::Words,
};

use crate::upgrade;

/// File of the settings when none is given.
const DEFAULT_CONFIG: &str = "opora.toml";
/// File of the key in the data folder.
pub const KEY_FILE: &str = "key";

/// Reads the settings: `file`, or `opora.toml` if it is there, and the environment.
pub fn read_config(file: Option<&Path>) -> Result<Config, Vec<Misconfiguration>> {
    if let Some(file) = file
        && !file.is_file()
    {
        let mend = format!("there is no file {}: check the path", file.display());
        return Err(vec![Misconfiguration { setting: "--config".to_owned(), mend }]);
    }
    Config::load(file.unwrap_or(Path::new(DEFAULT_CONFIG)))
}

/// Loads the words and makes sure that every setting can be used.
pub fn check_config(config: &Config) -> Result<Words, Vec<Misconfiguration>> {
    let mut problems = config.misconfigurations();
    match Words::load(config) {
        Ok(words) if problems.is_empty() => Ok(words),
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

/// Opens the installation: makes the data folder and the key when they are not there, and brings the tables up to date.
pub async fn open(config: Config, clock: SharedClock) -> Result<App> {
    let words = check_config(&config).map_err(|problems| list(&problems))?;
    make_private_folder(&config.data_dir)
        .with_context(|| format!("data_dir: the folder {} cannot be made", config.data_dir.display()))?;
    let sealer = Sealer::open(&config.data_dir.join(KEY_FILE), &SystemChance)?;
    let db = Db::connect(config.database_url().reveal()).await.map_err(|error| explain(&error))?;
    upgrade::prepare(&db, &config, &*clock).await?;
    db.migrate().await.map_err(|error| explain(&error))?;
    Ok(App {
        db,
        clock,
        chance: Arc::new(SystemChance),
        config: Arc::new(config),
        words: Arc::new(words),
        sealer,
        hasher: Hasher::default(),
        herald: Arc::new(letters::ByMail),
        wake: Arc::default(),
        known_curators: Arc::default(),
    })
}

/// The folder holds personal data: nobody but its owner may look into it. One that is there stays as its owner made it.
pub fn make_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// What is wrong with the settings as one error, a line each.
pub fn list(problems: &[Misconfiguration]) -> anyhow::Error {
    let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
    anyhow!("the settings cannot be used:\n{}", lines.join("\n"))
}

/// The database's trouble with what one can do about it.
pub fn explain(error: &StorageError) -> anyhow::Error {
    let mend = match error {
        StorageError::Unreachable(_) => ": start the server, or correct database_url",
        StorageError::Busy => ": stop that program and try again",
        StorageError::Other(_) => {
            ": check database_url (user, password, name of the database) and the log of the server"
        }
        _ => "",
    };
    anyhow!("database: {error}{mend}")
}
