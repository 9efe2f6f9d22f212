//! Writing rows into a workbook: every cell is text, a number or a date, never a formula (PT-275). Rows leave the memory as
//! they are written.

use std::path::Path;

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

/// More UTF-16 units than this a cell cannot hold.
pub const CELL_LIMIT: usize = 32_767;
/// More rows than this a sheet of Excel cannot hold, the heading included.
pub const ROWS_A_SHEET: u32 = 1_048_576;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, whatever it looks like.
    Text(String),
    /// A count.
    Number(i64),
    /// A day.
    Date(NaiveDate),
    /// A moment on the clocks of the installation.
    Moment(NaiveDateTime),
}

impl Cell {
    /// Text, or nothing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }
}

/// A heading and how wide its column is, in characters.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it says.
    pub heading: String,
    /// Width.
    pub width: u8,
}

/// A workbook that is being written.
pub struct Book {
    workbook: Workbook,
    columns: Vec<Column>,
    formats: Formats,
    rows_a_sheet: u32,
    sheets: usize,
    /// The next free row of the present sheet.
    row: u32,
}

struct Formats {
    heading: Format,
    text: Format,
    date: Format,
    moment: Format,
}

impl Formats {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        Self {
            heading: Format::new().set_bold().set_background_color(Color::RGB(0x00E1_F0F1)).set_text_wrap(),
            text: top().set_text_wrap().set_num_format("@"),
            date: top().set_num_format("dd.mm.yyyy"),
            moment: top().set_num_format("dd.mm.yyyy hh:mm"),
        }
    }
}

impl Book {
    /// A workbook with these columns; what does not stay in memory is kept in `folder`.
    pub fn new(columns: Vec<Column>, folder: &Path, rows_a_sheet: u32) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        let mut book = Self { workbook, columns, formats: Formats::new(), rows_a_sheet, sheets: 0, row: 0 };
        book.begin_sheet()?;
        Ok(book)
    }

    /// Adds a row; after the last one a sheet can hold, a new sheet begins with the same headings.
    pub fn add(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.row >= self.rows_a_sheet {
            self.end_sheet()?;
            self.begin_sheet()?;
        }
        let row = self.row;
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (column, cell) in (0u16..).zip(cells) {
            write(sheet, row, column, cell, &self.formats)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Writes the file.
    pub fn save(mut self, path: &Path) -> Result<(), XlsxError> {
        self.end_sheet()?;
        self.workbook.save(path)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        for (number, column) in (0u16..).zip(&self.columns) {
            sheet.set_column_width(number, f64::from(column.width))?;
            sheet.write_string_with_format(0, number, cut(&column.heading), &self.formats.heading)?;
        }
        self.sheets += 1;
        self.row = 1;
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        let last = u16::try_from(self.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        sheet.autofilter(0, 0, self.row - 1, last)?;
        Ok(())
    }
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(text) => {
            sheet.write_string_with_format(row, column, cut(text), &formats.text)?;
        }
        Cell::Number(number) => {
            #[expect(clippy::cast_precision_loss, reason = "counts of files and rows are far below 2^53")]
            sheet.write_number(row, column, *number as f64)?;
        }
        Cell::Date(date) => {
            sheet.write_datetime_with_format(row, column, date, &formats.date)?;
        }
        Cell::Moment(moment) => {
            sheet.write_datetime_with_format(row, column, moment, &formats.moment)?;
        }
    }
    Ok(())
}

/// What fits into a cell; the rest becomes «…».
pub fn cut(text: &str) -> String {
    if text.encode_utf16().count() <= CELL_LIMIT {
        return text.to_owned();
    }
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units < CELL_LIMIT
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests;
