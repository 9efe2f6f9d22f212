use calamine::{Data, Reader, Xlsx, open_workbook};

use super::*;

fn columns() -> Vec<Column> {
    ["№", "Имя"].map(|heading| Column { heading: heading.to_owned(), width: 10 }).to_vec()
}

/// PT-278: more rows than a sheet can hold go on in a second one.
#[test]
fn a_full_sheet_is_followed_by_another_with_the_same_headings() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Book::new(columns(), folder.path(), 3).unwrap();
    for number in 1..=5 {
        book.add(&[Cell::Number(number), Cell::Text(format!("Имя {number}"))]).unwrap();
    }
    let path = folder.path().join("book.xlsx");
    book.save(&path).unwrap();
    let mut read: Xlsx<_> = open_workbook(&path).unwrap();
    let sheets: Vec<Vec<String>> =
        read.worksheets().iter().map(|(_, range)| range.rows().map(|row| row[1].to_string()).collect()).collect();
    assert_eq!(sheets, [vec!["Имя", "Имя 1", "Имя 2"], vec!["Имя", "Имя 3", "Имя 4"], vec!["Имя", "Имя 5"]]);
}

/// PT-275
#[test]
fn a_cell_is_cut_where_excel_ends() {
    let whole = "я".repeat(CELL_LIMIT);
    assert_eq!(cut(&whole), whole);
    let long = "я".repeat(CELL_LIMIT + 1);
    assert_eq!(cut(&long).chars().count(), CELL_LIMIT);
    assert!(cut(&long).ends_with("я…"));
    // Letters of two units are not torn apart.
    assert!(cut(&"😀".repeat(CELL_LIMIT)).encode_utf16().count() <= CELL_LIMIT);
}

/// PT-275
#[test]
fn nothing_becomes_a_formula_or_a_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut book = Book::new(columns(), folder.path(), ROWS_A_SHEET).unwrap();
    for text in ["=1+1", "+7913", "012345678901", "@SUM(A1)", "http://example.org", "\u{1}\u{b}", "_x0041_"] {
        book.add(&[Cell::Empty, Cell::Text(text.to_owned())]).unwrap();
    }
    let path = folder.path().join("book.xlsx");
    book.save(&path).unwrap();
    let mut read: Xlsx<_> = open_workbook(&path).unwrap();
    let (_, range) = read.worksheets().remove(0);
    let cells: Vec<Data> = range.rows().skip(1).map(|row| row[1].clone()).collect();
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(cells[..5], ["=1+1", "+7913", "012345678901", "@SUM(A1)", "http://example.org"].map(text));
    assert_eq!(cells[6], text("_x0041_"));
    assert!(read.worksheet_formula("Sheet1").unwrap().is_empty());
}
