//! Personal data: the archive of one person, the final erasure.

mod cleanup;
mod erasure;
mod export;
mod journal;
mod kit;
