//! The core's rooms on both databases, through their public functions.
#![cfg(test)]

mod activation;
mod architecture;
mod citizen_files;
mod citizen_lists;
mod citizens;
mod contacts;
mod curators;
mod exports;
mod foundation;
mod inbox;
mod letters;
mod lists;
mod messenger;
mod migrations;
mod notices;
mod outbox;
mod plans;
mod privacy;
mod races;
mod reminders;
mod rights;
mod sample;
mod search;
mod second_factor;
mod seed;
mod settings;
mod sign_in;
mod story;
mod summary;
mod telegraph;
mod thousands;
mod timer;
mod today;
mod uploads;
mod web_chat;
