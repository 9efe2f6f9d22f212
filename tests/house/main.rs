//! Rules of the house that only the whole house can show: words, help texts, settings.

mod files;
mod help;
mod settings;
mod words;
