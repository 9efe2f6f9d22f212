//! The core's rooms on both databases, through their public functions.
#![cfg(test)]

mod architecture;
mod citizen_files;
mod contacts;
mod foundation;
mod inbox;
mod letters;
mod messenger;
mod migrations;
mod outbox;
mod reminders;
mod sample;
mod seed;
mod timer;
mod uploads;
mod web_chat;
