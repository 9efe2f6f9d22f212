//! The fakes against clients that others wrote.
#![cfg(test)]

mod mail;
mod telegram;
