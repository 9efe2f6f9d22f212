//! Whole conversations.

mod chat;
mod connecting;
mod contact;
mod lists;
mod presses;

use chat::chat;
