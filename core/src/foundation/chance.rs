//! Chance is a parameter too: ids, codes and secrets are drawn from a [`Chance`], which tests may seed.

use std::sync::Arc;

use rand::RngCore;

/// A source of random bytes fit for secrets.
pub trait Chance: Send + Sync + 'static {
    /// Fills `bytes` with random data.
    fn fill(&self, bytes: &mut [u8]);
}

/// Shared handle to a source of chance.
pub type SharedChance = Arc<dyn Chance>;

/// A generator of each thread's own, seeded by the operating system: fit for secrets, and an id costs no call of the system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "here chance comes from")]
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// An array of `N` random bytes.
pub fn bytes<const N: usize>(chance: &dyn Chance) -> [u8; N] {
    let mut bytes = [0; N];
    chance.fill(&mut bytes);
    bytes
}

/// A number below `bound`, every one equally likely.
pub fn below(chance: &dyn Chance, bound: u64) -> u64 {
    // Values past the last whole multiple of `bound` would make small numbers likelier; draw again instead.
    let limit = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = u64::from_le_bytes(bytes(chance));
        if drawn < limit {
            return drawn % bound;
        }
    }
}

/// A secret of 32 random bytes in URL-safe text (43 characters).
pub fn secret_text(chance: &dyn Chance) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes::<32>(chance))
}
