//! Opora as its people live it: the real program with a messenger, a mail server and a browser around it.
#![cfg(test)]

/// Turns every `async fn name(mut opora: Opora) { … }` into two tests, `name::sqlite` and `name::postgres`, each with an
/// installation of its own that was not started yet.
macro_rules! stories {
    ($($(#[$meta:meta])* async fn $name:ident($($opora:tt)+) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn story($($opora)+) $body

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                story(crate::staff::installed(opora_testkit::Backend::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                story(crate::staff::installed(opora_testkit::Backend::Postgres).await).await;
            }
        }
    )+};
}

mod accessibility;
mod backup;
mod browser;
mod chaos;
mod check;
mod delivery;
mod demo;
mod first_light;
mod keyboard;
mod letters;
mod operation;
mod pictures;
mod processes;
mod purpose;
mod restarts;
mod staff;
mod trouble;
mod web_chat;
