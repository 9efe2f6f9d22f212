//! The values of an entry, in words.

use chrono::NaiveDate;
use opora_core::{audit::ERASED, patronage::journal::Names, words::format};
use serde_json::Value;
use uuid::Uuid;

use super::name;
use crate::visit::Lang;

/// Of longer lists only so many names are said.
const NAMES: usize = 3;

/// «phone: +79131234567 → +79131234568», a line for each field.
pub(super) fn values(l: &Lang, changes: &Value, names: &Names) -> Vec<String> {
    let Some(fields) = changes.as_object() else { return Vec::new() };
    let line = |(field, value): (&String, &Value)| match (value.get("old"), value.get("new")) {
        (Some(old), Some(new)) => {
            let (old, new) = (text(l, old, names), text(l, new, names));
            l.t("journal-change").s("field", field_name(l, field)).s("old", old).s("new", new).to_string()
        }
        _ => l.t("journal-value").s("field", field_name(l, field)).s("value", text(l, value, names)).to_string(),
    };
    fields.iter().map(line).collect()
}

/// A field in words; fields without words are named as they are written.
fn field_name(l: &Lang, field: &str) -> String {
    let key = format!("journal-field-{}", field.replace('_', "-"));
    if l.has(&key) { l.t(&key).to_string() } else { field.to_owned() }
}

fn text(l: &Lang, value: &Value, names: &Names) -> String {
    match value {
        Value::Null => l.t("journal-nothing").to_string(),
        Value::String(text) if text == ERASED => l.t("journal-erased").to_string(),
        Value::String(text) => written(l, text, names),
        Value::Bool(value) => l.t(if *value { "journal-yes" } else { "journal-no" }).to_string(),
        Value::Array(items) if items.is_empty() => l.t("journal-nothing").to_string(),
        Value::Array(items) => list(l, items, names),
        other => other.to_string(),
    }
}

/// The first of many, and how many there are beside them.
fn list(l: &Lang, items: &[Value], names: &Names) -> String {
    let said: Vec<String> = items.iter().take(NAMES).map(|item| text(l, item, names)).collect();
    let said = said.join(", ");
    match items.len().saturating_sub(NAMES) {
        0 => said,
        more => l.t("journal-and-more").s("names", said).n("count", more).to_string(),
    }
}

/// Ids mean nothing to readers: the names behind them do. Dates stand as everywhere.
fn written(l: &Lang, text: &str, names: &Names) -> String {
    if let Ok(id) = Uuid::try_parse(text) {
        return name(l, names, id).unwrap_or_else(|| l.t("journal-chosen").to_string());
    }
    text.parse::<NaiveDate>().map_or_else(|_| text.to_owned(), format::date)
}
