//! Many rows as one JSON text, for statements that get a varying number of them and are prepared all the same.

use chrono::SecondsFormat;
use serde::{Serialize, Serializer};

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
