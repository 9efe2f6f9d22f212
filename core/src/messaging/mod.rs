//! One outbox, one inbox and one language for every messenger and for mail.

pub mod message;
pub mod messenger;
pub mod press;
