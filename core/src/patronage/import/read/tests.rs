use super::{ROW_LIMIT, SheetRow, read};
use crate::{
    foundation::{config::Config, errors::Failure},
    words::Words,
};

fn words() -> Words {
    Words::load(&Config::default()).unwrap()
}

fn field<'a>(row: &'a SheetRow, name: &str) -> &'a str {
    row.fields.get(name).map(String::as_str).unwrap_or_default()
}

fn fault(bytes: &[u8]) -> String {
    match read(bytes, &words()) {
        Err(Failure::Invalid(complaints)) => complaints.about("file").unwrap().key.to_string(),
        other => panic!("taken: {other:?}"),
    }
}

#[test]
fn columns_stand_in_any_order_in_either_language() {
    let sheet = read("Phone number,Имя, ФАМИЛИЯ *,Рост\n+79131234567,Мария,Петрова,170\n".as_bytes(), &words());
    let sheet = sheet.unwrap();
    let [row] = sheet.rows.as_slice() else { panic!("{sheet:?}") };
    assert_eq!((field(row, "surname"), field(row, "name"), field(row, "phone")), ("Петрова", "Мария", "+79131234567"));
    assert_eq!((row.number, sheet.ignored.as_slice()), (2, &["Рост".to_owned()][..]));
}

#[test]
fn windows_1251_with_semicolons_reads_like_utf8() {
    // «ФИО;Телефон» and «Ёлкина Анна Львовна;9131234567».
    let bytes = b"\xD4\xC8\xCE;\xD2\xE5\xEB\xE5\xF4\xEE\xED\r\n\
        \xA8\xEB\xEA\xE8\xED\xE0 \xC0\xED\xED\xE0 \xCB\xFC\xE2\xEE\xE2\xED\xE0;9131234567\r\n";
    let sheet = read(bytes, &words()).unwrap();
    let row = &sheet.rows[0];
    assert_eq!((field(row, "surname"), field(row, "name"), field(row, "patronymic")), ("Ёлкина", "Анна", "Львовна"));
}

#[test]
fn separators_inside_quotes_do_not_count() {
    let text =
        "Фамилия;Имя;Телефон;\"Описание ситуации\"\nПетрова;Мария;89131234567;\"Живёт одна, инвалид;\nII группа\"\n";
    let sheet = read(format!("\u{feff}{text}").as_bytes(), &words()).unwrap();
    assert_eq!(field(&sheet.rows[0], "situation"), "Живёт одна, инвалид;\nII группа");
}

#[test]
fn rows_about_one_person_are_noticed() {
    let text = "ФИО;Телефон;ИНН\nПетрова Мария;89131234567;\nПетров Пётр;89131234567;\nПЕТРОВА  мария;+7 913 123-45-67;\n\
        Смирнова Ольга;89130000000;500100732259\nСмирнова О;89130000001;500100732259\n";
    let sheet = read(text.as_bytes(), &words()).unwrap();
    let faults: Vec<(i64, usize)> = sheet.rows.iter().map(|row| (row.number, row.faults.len())).collect();
    assert_eq!(faults, [(2, 0), (3, 0), (4, 1), (5, 0), (6, 1)], "a family may share its telephone");
}

#[test]
fn what_is_no_list_of_people_is_refused_with_the_reason() {
    assert_eq!(fault(b""), "import-no-header");
    assert_eq!(fault("Фамилия;Имя\nПетрова;Мария\n".as_bytes()), "import-no-header");
    assert_eq!(fault("Фамилия;Имя;Телефон\n;;\n".as_bytes()), "import-no-rows");
    assert_eq!(fault(b"PK is not enough"), "import-not-a-table");
    assert_eq!(fault(b"\xD0\xCF\x11\xE0\0\0"), "import-not-a-table");
    let many = "Петрова;Мария;89131234567\n".repeat(ROW_LIMIT + 1);
    assert_eq!(fault(format!("Фамилия;Имя;Телефон\n{many}").as_bytes()), "import-too-many-rows");
}
