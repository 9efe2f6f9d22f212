//! The archive itself: a zip file that has no name any more when it is handed out.

use std::{
    fs::{self, File},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::everything::Everything;
use crate::{
    App,
    files::Store,
    foundation::{errors::Failure, ids},
};

/// A finished archive. Its space on the disk is free again when it is closed.
#[derive(Debug)]
pub struct Archive {
    /// What to call it.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// The archive, to be read from its beginning.
    pub content: File,
}

/// Where archives are packed; nothing stays there.
fn workshop(app: &App) -> PathBuf {
    app.config.data_dir.join("archives")
}

/// Packs page, data and files.
pub(super) async fn pack(app: &App, name: String, page: String, everything: Everything) -> Result<Archive, Failure> {
    let (folder, store) = (workshop(app), Store::under(&app.config.data_dir));
    let place = folder.join(ids::short(ids::draw(app.clock.now(), &*app.chance)));
    let packed = tokio::task::spawn_blocking(move || {
        fs::create_dir_all(&folder)?;
        let file = File::options().read(true).write(true).create_new(true).open(&place)?;
        // From now on nobody else finds it, and nothing is left of it after a crash.
        fs::remove_file(&place)?;
        write(file, &page, &everything, &store)
    })
    .await;
    let outcome = packed.unwrap_or_else(|panic| Err(io::Error::other(panic)));
    let (content, size) = outcome.map_err(|error| {
        tracing::error!(%error, "an archive could not be packed");
        Failure::refused("privacy-not-packed")
    })?;
    Ok(Archive { name, size, content })
}

fn write(file: File, page: &str, everything: &Everything, store: &Store) -> io::Result<(File, u64)> {
    let mut zip = ZipWriter::new(file);
    let options = SimpleFileOptions::default();
    zip.start_file("index.html", options)?;
    zip.write_all(page.as_bytes())?;
    zip.start_file("data.json", options)?;
    serde_json::to_writer_pretty(&mut zip, everything)?;
    for file in &everything.files {
        let Some(key) = &file.storage_key else { continue };
        copy(&mut zip, &store.path(key), &file.place, options)?;
    }
    let mut file = zip.finish()?;
    let size = file.stream_position()?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, size))
}

/// A file that is not on the disk any more is left out: the page names it all the same.
fn copy(zip: &mut ZipWriter<File>, from: &Path, place: &str, options: SimpleFileOptions) -> io::Result<()> {
    let mut content = match File::open(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            tracing::error!(%error, place, "a stored file is not on the disk");
            return Ok(());
        }
        other => other?,
    };
    zip.start_file(place, options)?;
    io::copy(&mut content, zip)?;
    Ok(())
}
