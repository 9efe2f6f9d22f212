//! Opora's heart: the domain, its use cases, the storage and the scheduler. Knows no Telegram, HTTP or HTML.
//!
//! Rooms, from the ground up: [`foundation`] → [`words`], [`people`], [`audit`], [`settings`] → [`messaging`], [`schedule`], [`files`] →
//! [`patronage`]. A module imports only what stands before it; modules such as patronage never import each other.

pub mod audit;
pub mod files;
pub mod foundation;
pub mod messaging;
pub mod patronage;
pub mod people;
pub mod schedule;
pub mod settings;
pub mod words;
mod work;

pub use work::{App, Signal, Wake, Work};
