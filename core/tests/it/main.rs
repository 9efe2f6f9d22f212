//! The core's rooms on both databases, through their public functions.
#![cfg(test)]

mod architecture;
mod citizen_files;
mod contacts;
mod foundation;
mod migrations;
mod reminders;
mod seed;
mod web_chat;
