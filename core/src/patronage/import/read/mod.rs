//! A file becomes rows of text: .xlsx or .csv, told apart by their first bytes.

mod csv_text;
mod xlsx;

use std::collections::{BTreeMap, HashMap};

use super::{
    columns::{FULL_NAME, Header, Labels},
    types::Fault,
};
use crate::{
    foundation::errors::{Failure, Say},
    people::{contact::Phone, inn::Inn, name::search_key},
    words::Words,
};

/// Largest file, bytes.
pub const SIZE_LIMIT: u64 = 20 * 1024 * 1024;
/// Most rows with content.
pub(super) const ROW_LIMIT: usize = 100_000;
/// The header stands within the first rows.
const HEADER_WITHIN: usize = 20;

/// A table that was understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Its rows with content.
    pub rows: Vec<SheetRow>,
    /// Headings that no field of the card takes.
    pub ignored: Vec<String>,
}

/// One row of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SheetRow {
    /// As the spreadsheet counts: the first one is 1.
    pub number: i64,
    /// Text by field.
    pub fields: BTreeMap<String, String>,
    /// What can be said without looking at the cards: another row is about the same person.
    pub faults: Vec<Fault>,
}

/// Reads a file. Blocks: large tables take seconds.
pub fn read(bytes: &[u8], words: &Words) -> Result<Sheet, Failure> {
    let table = if bytes.starts_with(b"PK") { xlsx::read(bytes)? } else { csv_text::read(bytes)? };
    let labels = Labels::of(words);
    let header = table.iter().take(HEADER_WITHIN).map(|(_, row)| labels.header(row)).enumerate();
    let Some((at, header)) = header.into_iter().find(|(_, header)| header.is_enough()) else {
        return Err(unusable("import-no-header"));
    };
    let rows: Vec<SheetRow> =
        table.into_iter().skip(at + 1).filter_map(|(number, row)| into_row(&header, number, row)).collect();
    if rows.is_empty() {
        return Err(unusable("import-no-rows"));
    }
    if rows.len() > ROW_LIMIT {
        return Err(Failure::invalid("file", Say::key("import-too-many-rows").number("limit", ROW_LIMIT)));
    }
    let mut sheet = Sheet { rows, ignored: header.ignored };
    mark_twins(&mut sheet.rows);
    Ok(sheet)
}

/// A complaint about the file.
fn unusable(key: &'static str) -> Failure {
    Failure::invalid("file", Say::key(key))
}

/// The row's fields, unless it is empty. «ФИО» is taken apart: surname, name, the rest is the patronymic.
fn into_row(header: &Header, number: i64, row: Vec<String>) -> Option<SheetRow> {
    let mut fields = BTreeMap::new();
    for (column, text) in row.into_iter().enumerate() {
        let text = text.trim();
        let Some(field) = header.fields.get(&column).filter(|_| !text.is_empty()) else { continue };
        if *field == FULL_NAME {
            let mut parts = text.split_whitespace();
            let rest = |parts: std::str::SplitWhitespace<'_>| parts.collect::<Vec<_>>().join(" ");
            let (surname, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let split = [("surname", surname.to_owned()), ("name", name.to_owned()), ("patronymic", rest(parts))];
            for (part, text) in split.into_iter().filter(|(_, text)| !text.is_empty()) {
                fields.entry(part.to_owned()).or_insert(text);
            }
        } else {
            fields.insert((*field).to_owned(), text.to_owned());
        }
    }
    (!fields.is_empty()).then_some(SheetRow { number, fields, faults: Vec::new() })
}

/// Two rows about one person would make two cards: the later one says which row it repeats.
fn mark_twins(rows: &mut [SheetRow]) {
    let mut seen: HashMap<String, i64> = HashMap::new();
    for row in rows {
        let text = |field: &str| row.fields.get(field).map(String::as_str).unwrap_or_default();
        let inn = Inn::parse(text("inn")).map(|inn| inn.as_str().to_owned());
        let phone = Phone::parse(text("phone")).map(|phone| phone.as_str().to_owned());
        let names = search_key(&format!("{} {}", text("surname"), text("name")));
        let keys = [inn, phone.map(|phone| format!("{phone} {names}"))];
        let mut first = None;
        for key in keys.into_iter().flatten() {
            first = first.or(seen.get(&key).copied());
            seen.entry(key).or_insert(row.number);
        }
        if let Some(first) = first {
            let say = Say::key("import-fault-twin").number("row", first);
            row.faults.push(Fault { field: String::new(), say });
        }
    }
}

#[cfg(test)]
mod tests;
