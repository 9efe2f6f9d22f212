//! Text with separators: UTF-8 or Windows-1251, with `;`, `,` or tabs.

use super::unusable;
use crate::foundation::errors::Failure;

/// Windows-1251 from 0x80 to 0xBF; the letters А … я follow in the order of Unicode. 0x98 stands for nothing.
const UPPER_HALF: [u16; 64] = [
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039, 0x040A, 0x040C,
    0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x0098, 0x2122, 0x0459, 0x203A,
    0x045A, 0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6, 0x00A7, 0x0401, 0x00A9,
    0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407, 0x00B0, 0x00B1, 0x0406, 0x0456, 0x0491, 0x00B5, 0x00B6, 0x00B7,
    0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457,
];

/// The rows with their numbers.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<(i64, Vec<String>)>, Failure> {
    // Zeros are in no text of these encodings: an old .xls, a picture, UTF-16.
    if bytes.contains(&0) {
        return Err(unusable("import-not-a-table"));
    }
    let text = decoded(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let rows = reader.records().zip(1..).map(|(record, number)| {
        let record = record.map_err(|_| unusable("import-not-a-table"))?;
        Ok((number, record.iter().map(str::to_owned).collect()))
    });
    rows.collect()
}

/// UTF-8 if it reads as such, else Windows-1251, in which every byte means something.
fn decoded(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| of_windows_1251(*byte)).collect(),
    }
}

fn of_windows_1251(byte: u8) -> char {
    let code = match byte {
        0..=0x7F => u32::from(byte),
        0x80..=0xBF => UPPER_HALF.get(usize::from(byte - 0x80)).copied().map_or(0xFFFD, u32::from),
        0xC0..=0xFF => 0x0410 + u32::from(byte - 0xC0),
    };
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The sign that stands most often in the first line, outside of quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    let mut is_quoted = false;
    for letter in text.bytes() {
        match letter {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => break,
            _ => {}
        }
        for (sign, count) in &mut counts {
            *count += usize::from(*sign == letter && !is_quoted);
        }
    }
    // Of equals the first one.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b';', |(sign, _)| sign)
}
