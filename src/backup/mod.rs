//! `opora backup` and `opora restore`: everything of an installation in one file, and back again (decision 10).

mod archive;
mod manifest;
mod restore;
pub mod store;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use archive::Packer;
use manifest::{Kind, Manifest, Table};
use opora_core::foundation::{
    clock::{Clock, Timestamp},
    config::Config,
    db::{Db, Tx},
    errors::StorageError,
};
pub use restore::restore;
use zip::CompressionMethod;

use crate::{app, cli, console, lock};

/// Writes a backup; the installation may be running.
pub async fn run(config: &Config, clock: &dyn Clock, options: &cli::Backup) -> Result<()> {
    let now = clock.now();
    let url = config.database_url();
    if let Some(file) = lock::database(url.reveal()) {
        ensure!(file.is_file(), "there is no database {} yet: nothing to back up", file.display());
    }
    let db = connect(url.reveal()).await?;
    let step = known_step(&db).await?;
    ensure!(step > 0, "the database is empty: nothing to back up");
    let mut pack = Packer::begin(place(&options.target, config, now))?;
    let (database, tables) = match &db {
        Db::Sqlite { .. } => (Kind::Sqlite, pack_file(&mut pack, &db).await?),
        Db::Postgres(_) => (Kind::Postgres, pack_tables(&mut pack, &db).await?),
    };
    // After the database: every upload it speaks of is there already; later ones do no harm.
    for (name, path) in archive::uploads(&config.data_dir.join("uploads"))? {
        pack.add(&name, &path, CompressionMethod::Stored)?;
    }
    let key = config.data_dir.join(app::KEY_FILE);
    if options.with_key && key.exists() {
        pack.add(manifest::KEY, &key, CompressionMethod::Stored)?;
    }
    let manifest = Manifest {
        format: manifest::FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        database,
        step,
        made_at: now,
        tables,
        entries: Vec::new(),
    };
    let place = pack.place().to_owned();
    let (manifest, size) = pack.finish(manifest)?;
    db.close().await;
    console::line(format_args!("{} is written: {}.", place.display(), megabytes(size)));
    console::line(contents(&manifest));
    if !manifest.has_key() {
        console::line(format_args!(
            "The key is not part of it: keep a copy of {} in another safe place, or use --with-key.",
            key.display()
        ));
    }
    Ok(())
}

/// Opens the database without changing its tables.
async fn connect(url: &str) -> Result<Db> {
    Db::connect(url).await.map_err(|error| app::explain(&error))
}

/// The step of the tables; one that this program does not know is refused.
async fn known_step(db: &Db) -> Result<i64> {
    let (found, known) = (db.applied_step().await.map_err(|error| app::explain(&error))?, Db::known_step());
    if found > known {
        return Err(app::explain(&StorageError::Newer { found, known }));
    }
    Ok(found)
}

/// Where the backup goes: the file itself, or one named after the moment in the folder.
fn place(target: &Path, config: &Config, now: Timestamp) -> PathBuf {
    if target.is_dir() {
        let local = now.with_timezone(&config.time_zone);
        return target.join(format!("opora-{}.zip", local.format("%Y%m%d-%H%M%S")));
    }
    target.to_owned()
}

/// The embedded database: a whole copy of one moment, looked through before it is trusted.
async fn pack_file(pack: &mut Packer, db: &Db) -> Result<Vec<Table>> {
    let Db::Sqlite { reader, .. } = db else { bail!("not an embedded database") };
    let folder = archive::folder_of(pack.place()).to_owned();
    let copy = tempfile::Builder::new().prefix(".opora-backup-").tempfile_in(&folder)?;
    store::copy(reader, copy.path())
        .await
        .map_err(|error| anyhow::anyhow!("copying the database to {}: {error}; is the disk full?", folder.display()))?;
    let tables = look_through(copy.path()).await?;
    pack.add(manifest::DATABASE, copy.path(), CompressionMethod::Deflated)?;
    Ok(tables)
}

/// Looks through a file of SQLite and tells its tables.
async fn look_through(file: &Path) -> Result<Vec<Table>> {
    let mut copy = store::open_file(file).await?;
    let faults = store::faults(&mut copy).await?;
    ensure!(faults.is_empty(), "the database is damaged: {}", faults.join("; "));
    Ok(store::tables_of_file(&mut copy).await?)
}

/// The tables of the server, all as of one moment.
async fn pack_tables(pack: &mut Packer, db: &Db) -> Result<Vec<Table>> {
    let mut snapshot = db.read().await.map_err(|error| app::explain(&error))?;
    let Tx::Postgres(server) = &mut snapshot else { bail!("not a database server") };
    let mut tables = store::tables_of_server(server).await?;
    for table in &mut tables {
        pack.start(&manifest::file_of(&table.name), CompressionMethod::Deflated)?;
        let rows = store::copy_out(server, table, |bytes| pack.write(bytes)).await;
        table.rows = rows.with_context(|| format!("reading the table {}", table.name))?;
    }
    Ok(tables)
}

/// What is in a backup, in one line.
fn contents(manifest: &Manifest) -> String {
    let files: Vec<u64> = manifest.uploads().map(|entry| entry.size).collect();
    format!(
        "Tables of step {} of {}: {} citizens, {} curators, {} plans of reminders, {} reminders that came due; {} files ({}).",
        manifest.step,
        manifest.database.name(),
        manifest.rows("citizens"),
        manifest.rows("curators"),
        manifest.rows("series"),
        manifest.rows("occurrences"),
        files.len(),
        megabytes(files.iter().sum()),
    )
}

/// A size as people read it.
fn megabytes(bytes: u64) -> String {
    const STEP: u64 = 1024 * 1024;
    format!("{}.{} MB", bytes / STEP, bytes % STEP * 10 / STEP)
}
