//! The archive: a ZIP file, written and read as a stream, so that nothing has to fit into memory.

use std::{
    fs::File,
    io::{BufReader, Read, Write},
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::manifest::{self, Entry, Manifest};

/// What is read at once.
const CHUNK: usize = 64 * 1024;
/// Longest list of contents that is read: hundreds of thousands of files.
const MANIFEST_LIMIT: u64 = 256 * 1024 * 1024;

/// An archive in the making, under a temporary name that only its owner may read.
pub struct Packer {
    zip: ZipWriter<NamedTempFile>,
    place: PathBuf,
    entries: Vec<Entry>,
    open: Option<(String, Sha256, u64)>,
}

impl Packer {
    /// Begins the archive that will lie at `place`.
    pub fn begin(place: PathBuf) -> Result<Self> {
        ensure!(!place.exists(), "{} is there already: choose another name", place.display());
        let folder = folder_of(&place);
        let draft = tempfile::Builder::new().prefix(".opora-backup-").tempfile_in(folder);
        let draft = draft.with_context(|| format!("nothing can be written in {}", folder.display()))?;
        Ok(Self { zip: ZipWriter::new(draft), place, entries: Vec::new(), open: None })
    }

    /// Where it will lie.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Adds a file as it lies on the disk.
    pub fn add(&mut self, name: &str, path: &Path, method: CompressionMethod) -> Result<()> {
        let file = File::open(path).with_context(|| format!("reading {}", path.display()))?;
        self.start(name, method)?;
        let mut from = BufReader::with_capacity(CHUNK, file);
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = from.read(&mut buffer).with_context(|| format!("reading {}", path.display()))?;
            match buffer.get(..read) {
                Some(bytes) if !bytes.is_empty() => self.write(bytes)?,
                _ => return Ok(()),
            }
        }
    }

    /// Begins a file; the one before it ends.
    pub fn start(&mut self, name: &str, method: CompressionMethod) -> Result<()> {
        self.end();
        let options = SimpleFileOptions::default().compression_method(method).large_file(true);
        self.zip.start_file(name, options)?;
        self.open = Some((name.to_owned(), Sha256::new(), 0));
        Ok(())
    }

    /// Writes on in the file that was begun.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.zip.write_all(bytes).with_context(|| format!("writing {}: is the disk full?", self.place.display()))?;
        if let Some((_, hash, size)) = &mut self.open {
            hash.update(bytes);
            *size += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        }
        Ok(())
    }

    fn end(&mut self) {
        if let Some((name, hash, size)) = self.open.take() {
            self.entries.push(Entry { name, size, sha256: hex(&hash.finalize()) });
        }
    }

    /// Writes the list of contents and makes the archive last under its name. Tells its size.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<(Manifest, u64)> {
        self.end();
        manifest.entries = std::mem::take(&mut self.entries);
        self.start(manifest::NAME, CompressionMethod::Deflated)?;
        self.write(&serde_json::to_vec_pretty(&manifest)?)?;
        let draft = self.zip.finish()?;
        draft.as_file().sync_all()?;
        let size = draft.as_file().metadata()?.len();
        let shown = self.place.display().to_string();
        draft.persist_noclobber(&self.place).with_context(|| format!("writing {shown}"))?;
        // The new name must outlive a power cut too.
        File::open(folder_of(&self.place))?.sync_all()?;
        Ok((manifest, size))
    }
}

/// A finished archive.
pub struct Archive {
    zip: ZipArchive<BufReader<File>>,
    /// What it says of itself.
    pub manifest: Manifest,
}

impl Archive {
    /// Opens it and reads its list of contents.
    pub fn open(path: &Path) -> Result<Self> {
        let shown = path.display();
        let file = File::open(path).with_context(|| format!("reading {shown}"))?;
        let mut zip = ZipArchive::new(BufReader::new(file))
            .with_context(|| format!("{shown} is no backup of Opora, or only a part of one"))?;
        let mut text = Vec::new();
        let list = zip.by_name(manifest::NAME).with_context(|| format!("{shown} is no backup of Opora"))?;
        list.take(MANIFEST_LIMIT).read_to_end(&mut text)?;
        let told: serde_json::Value =
            serde_json::from_slice(&text).with_context(|| format!("the list of contents of {shown} is damaged"))?;
        let format = told.get("format").and_then(serde_json::Value::as_u64).unwrap_or_default();
        ensure!(
            format == u64::from(manifest::FORMAT),
            "{shown} has the form {format}, this Opora knows {}: install the version that made it, or a newer one",
            manifest::FORMAT
        );
        let manifest =
            serde_json::from_value(told).with_context(|| format!("the list of contents of {shown} is damaged"))?;
        Ok(Self { zip, manifest })
    }

