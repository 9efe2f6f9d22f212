//! The core's rooms on both databases, through their public functions.
#![cfg(test)]

mod architecture;
mod citizen_files;
mod contacts;
mod foundation;
mod inbox;
mod messenger;
mod migrations;
<<<<<<< HEAD
mod reminders;
mod seed;
mod web_chat;
=======
mod outbox;
mod timer;
mod uploads;
>>>>>>> 0878216 (messaging: tests of outbox, inbox, uploads and timer on both databases)
