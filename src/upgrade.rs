//! Before a newer program changes the tables of an embedded database, it puts a copy beside it: the way back.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use opora_core::{
    files,
    foundation::{clock::Clock, config::Config, db::Db},
};

use crate::{app, backup::store, console, lock};

/// Copies an embedded database whose tables are about to change; of a server it reminds the operator.
pub async fn prepare(db: &Db, config: &Config, clock: &dyn Clock) -> Result<()> {
    let (found, known) = (db.applied_step().await.map_err(|error| app::explain(&error))?, Db::known_step());
    if found == 0 || found >= known {
        return Ok(());
    }
    console::line(format_args!("This version brings the tables of the database from step {found} to step {known}."));
    let Db::Sqlite { reader, .. } = db else {
        console::line("The way back is your last backup: this step cannot be undone.");
        return Ok(());
    };
    let url = config.database_url();
    let file = lock::database(url.reveal()).context("the embedded database is a file")?;
    let copy = free_name(&file, found, clock.now().with_timezone(&config.time_zone).format("%Y%m%d-%H%M%S"));
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (needed, free) = (std::fs::metadata(&file)?.len(), files::free_bytes(folder)?);
    ensure!(
        free > needed.saturating_add(needed / 4),
        "there is no room for a copy of the database ({} MB needed, {} MB free): make room in {}, then start again",
        needed / 1024 / 1024 + 1,
        free / 1024 / 1024,
        folder.display()
    );
    // Under another name until it is whole.
    let draft = tempfile::Builder::new().prefix(".opora-before-").tempfile_in(folder)?;
    store::copy(reader, draft.path()).await.map_err(|error| app::explain(&error))?;
    draft.as_file().sync_all()?;
    draft.persist_noclobber(&copy).with_context(|| format!("writing {}", copy.display()))?;
    File::open(folder)?.sync_all()?;
    console::line(format_args!("A copy of the database as it was: {}", copy.display()));
    Ok(())
}

/// `opora-before-0005.db` beside the database, or, when there is one from an earlier time, with the moment in its name.
fn free_name(file: &Path, found: i64, moment: impl std::fmt::Display) -> PathBuf {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let first = file.with_file_name(format!("{name}-before-{:04}.db", found + 1));
    if first.exists() { file.with_file_name(format!("{name}-before-{:04}-{moment}.db", found + 1)) } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_named_after_the_first_step_that_changes_something() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("opora.db");
        let first = free_name(&file, 4, "20260310-090000");
        assert_eq!(first, folder.path().join("opora-before-0005.db"));
        std::fs::write(&first, "an earlier copy").unwrap();
        assert_eq!(free_name(&file, 4, "20260310-090000"), folder.path().join("opora-before-0005-20260310-090000.db"));
    }
}
