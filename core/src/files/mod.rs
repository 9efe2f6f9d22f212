//! Storage of uploads: files announced by messengers are fetched at once, kept on the local disk and answered.

pub mod fetcher;

use std::path::PathBuf;

/// The folder of uploads on the local disk.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Uses `<data_dir>/uploads`.
    pub fn under(data_dir: &std::path::Path) -> Self {
        Self { folder: data_dir.join("uploads") }
    }

    /// Where the file with this key lies.
    pub fn path(&self, key: &str) -> PathBuf {
        self.folder.join(key)
    }
}
