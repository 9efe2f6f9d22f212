//! The panel in process: its router, the real use cases and a database of each kind.
#![cfg(test)]

mod account;
mod activity;
mod card_tabs;
mod citizen_lists;
mod citizens;
mod curators;
mod delivery;
mod deviations;
mod every_route;
mod guide;
mod import;
mod journal;
mod lists;
mod meetings;
mod privacy;
mod programme;
mod second_factor;
mod settings;
mod sign_in;
mod summary;
mod today;
pub mod visit;
mod web_chat;
