//! Columns of a table: recognised by the labels of the card in both languages, in any order.

use std::collections::BTreeMap;

use crate::{
    people::name::search_key,
    words::{LOCALES, Words},
};

/// A field that a column may fill: its name in the form of the card, and the keys of its labels.
const FIELDS: [(&str, &[&str]); 13] = [
    (FULL_NAME, &["citizens-full-name"]),
    ("surname", &["citizens-surname"]),
    ("name", &["citizens-name"]),
    ("patronymic", &["citizens-patronymic"]),
    ("birth_date", &["citizens-birth-date"]),
    ("inn", &["citizens-inn"]),
    ("phone", &["citizens-phone", "citizens-phone-short"]),
    ("email", &["citizens-email"]),
    ("curator", &["citizens-curator", "citizens-curator-filter"]),
    ("district", &["citizens-district"]),
    ("situation", &["citizens-situation"]),
    ("diary", &["citizens-diary"]),
    ("groups", &["citizens-groups"]),
];

/// «ФИО» in one column.
pub(super) const FULL_NAME: &str = "full_name";

/// The key of a field's label.
pub fn label(field: &str) -> Option<&'static str> {
    FIELDS.iter().find(|(name, _)| *name == field).and_then(|(_, keys)| keys.first().copied())
}

/// The fields in the order of the template, each with its label's key; «ФИО» in one column is an alternative, not a part of it.
pub(super) fn of_template() -> impl Iterator<Item = (&'static str, &'static str)> {
    FIELDS.iter().skip(1).filter_map(|(name, keys)| keys.first().map(|key| (*name, *key)))
}

/// What each column of the header fills.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Header {
    /// Field by column.
    pub fields: BTreeMap<usize, &'static str>,
    /// Headings that say nothing to us.
    pub ignored: Vec<String>,
}

/// The labels by which columns are recognised.
pub(super) struct Labels(BTreeMap<String, &'static str>);

impl Labels {
    /// The labels of both languages, and the names of the fields.
    pub(super) fn of(words: &Words) -> Self {
        let mut labels = BTreeMap::new();
        for (field, keys) in FIELDS {
            labels.insert(field.replace('_', " "), field);
            for (locale, key) in LOCALES.into_iter().flat_map(|locale| keys.iter().map(move |key| (locale, *key))) {
                labels.insert(plain(&words.in_locale(locale).t(key).to_string()), field);
            }
        }
        Self(labels)
    }

    /// Reads a row as a header; each field counts once.
    pub(super) fn header(&self, row: &[String]) -> Header {
        let mut header = Header::default();
        for (column, heading) in row.iter().enumerate() {
            match self.0.get(&plain(heading)) {
                Some(field) if !header.fields.values().any(|taken| taken == field) => {
                    header.fields.insert(column, field);
                }
                _ if heading.trim().is_empty() => {}
                _ => header.ignored.push(heading.trim().to_owned()),
            }
        }
        header
    }
}

impl Header {
    /// Whether the columns without which no card can be made are there.
    pub(super) fn is_enough(&self) -> bool {
        let has = |field: &str| self.fields.values().any(|taken| *taken == field);
        has("phone") && (has(FULL_NAME) || (has("surname") && has("name")))
    }
}

/// A heading without case, «ё», signs and doubled spaces.
fn plain(heading: &str) -> String {
    let letters: String = heading.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    search_key(&letters)
}
