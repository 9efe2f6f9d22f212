//! Chance that repeats itself.

use std::sync::{Mutex, PoisonError};

use opora_core::foundation::chance::Chance;
use rand::{RngCore, SeedableRng, rngs::StdRng};

/// Random bytes that are the same in every run.
#[derive(Debug)]
pub struct SeededChance(Mutex<StdRng>);

impl SeededChance {
    /// Begins the series with this number.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}
