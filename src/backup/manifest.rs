//! The list of contents of a backup: the last file in it, written when everything else is known.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Its name in the archive.
pub const NAME: &str = "manifest.json";
/// The form of the archive; a later one is refused by its number.
pub const FORMAT: u32 = 1;
/// The embedded database in the archive.
pub const DATABASE: &str = "database.db";
/// The key in the archive.
pub const KEY: &str = "key";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// See [`FORMAT`].
    pub format: u32,
    /// Version of the program that made it.
    pub program: String,
    /// Which kind of database it holds.
    pub database: Kind,
    /// Last migration applied to the tables in it.
    pub step: i64,
    /// As of which moment.
    pub made_at: DateTime<Utc>,
    /// The tables and how many rows they have.
    pub tables: Vec<Table>,
    /// The files in the archive, without this list.
    pub entries: Vec<Entry>,
}

/// Kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One file, `database.db`.
    Sqlite,
    /// A file of `COPY` for each table.
    Postgres,
}

impl Kind {
    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The columns in their order in the file; empty for a file of SQLite, which knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// How many rows.
    pub rows: u64,
}

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the archive.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Of its content, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// How many rows the table has; 0 when there is none.
    pub fn rows(&self, table: &str) -> u64 {
        self.tables.iter().find(|known| known.name == table).map_or(0, |known| known.rows)
    }

    /// The uploads: their paths below `uploads/`.
    pub fn uploads(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.name.starts_with("uploads/"))
    }

    /// Whether the key is part of it.
    pub fn has_key(&self) -> bool {
        self.entries.iter().any(|entry| entry.name == KEY)
    }
}

/// The file of a table of PostgreSQL.
pub fn file_of(table: &str) -> String {
    format!("tables/{table}.copy")
}
