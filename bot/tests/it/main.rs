//! The bots on both databases, without network.
#![cfg(test)]

mod conversation;
mod telegram;
