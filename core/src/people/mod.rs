//! One registry of persons, accounts, roles and rights.

pub mod access;
pub mod accounts;
pub mod birth_date;
pub mod contact;
pub mod device;
pub mod inn;
pub mod login;
pub mod name;
pub mod notices;
pub mod password;
pub mod places;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod telegram_name;
pub mod throttle;

#[cfg(test)]
mod tests;
