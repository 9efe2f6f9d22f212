//! The fakes against clients that others wrote.
#![cfg(test)]

mod browser;
mod mail;
mod telegram;
