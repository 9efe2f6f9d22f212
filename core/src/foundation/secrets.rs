//! Secrets: hidden in logs, encrypted at rest with a key file that the first start creates (readable by its owner only).

use std::{fmt, io::Write, path::Path};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize};

use super::chance::{self, Chance};

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// A value that must not be seen: `Debug` shows dots, there is no `Display`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Hides `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself; the call says that somebody looks.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Encrypts and decrypts what is kept in the database.
#[derive(Clone)]
pub struct Sealer {
    cipher: XChaCha20Poly1305,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

/// Why sealed data could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key file could not be read or made.
    #[error("the key file {path}: {source}")]
    KeyFile {
        /// Where it should be.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The key file is not 32 bytes long.
    #[error("the key file {0} is damaged: restore it from a backup, or delete it and enter the mail password anew")]
    DamagedKey(String),
    /// Sealed with another key, for another purpose, or damaged.
    #[error("the stored secret does not fit the key file: enter it anew in the settings")]
    Unreadable,
}

impl Sealer {
    /// Reads the key from `path`, or makes a new one there.
    pub fn open(path: &Path, chance: &dyn Chance) -> Result<Self, SealError> {
        let trouble = |source| SealError::KeyFile { path: path.display().to_string(), source };
        match std::fs::read(path) {
            Ok(bytes) => {
                let key: [u8; KEY_BYTES] =
                    bytes.try_into().map_err(|_| SealError::DamagedKey(path.display().to_string()))?;
                Ok(Self::with_key(key))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = chance::bytes::<KEY_BYTES>(chance);
                write_private(path, &key).map_err(trouble)?;
                Ok(Self::with_key(key))
            }
            Err(error) => Err(trouble(error)),
        }
    }

    /// Uses this key.
    pub fn with_key(key: [u8; KEY_BYTES]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(&key.into()) }
    }

    /// Seals `secret` for one `purpose` (a name that [`Sealer::unseal`] must repeat).
    pub fn seal(&self, purpose: &str, secret: &Secret, chance: &dyn Chance) -> Vec<u8> {
        let nonce = chance::bytes::<NONCE_BYTES>(chance);
        let payload = Payload { msg: secret.reveal().as_bytes(), aad: purpose.as_bytes() };
        let mut sealed = nonce.to_vec();
        let text = self.cipher.encrypt(XNonce::from_slice(&nonce), payload);
        sealed.extend(text.expect("encryption fails only for messages of hundreds of gigabytes"));
        sealed
    }

    /// Opens what [`Sealer::seal`] made for the same `purpose`.
    pub fn unseal(&self, purpose: &str, sealed: &[u8]) -> Result<Secret, SealError> {
        let (nonce, text) = sealed.split_at_checked(NONCE_BYTES).ok_or(SealError::Unreadable)?;
        let payload = Payload { msg: text, aad: purpose.as_bytes() };
        let opened = self.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| SealError::Unreadable)?;
        String::from_utf8(opened).map(Secret).map_err(|_| SealError::Unreadable)
    }
}

/// Writes a new file that only its owner may read.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
