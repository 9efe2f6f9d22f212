//! Fakes, fixtures and builders for Opora's tests: time, chance, databases, people, messengers, mail, browsers, processes.
//!
//! A test of storage or of a use case is one sentence with a [`World`] of its own, run on both databases:
//!
//! ```text
//! on_both_databases! {
//!     /// PT-075
//!     async fn a_new_citizen_stands_at_the_end_of_the_list(world: World) {
//!         let anna = world.curator("Иванова Анна Петровна").await;
//!         let maria = world.citizen("Петрова Мария").of(&anna).linked("1001").await;
//!         // …
//!     }
//! }
//! ```
//!
//! May be used by integration tests (`tests/`), not by unit tests inside `opora-core`: there the core would exist twice.
#![expect(clippy::indexing_slicing, reason = "JSON answers an unknown name with null, and a test may panic")]
#![expect(clippy::panic, reason = "a test that cannot go on says so by a panic")]

pub mod browser;
mod chance;
mod clock;
mod database;
mod heartbeat;
mod mail;
mod people;
mod postgres;
mod process;
mod sign_in;
pub mod telegram;
mod visitor;
mod world;

pub use browser::Browser;
pub use chance::SeededChance;
pub use clock::FakeClock;
pub use database::{Backend, TestDatabase};
pub use heartbeat::FakeWatch;
pub use mail::{Letter, Login, MailTrouble, Security, SmtpSink};
pub use people::{Citizen, CitizenBuilder, Curator};
pub use postgres::{PostgresServer, Stop};
pub use process::{Ended, Opora};
pub use sign_in::{code_of, inside};
pub use telegram::{FakeTelegram, Garbage, Trouble};
pub use visitor::{Form, Page, Visitor};
pub use world::{World, run};

/// How long a test waits for what should happen at once. Only a test that fails waits so long, so it may be more than the slowest
/// machine needs.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);

/// Turns every `async fn name(world: World) { … }` into two tests, `name::sqlite` and `name::postgres`.
///
/// Without `TEST_PG_URL` the second fails; nothing is skipped silently.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($($world:tt)+) $body:block)+) => {$(
        $(#[$meta])*
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports, reason = "a short story may need nothing from outside")]
            use super::*;

            async fn story($($world)+) $body

            #[test]
            fn sqlite() {
                $crate::run($crate::Backend::Sqlite, story);
            }

            #[test]
            fn postgres() {
                $crate::run($crate::Backend::Postgres, story);
            }
        }
    )+};
}
