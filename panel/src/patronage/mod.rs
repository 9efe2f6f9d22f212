//! The module patronage: its rooms repeat the names of `opora_core::patronage`.

pub mod curators;
