//! Storage of uploads: files announced by messengers are fetched at once, kept on the local disk and answered.

mod disk;
pub mod fetcher;
mod store;

pub use disk::{Store, StoreError, Stored, Upload, free_bytes};
