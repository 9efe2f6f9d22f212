//! Many rows in one statement: as one JSON text, where their number varies and it is prepared all the same, or as values.

use chrono::SecondsFormat;
use serde::{Serialize, Serializer};
use sqlx::{Database, Encode, Type, query_builder::Separated};

use super::clock::Timestamp;

/// The rows as the statement reads them.
pub fn json(rows: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(rows).expect("rows have text keys and no failing parts")
}

/// The very text that sqlx writes, so that moments compare rightly as text.
pub fn text(moment: Timestamp) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// The same for a field: `#[serde(serialize_with = "as_text")]`.
pub fn as_text<S: Serializer>(moment: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(text).serialize(serializer)
}

/// Adds a value that rows seldom have. What is missing stands in the text itself, as each bound value costs.
pub fn push_if_any<'v, DB, T>(row: &mut Separated<'_, DB, &'static str>, value: Option<T>)
where
    DB: Database,
    T: Encode<'v, DB> + Type<DB>,
{
    match value {
        Some(value) => row.push_bind(value),
        None => row.push("NULL"),
    };
}
