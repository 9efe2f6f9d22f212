//! «Скачать шаблон»: an empty table with the right headings.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::columns;
use crate::words::Dictionary;

/// The template as an .xlsx file, in the words of the reader.
pub fn template(words: &Dictionary) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (bold, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    let sheet = book.add_worksheet();
    sheet.set_name(words.t("import-sheet-name").to_string())?;
    for ((_, key), column) in columns::of_template().zip(0_u16..) {
        sheet.set_column_width(column, 22)?;
        sheet.set_column_format(column, &text)?;
        sheet.write_string_with_format(0, column, words.t(key).to_string(), &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}
