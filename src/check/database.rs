//! The database: reached, of the right age, writable.

use std::{path::Path, time::Duration};

use opora_core::{
    foundation::{config::Config, db::Db, errors::StorageError},
    settings,
};

use super::Finding;
use crate::{app, lock};

/// How long the database may take for all of it.
const PATIENCE: Duration = Duration::from_secs(15);

/// Looks at the database; hands it on when more can be asked of it.
pub async fn look(config: &Config) -> (Finding, Option<Db>) {
    let url = config.database_url();
    let lock = lock::path(url.reveal());
    if let Some(file) = lock.as_deref().map(|lock| lock.with_extension(""))
        && !file.exists()
    {
        return (Finding::good("database", format!("{} will be made by the first start", file.display())), None);
    }
    let attempt = tokio::time::timeout(PATIENCE, open(url.reveal(), lock.as_deref())).await;
    match attempt {
        Ok(Ok((text, db))) => (Finding::good("database", text), Some(db)),
        Ok(Err(error)) => (wrong(&error), None),
        Err(_) => (wrong(&StorageError::Unreachable(format!("no answer within {} s", PATIENCE.as_secs()))), None),
    }
}

async fn open(url: &str, lock: Option<&Path>) -> Result<(String, Db), StorageError> {
    let db = Db::connect(url).await?;
    let (found, known) = (db.applied_step().await?, Db::known_step());
    if found > known {
        return Err(StorageError::Newer { found, known });
    }
    let mut text = if db.is_embedded() { "SQLite".to_owned() } else { "PostgreSQL".to_owned() };
    if found < known {
        text += &format!("; the next start brings its tables from step {found} to step {known}");
    } else {
        settings::rehearse_saving(&mut db.begin().await?).await?;
        text += &format!(", can be written; its tables are up to date (step {found})");
    }
    if lock.is_some_and(lock::is_taken) {
        text += "; in use by a running opora";
    }
    Ok((text, db))
}

fn wrong(error: &StorageError) -> Finding {
    let text = app::explain(error).to_string();
    Finding::wrong("database", text.trim_start_matches("database: "))
}
