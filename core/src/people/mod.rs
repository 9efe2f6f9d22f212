//! One registry of persons, accounts, roles and rights.

pub mod access;
