//! One outbox, one inbox and one language for every messenger and for mail.

pub mod bots;
pub mod cleanup;
pub mod conversations;
pub mod delivery;
pub mod downtime;
pub mod forget;
pub mod inbox;
pub mod letters;
pub mod message;
pub mod messenger;
pub mod outbox;
pub mod press;
pub mod sender;
pub mod web_chat;
