//! Personal data of a citizen: everything as an archive, and the final erasure (PT-D12, PT-D56).

mod erase;
pub mod export;
mod store;

pub use erase::{EraseOverdue, erase, erase_overdue};
