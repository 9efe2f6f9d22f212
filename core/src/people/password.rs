//! Keeping passwords: Argon2id in the PHC text form, computed off the async threads.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash};

use crate::foundation::{
    chance::{self, Chance},
    secrets::Secret,
};

const SALT_BYTES: usize = 16;
/// Memory in KiB, passes and lanes recommended by OWASP for Argon2id: about 40 ms on a small server.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// The least Argon2 allows.
const CHEAP: (u32, u32, u32) = (8, 1, 1);

/// Makes and checks password hashes. Cheap to clone.
#[derive(Clone)]
pub struct Hasher {
    argon: Arc<Argon2<'static>>,
    /// The hash of nobody's password, verified for unknown logins so that they take the same time (PT-D03).
    nobody: Arc<str>,
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher(…)")
    }
}

impl Default for Hasher {
    fn default() -> Self {
        Self::with_cost(COST)
    }
}

impl Hasher {
    /// One that costs next to nothing: for tests only.
    pub fn cheap() -> Self {
        Self::with_cost(CHEAP)
    }

    fn with_cost((memory, passes, lanes): (u32, u32, u32)) -> Self {
        let params = Params::new(memory, passes, lanes, None).expect("the constants are within Argon2's limits");
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Self { argon: Arc::new(argon), nobody: nobody(memory, passes, lanes).into() }
    }

    /// The hash to keep of `password`.
    pub async fn hash(&self, password: &Secret, chance: &dyn Chance) -> String {
        let (argon, password) = (Arc::clone(&self.argon), password.clone());
        let salt = chance::bytes::<SALT_BYTES>(chance);
        off_thread(move || hash_with(&argon, password.reveal().as_bytes(), &salt)).await
    }

    /// Whether `password` fits the `stored` hash. Without a stored one it takes the same time and says no.
    pub async fn verify(&self, password: &Secret, stored: Option<String>) -> bool {
        let (argon, password, nobody) = (Arc::clone(&self.argon), password.clone(), Arc::clone(&self.nobody));
        metrics::counter!("opora_password_checks_total").increment(1);
        off_thread(move || {
            let known = stored.is_some();
            let text = stored.unwrap_or_else(|| nobody.to_string());
            let fits = PasswordHash::new(&text)
                .is_ok_and(|hash| argon.verify_password(password.reveal().as_bytes(), &hash).is_ok());
            fits && known
        })
        .await
    }
}

/// A hash as if of a password, with salt and result all zeros: made without the work of making one, which every start would do.
fn nobody(memory: u32, passes: u32, lanes: u32) -> String {
    // 16 and 32 bytes in the text form's base64.
    let (salt, result) = ("A".repeat(22), "A".repeat(43));
    format!("$argon2id$v={}$m={memory},t={passes},p={lanes}${salt}${result}", Version::V0x13 as u32)
}

fn hash_with(argon: &Argon2<'_>, password: &[u8], salt: &[u8]) -> String {
    argon.hash_password_with_salt(password, salt).expect("salt and length are within Argon2's limits").to_string()
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PT-D03: an unknown login costs what a known one does.
    #[test]
    fn nobody_s_hash_is_verified_like_a_made_one() {
        for (memory, passes, lanes) in [COST, CHEAP] {
            let hasher = Hasher::with_cost((memory, passes, lanes));
            let made = hash_with(&hasher.argon, b"right", &[1; SALT_BYTES]);
            let settings = |hash: &str| hash.split('$').take(4).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(settings(&hasher.nobody), settings(&made));
            assert_eq!(hasher.nobody.len(), made.len());
            let refused =
                |hash: &str| hasher.argon.verify_password(b"wrong", &PasswordHash::new(hash).unwrap()).unwrap_err();
            assert_eq!(refused(&hasher.nobody), refused(&made), "computed, and found to be another");
        }
    }
}
