//! Whole conversations.

mod channels;
mod chat;
mod connecting;
mod consent;
mod contact;
mod lists;
mod presses;

use chat::{chat, chat_in};
