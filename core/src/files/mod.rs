//! Storage of uploads.
