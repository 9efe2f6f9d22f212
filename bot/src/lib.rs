//! Opora's bots: the conversation with citizens, the same in every messenger, and one adapter for each messenger.

pub mod conversation;
pub mod telegram;
pub mod web;
