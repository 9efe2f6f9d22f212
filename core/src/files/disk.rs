//! The local disk: written under a temporary name, made lasting, then renamed, so that a file is there whole or not at all.

use std::{
    io,
    path::{Path, PathBuf},
    pin::Pin,
    task::{Context, Poll},
};

use sha2::{Digest, Sha256};
use tokio::{fs::File, io::AsyncWrite, io::AsyncWriteExt};

use crate::foundation::ids::FileId;

/// Files are refused while less is free, unless told otherwise: the database needs room to work (PT-D20).
const RESERVE: u64 = 200 * 1024 * 1024;
const INCOMING: &str = "incoming";

/// The folder of uploads on the local disk.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    reserve: u64,
}

/// A file on its way to the disk.
#[derive(Debug)]
pub struct Upload {
    file: File,
    temporary: PathBuf,
    place: PathBuf,
    key: String,
    hash: Sha256,
    size: u64,
    limit: u64,
    is_too_large: bool,
}

/// A file that lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Where: see [`Store::path`].
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// Of its content.
    pub sha256: [u8; 32],
}

/// Why a file was not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Larger than allowed.
    #[error("the file is too large")]
    TooLarge,
    /// Less free space than the reserve.
    #[error("the disk is nearly full")]
    DiskFull,
    /// Anything else.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Store {
    /// Uses `<data_dir>/uploads`.
    pub fn under(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("uploads"), reserve: RESERVE }
    }

    /// Keeps so many bytes of the disk free instead of the usual ones.
    #[must_use]
    pub fn keeping_free(self, reserve: u64) -> Self {
        Self { reserve, ..self }
    }

    /// Where the file with this key lies.
    pub fn path(&self, key: &str) -> PathBuf {
        self.folder.join(key)
    }

    /// Begins to receive a file of at most `limit` bytes; write to it, then [`Upload::finish`]. Beginning the same file again
    /// replaces it.
    pub async fn begin(&self, id: FileId, limit: u64) -> Result<Upload, StoreError> {
        let name = id.0.simple().to_string();
        // The end of the id is chance, its beginning is time: so the folders fill evenly.
        let key = format!("{}/{name}", name.get(30..).unwrap_or("00"));
        let (incoming, place) = (self.folder.join(INCOMING), self.path(&key));
        tokio::fs::create_dir_all(&incoming).await?;
        if let Some(folder) = place.parent() {
            tokio::fs::create_dir_all(folder).await?;
        }
        if free_bytes(&incoming)? < self.reserve {
            return Err(StoreError::DiskFull);
        }
        let temporary = incoming.join(&name);
        let file = File::create(&temporary).await?;
        Ok(Upload { file, temporary, place, key, hash: Sha256::new(), size: 0, limit, is_too_large: false })
    }

    /// Removes a file; one that is not there counts as removed.
    pub async fn remove(&self, key: &str) -> io::Result<()> {
        match tokio::fs::remove_file(self.path(key)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Removes what an earlier run left half-received. Call it before anything is received.
    pub async fn sweep(&self) -> io::Result<()> {
        match tokio::fs::remove_dir_all(self.folder.join(INCOMING)).await {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Upload {
    /// Whether more came than allowed; the rest was refused.
    pub fn is_too_large(&self) -> bool {
        self.is_too_large
    }

    /// Makes the file last under its final name.
    pub async fn finish(mut self) -> Result<Stored, StoreError> {
        if self.is_too_large {
            self.discard().await;
            return Err(StoreError::TooLarge);
        }
        self.file.flush().await?;
        self.file.sync_all().await?;
        tokio::fs::rename(&self.temporary, &self.place).await?;
        if let Some(folder) = self.place.parent() {
            // The new name must outlive a power cut too.
            File::open(folder).await?.sync_all().await?;
        }
        Ok(Stored { key: self.key, size: self.size, sha256: self.hash.finalize().into() })
    }

    /// Throws away what came so far.
    pub async fn discard(self) {
        drop(self.file);
        if let Err(error) = tokio::fs::remove_file(&self.temporary).await {
            tracing::warn!(%error, "a half-received file stays until the next start");
        }
    }
}

impl AsyncWrite for Upload {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let left = self.limit - self.size;
        if bytes.len() as u64 > left {
            self.is_too_large = true;
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is too large")));
        }
        let written = std::task::ready!(Pin::new(&mut self.file).poll_write(context, bytes))?;
        self.size += written as u64;
        let taken = bytes.get(..written).unwrap_or_default();
        self.hash.update(taken);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.file).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.file).poll_shutdown(context)
    }
}

/// Bytes that may still be written on the disk of this folder.
pub fn free_bytes(folder: &Path) -> io::Result<u64> {
    let space = rustix::fs::statvfs(folder)?;
    Ok(space.f_bavail.saturating_mul(space.f_frsize))
}
