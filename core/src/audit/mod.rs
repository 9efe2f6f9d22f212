//! Who did what and when, with old and new values (PT-285).
