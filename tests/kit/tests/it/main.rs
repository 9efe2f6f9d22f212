//! The fakes against clients that others wrote.
#![cfg(test)]

mod telegram;
