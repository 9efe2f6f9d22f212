//! `opora restore`: looks at everything before it touches anything, and puts aside what was there instead of removing it.

use std::{
    collections::BTreeSet,
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use opora_core::foundation::{
    clock::Clock,
    config::Config,
    db::{Db, Tx},
};

use super::{
    archive::{self, Archive},
    connect, contents, known_step, look_through,
    manifest::{self, Kind, Manifest, Table},
    store,
};
use crate::{app, cli, console, lock};

/// Brings a backup back into the installation of `config`, which must be empty, or is put aside.
pub async fn restore(config: &Config, clock: &dyn Clock, options: &cli::Restore) -> Result<()> {
    let mut archive = Archive::open(&options.file)?;
    let (made_by, step) = (archive.manifest.program.clone(), archive.manifest.step);
    ensure!(
        step <= Db::known_step(),
        "the backup was made by Opora {made_by} (step {step}, this one knows up to {}): install that version or a newer one",
        Db::known_step()
    );
    console::line(format_args!("Looking through {} …", options.file.display()));
    archive.verify()?;
    app::make_private_folder(&config.data_dir)
        .with_context(|| format!("data_dir: the folder {} cannot be made", config.data_dir.display()))?;
    let url = config.database_url();
    let target = Target {
        folder: config.data_dir.clone(),
        mark: format!(".replaced-{}", clock.now().with_timezone(&config.time_zone).format("%Y%m%d-%H%M%S")),
        may_replace: options.replace,
    };
    let lost = match (archive.manifest.database, lock::database(url.reveal())) {
        (Kind::Sqlite, Some(file)) => target.take_file(&mut archive, &file).await?,
        (Kind::Postgres, None) => target.take_tables(&mut archive, url.reveal()).await?,
        (kind, _) => bail!(
            "the backup holds a database of {}, but database_url names one of the other kind: correct database_url",
            kind.name()
        ),
    };
    report(&archive.manifest, &target, lost);
    Ok(())
}

fn report(manifest: &Manifest, target: &Target, lost: usize) {
    console::line(format_args!("The backup of {} is brought back.", manifest.made_at.to_rfc3339()));
    console::line(contents(manifest));
    if lost > 0 {
        console::line(format_args!("{lost} files of which the database speaks are not in the backup."));
    }
    let key = target.folder.join(app::KEY_FILE);
    if !key.exists() {
        console::line(format_args!(
            "There is no key: put your copy to {} before the first start, or the secrets it seals must be entered anew.",
            key.display()
        ));
    }
    console::line("Go on with `opora check`, then `opora serve`.");
}

/// Where the backup goes.
struct Target {
    folder: PathBuf,
    /// What the names of things put aside end in.
    mark: String,
    may_replace: bool,
}

impl Target {
    /// The embedded database. Tells how many uploads are missing.
    async fn take_file(&self, archive: &mut Archive, file: &Path) -> Result<usize> {
        let lock = lock::take(&lock::beside(file, ".lock")).context("the installation is running")?;
        self.refuse_unless_free(file.exists())?;
        let draft = lock::beside(file, ".restoring");
        archive.extract(manifest::DATABASE, &draft)?;
        let checked = check_file(&draft, &archive.manifest).await;
        let uploads = match checked {
            Ok(uploads) => uploads,
            Err(error) => {
                std::fs::remove_file(&draft)?;
                return Err(error);
            }
        };
        let incoming = self.extract_uploads(archive)?;
        for part in ["", "-wal", "-shm"] {
            // The three files belong together, so the mark stands before what tells them apart.
            Self::put_aside(&lock::beside(file, part), &lock::beside(file, &format!("{}{part}", self.mark)))?;
        }
        std::fs::rename(&draft, file).with_context(|| format!("writing {}", file.display()))?;
        File::open(archive::folder_of(file))?.sync_all()?;
        self.settle(archive, incoming)?;
        drop(lock);
        Ok(missing(&uploads, &archive.manifest))
    }

    /// The server's database. Tells how many uploads are missing.
    async fn take_tables(&self, archive: &mut Archive, url: &str) -> Result<usize> {
        let db = connect(url).await?;
        let found = known_step(&db).await?;
        let is_used = found > 0 && store::people(&mut db.read().await?).await? > 0;
        ensure!(
            !is_used && found <= archive.manifest.step,
            "the database holds an installation already: make an empty one (createdb) and let database_url name it; the old \
             one stays as it is"
        );
        self.refuse_unless_free(false)?;
        let incoming = self.extract_uploads(archive)?;
        db.migrate_to(archive.manifest.step).await.map_err(|error| app::explain(&error))?;
        let uploads = fill_tables(&db, archive).await?;
        db.close().await;
        self.settle(archive, incoming)?;
        Ok(missing(&uploads, &archive.manifest))
    }

    fn refuse_unless_free(&self, has_database: bool) -> Result<()> {
        let has_uploads = !archive::uploads(&self.folder.join("uploads"))?.is_empty();
        ensure!(
            self.may_replace || !(has_database || has_uploads),
            "{} holds an installation already: give another data_dir, or --replace, which puts the old one aside",
            self.folder.display()
        );
        Ok(())
    }

    /// Writes the uploads beside their place.
    fn extract_uploads(&self, archive: &mut Archive) -> Result<PathBuf> {
        let incoming = self.folder.join("uploads.restoring");
        if incoming.exists() {
            std::fs::remove_dir_all(&incoming)?;
        }
        std::fs::create_dir_all(&incoming)?;
        let names: Vec<String> = archive.manifest.uploads().map(|entry| entry.name.clone()).collect();
        for name in names {
            let own = name.trim_start_matches("uploads/").to_owned();
            archive.extract(&name, &incoming.join(own))?;
        }
        Ok(incoming)
    }

    /// The uploads and the key take their places.
    fn settle(&self, archive: &mut Archive, incoming: PathBuf) -> Result<()> {
        let uploads = self.folder.join("uploads");
        Self::put_aside(&uploads, &lock::beside(&uploads, &self.mark))?;
        std::fs::rename(&incoming, &uploads)?;
        if archive.manifest.has_key() {
            let key = self.folder.join(app::KEY_FILE);
            Self::put_aside(&key, &lock::beside(&key, &self.mark))?;
            archive.extract(manifest::KEY, &key)?;
        }
        File::open(&self.folder)?.sync_all()?;
        Ok(())
    }

    fn put_aside(old: &Path, place: &Path) -> Result<()> {
        if old.exists() {
            std::fs::rename(old, place).with_context(|| format!("putting {} aside", old.display()))?;
            console::line(format_args!("{} is put aside as {}.", old.display(), place.display()));
        }
        Ok(())
    }
}

/// Looks through the database that was written and compares it with the list. Gives the uploads it speaks of.
async fn check_file(file: &Path, manifest: &Manifest) -> Result<BTreeSet<String>> {
    let found = look_through(file).await?;
    compare(&found, &manifest.tables)?;
    Ok(store::uploads_of_file(&mut store::open_file(file).await?).await?)
}

/// Fills the tables in one transaction: all of it comes back, or nothing. Gives the uploads they speak of.
async fn fill_tables(db: &Db, archive: &mut Archive) -> Result<BTreeSet<String>> {
    let mut tx = db.begin().await.map_err(|error| app::explain(&error))?;
    let Tx::Postgres(server) = &mut tx else { bail!("not a database server") };
    let wanted = archive.manifest.tables.clone();
    let known = store::tables_of_server(server).await?;
    for table in &wanted {
        let is_known = known.iter().any(|it| it.name == table.name && it.columns == table.columns);
        ensure!(is_known, "the backup's table {} is not one of step {}", table.name, archive.manifest.step);
    }
    let references = store::open_tables(server, &known).await?;
    let mut found = Vec::new();
    for table in &wanted {
        let mut pieces = archive.pieces(&manifest::file_of(&table.name))?;
        let filled = store::copy_in(server, table, || Ok(pieces.next()?.map(<[u8]>::to_vec))).await;
        let rows = filled.map_err(|error: anyhow::Error| error.context(format!("filling the table {}", table.name)))?;
        found.push(Table { rows, ..table.clone() });
    }
    compare(&found, &wanted)?;
    store::close_tables(server, &references).await.context("the rows of the backup do not fit together")?;
    let uploads = store::uploads_of_server(server).await?;
    tx.commit().await.map_err(|error| app::explain(&error))?;
    Ok(uploads)
}

fn compare(found: &[Table], told: &[Table]) -> Result<()> {
    for table in told {
        let rows = found.iter().find(|it| it.name == table.name).map(|it| it.rows);
        ensure!(
            rows == Some(table.rows),
            "the backup is damaged: {} has {} rows, its list says {}",
            table.name,
            rows.unwrap_or_default(),
            table.rows
        );
    }
    Ok(())
}

fn missing(spoken_of: &BTreeSet<String>, manifest: &Manifest) -> usize {
    let there: BTreeSet<&str> = manifest.uploads().filter_map(|entry| entry.name.strip_prefix("uploads/")).collect();
    spoken_of.iter().filter(|key| !there.contains(key.as_str())).count()
}
