//! An embedded database has one server at a time: a lock on a file beside it, which the system lets go when the process ends.

use std::{
    fs::{File, TryLockError},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::app;

/// The lock, held as long as this lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// The file of the embedded database at `url`; `None` for a database server.
pub fn database(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default()))
}

/// Where the lock of the database at `url` lies; `None` for a database server.
pub fn path(url: &str) -> Option<PathBuf> {
    Some(beside(&database(url)?, ".lock"))
}

/// The path with something added to its name.
pub fn beside(file: &Path, addition: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(addition);
    PathBuf::from(name)
}

/// Takes the lock, or says who has it.
pub fn take(path: &Path) -> Result<Lock> {
    let mut file = open(path)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0)?;
            write!(file, "{}", std::process::id())?;
            Ok(Lock { _file: file })
        }
        Err(TryLockError::WouldBlock) => bail!(
            "another opora (process {}) serves this database already: stop it first, or give this one another data_dir",
            std::fs::read_to_string(path).unwrap_or_default().trim()
        ),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("locking {}", path.display())),
    }
}

/// Whether a running server holds the lock.
pub fn is_taken(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

fn open(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        app::make_private_folder(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    }
    let file = File::options().create(true).truncate(false).read(true).write(true).open(path);
    file.with_context(|| format!("opening {}: check who owns the folder", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_refused_while_the_first_one_lives() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(&format!("sqlite://{}/opora.db?mode=rwc", folder.path().display())).unwrap();
        let first = take(&path).unwrap();
        assert!(is_taken(&path));
        let refusal = take(&path).unwrap_err().to_string();
        assert!(refusal.contains(&format!("(process {})", std::process::id())), "{refusal}");
        drop(first);
        assert!(!is_taken(&path));
        take(&path).unwrap();
    }

    #[test]
    fn a_database_server_needs_no_lock() {
        assert_eq!(path("postgres://localhost/opora"), None);
    }
}
