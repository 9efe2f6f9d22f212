//! The core's rooms on both databases, through their public functions.
#![cfg(test)]

mod architecture;
mod foundation;
mod migrations;
mod reminders;