    /// Reads everything once and compares it with the list: names, sizes and checksums.
    pub fn verify(&mut self) -> Result<()> {
        let entries = self.manifest.entries.clone();
        ensure!(
            self.zip.len() == entries.len() + 1,
            "the backup is damaged: it holds {} files, its list {}",
            self.zip.len().saturating_sub(1),
            entries.len()
        );
        for entry in &entries {
            ensure!(is_fit(&entry.name), "the backup is damaged: {:?} is no name of a file in it", entry.name);
            let (mut hash, mut size) = (Sha256::new(), 0);
            self.read(&entry.name, |bytes| {
                hash.update(bytes);
                size += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                Ok(())
            })?;
            ensure!(
                size == entry.size && hex(&hash.finalize()) == entry.sha256,
                "the backup is damaged: {} is not what it was when the backup was made",
                entry.name
            );
        }
        Ok(())
    }

    /// Hands a file over piece by piece.
    pub fn read(&mut self, name: &str, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut pieces = self.pieces(name)?;
        while let Some(piece) = pieces.next()? {
            take(piece)?;
        }
        Ok(())
    }

    /// A file piece by piece, for those who wait between them.
    pub fn pieces(&mut self, name: &str) -> Result<Pieces<'_>> {
        let damaged = || format!("the backup is damaged: {name} cannot be read");
        let from = self.zip.by_name(name).with_context(damaged)?;
        Ok(Pieces { from: Box::new(from), name: name.to_owned(), buffer: vec![0; CHUNK] })
    }

    /// Writes a file to the disk, lasting; one that is there is replaced.
    pub fn extract(&mut self, name: &str, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
        }
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let writing = || format!("writing {}: is the disk full?", path.display());
        let mut file = options.open(path).with_context(writing)?;
        self.read(name, |bytes| file.write_all(bytes).with_context(writing))?;
        file.sync_all().with_context(writing)
    }
}

/// A file of an archive, piece by piece.
pub struct Pieces<'a> {
    from: Box<dyn Read + 'a>,
    name: String,
    buffer: Vec<u8>,
}

impl Pieces<'_> {
    /// The next piece; none at the end.
    pub fn next(&mut self) -> Result<Option<&[u8]>> {
        let read = self.from.read(&mut self.buffer);
        let read = read.with_context(|| format!("the backup is damaged: {} cannot be read", self.name))?;
        Ok(self.buffer.get(..read).filter(|piece| !piece.is_empty()))
    }
}

/// Names that backups have; nothing that leads out of the folder it is written to.
fn is_fit(name: &str) -> bool {
    let is_plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let is_known = [manifest::DATABASE, manifest::KEY].contains(&name)
        || name.starts_with("tables/")
        || name.starts_with("uploads/");
    is_plain && is_known && !name.contains('\\')
}

/// The folder in which a file lies.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files below `folder` but for what is still arriving, with their paths in the archive, in order.
pub fn uploads(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        collect(folder, "uploads", &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, name: &str, found: &mut Vec<(String, PathBuf)>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let Ok(own) = entry.file_name().into_string() else { bail!("{} has no readable name", entry.path().display()) };
        let inner = format!("{name}/{own}");
        if entry.file_type()?.is_dir() {
            if inner != "uploads/incoming" {
                collect(&entry.path(), &inner, found)?;
            }
        } else {
            found.push((inner, entry.path()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::backup::manifest::Kind;

    fn manifest() -> Manifest {
        Manifest {
            format: manifest::FORMAT,
            program: "1.0.0".to_owned(),
            database: Kind::Sqlite,
            step: 4,
            made_at: DateTime::UNIX_EPOCH,
            tables: Vec::new(),
            entries: Vec::new(),
        }
    }

    fn packed(folder: &Path, name: &str) -> PathBuf {
        let place = folder.join("backup.zip");
        let mut packer = Packer::begin(place.clone()).unwrap();
        packer.start(name, CompressionMethod::Stored).unwrap();
        packer.write(b"the old file").unwrap();
        packer.finish(manifest()).unwrap();
        place
    }

    #[test]
    fn what_was_packed_is_what_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let place = packed(folder.path(), "uploads/ab/file");
        assert!(Packer::begin(place.clone()).is_err(), "nothing is overwritten");
        let mut archive = Archive::open(&place).unwrap();
        archive.verify().unwrap();
        let out = folder.path().join("out/file");
        archive.extract("uploads/ab/file", &out).unwrap();
        assert_eq!(std::fs::read(out).unwrap(), b"the old file");
    }

    #[test]
    fn one_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let place = packed(folder.path(), "uploads/ab/file");
        let mut bytes = std::fs::read(&place).unwrap();
        let at = bytes.windows(3).position(|window| window == b"old").unwrap();
        bytes[at] = b'O';
        std::fs::write(&place, bytes).unwrap();
        let told = Archive::open(&place).unwrap().verify().unwrap_err().to_string();
        assert!(told.contains("damaged"), "{told}");
    }

    #[test]
    fn names_that_lead_out_of_the_folder_are_refused() {
        for name in ["uploads/../../etc/passwd", "/etc/passwd", "uploads/a\\..\\b", "other"] {
            assert!(!is_fit(name), "{name}");
        }
        let folder = tempfile::tempdir().unwrap();
        let place = packed(folder.path(), "uploads/../../evil");
        assert!(Archive::open(&place).unwrap().verify().is_err());
    }
}
