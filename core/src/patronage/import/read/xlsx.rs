//! Excel's files.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use zip::ZipArchive;

use super::unusable;
use crate::foundation::errors::Failure;

/// A file that unpacks to more than this is no list of people.
const UNPACKED_LIMIT: u64 = 512 * 1024 * 1024;

/// The rows of the first sheet with their numbers.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<(i64, Vec<String>)>, Failure> {
    let wrong = || unusable("import-not-a-table");
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(|_| wrong())?;
    let mut unpacked = 0_u64;
    for part in 0..parts.len() {
        unpacked = unpacked.saturating_add(parts.by_index_raw(part).map_err(|_| wrong())?.size());
    }
    if unpacked > UNPACKED_LIMIT {
        return Err(unusable("import-too-large-unpacked"));
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| wrong())?;
    let range = book.worksheet_range_at(0).ok_or_else(wrong)?.map_err(|_| wrong())?;
    let first = range.start().map_or(0, |(row, _)| row);
    // The columns are counted from the first one that is used, in the header as below it.
    let row = |(index, cells): (usize, &[Data])| {
        let number = i64::from(first) + i64::try_from(index).unwrap_or(i64::MAX - i64::from(u32::MAX) - 1) + 1;
        (number, cells.iter().map(text).collect())
    };
    Ok(range.rows().enumerate().map(row).collect())
}

/// A cell as people would type it into the form. Numbers that are whole lose their decimals: an INN or a phone may be one.
fn text(cell: &Data) -> String {
    match cell {
        Data::String(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        Data::Float(number) => number.to_string(),
        Data::DateTime(moment) => {
            moment.as_datetime().map(|moment| moment.format("%d.%m.%Y").to_string()).unwrap_or_default()
        }
        // `2026-03-10T00:00:00`: the form takes dates like this too.
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::Bool(_) | Data::DurationIso(_) | Data::Error(_) | Data::Empty => String::new(),
    }
}
