//! Rules of the house that only the whole house can show: words, help texts, settings.
#![cfg(test)]

mod files;
mod help;
mod settings;
mod words;
