//! The browser's key to its chat, kept in a cookie: an id and a secret, of which only a hash is stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::foundation::{
    chance::{self, Chance},
    clock::Timestamp,
    ids::WebChatId,
    secrets::Secret,
};

/// Length of the secret's text.
const SECRET_CHARACTERS: usize = 43;

/// The browser's key to its chat. The browser that opened the chat has a key with the chat's own id, others one of their own.
#[derive(Debug, Clone)]
pub struct Key {
    id: WebChatId,
    secret: Secret,
}

impl Key {
    /// Draws a key for a chat that is not opened yet.
    pub fn draw(now: Timestamp, source: &dyn Chance) -> Self {
        Self { id: WebChatId::draw(now, source), secret: Secret::new(chance::secret_text(source)) }
    }

    /// Reads a cookie.
    pub fn parse(cookie: &str) -> Option<Self> {
        let (id, secret) = cookie.split_once('.')?;
        let is_secret = secret.len() == SECRET_CHARACTERS && URL_SAFE_NO_PAD.decode(secret).is_ok();
        is_secret.then_some(Self { id: id.parse().ok()?, secret: Secret::new(secret) })
    }

    /// The cookie's text.
    pub fn cookie(&self) -> Secret {
        Secret::new(format!("{}.{}", self.id, self.secret.reveal()))
    }

    /// Its id; that of the chat, too, if it is the key of the browser that opened it.
    pub fn id(&self) -> WebChatId {
        self.id
    }

    /// The same key with another secret.
    pub(super) fn with_fresh_secret(&self, source: &dyn Chance) -> Self {
        Self { id: self.id, secret: Secret::new(chance::secret_text(source)) }
    }

    pub(super) fn secret_hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret.reveal()).to_vec()
    }

    pub(super) fn fits(&self, hash: &[u8]) -> bool {
        self.secret_hash().ct_eq(hash).into()
    }
}

#[cfg(test)]
mod tests;
