//! The values of an entry, in words.

use chrono::NaiveDate;
use opora_core::{
    audit::ERASED,
    messaging::messenger::Messenger,
    patronage::{
        journal::Names,
        reminders::{Kind, OccurrenceState},
    },
    words::format,
};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::name;
use crate::{patronage::citizens::messenger_key, visit::Lang};

/// What has a title, not a name and surname.
const TITLED: [&str; 4] = ["district", "file-type", "group", "file"];

/// Of longer lists only so many names are said.
const NAMES: usize = 3;

/// «phone: +79131234567 → +79131234568», a line for each field.
pub(super) fn values(l: &Lang, subject: &str, changes: &Value, names: &Names) -> Vec<String> {
    let Some(fields) = changes.as_object() else { return Vec::new() };
    let line = |(field, value): (&String, &Value)| {
        let (name, said) = (field_name(l, subject, field), |value| said(l, field, value, names));
        match change(value) {
            Some((old, new)) => {
                l.t("journal-change").s("field", name).s("old", said(old)).s("new", said(new)).to_string()
            }
            None => l.t("journal-value").s("field", name).s("value", said(value)).to_string(),
        }
    };
    fields.iter().filter(|(field, value)| !is_said_already(field, value)).map(line).collect()
}

/// Whom an entry is about stands beside it; most reminders are announced at their time.
fn is_said_already(field: &str, value: &Value) -> bool {
    field == "person" || (field == "advance" && value.as_i64() == Some(0))
}

/// What was there before and what is there now, if that is what is kept.
fn change(value: &Value) -> Option<(&Value, &Value)> {
    Some((value.get("old")?, value.get("new")?))
}

/// A field in words; fields without words are named as they are written.
fn field_name(l: &Lang, subject: &str, field: &str) -> String {
    if field == "name" && TITLED.contains(&subject) {
        return l.t("journal-title").to_string();
    }
    let key = format!("journal-field-{}", field.replace('_', "-"));
    if l.has(&key) { l.t(&key).to_string() } else { field.to_owned() }
}

/// A value of this field, in words.
fn said(l: &Lang, field: &str, value: &Value, names: &Names) -> String {
    let key = match field {
        "kind" => read::<Kind>(value).map(Kind::label_key),
        "state" => read::<OccurrenceState>(value).map(OccurrenceState::label_key),
        "messenger" => read::<Messenger>(value).map(messenger_key),
        "rule" => value.as_str().map(repetition),
        _ => None,
    };
    key.map_or_else(|| text(l, value, names), |key| l.t(key).to_string())
}

fn read<'a, T: Deserialize<'a>>(value: &'a Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// How often a rule of RFC 5545 repeats.
fn repetition(rule: &str) -> &'static str {
    let kinds = [
        ("FREQ=DAILY", "programme-repetition-daily"),
        ("FREQ=WEEKLY", "programme-repetition-weekly"),
        ("FREQ=MONTHLY", "programme-repetition-monthly"),
    ];
    kinds.iter().find(|(part, _)| rule.contains(part)).map_or("programme-repetition-none", |(_, key)| key)
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
