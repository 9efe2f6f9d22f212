//! Personal data: the archive of one person, the final erasure.

mod erasure;
mod export;
mod kit;
