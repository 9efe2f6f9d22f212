//! Names of people: surname, name, patronymic («ФИО») and the key by which they are searched.

use crate::foundation::errors::{Complaints, Say};

/// Longest part of a name, characters.
const PART_LIMIT: usize = 100;

/// «ФИО». Which parts are required depends on the form: a curator needs a surname only, a citizen a name too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullName {
    /// «Фамилия».
    pub surname: String,
    /// «Имя».
    pub name: Option<String>,
    /// «Отчество».
    pub patronymic: Option<String>,
}

impl FullName {
    /// Reads the three fields of a form and complains about each that is wrong.
    pub fn parse(complaints: &mut Complaints, surname: &str, name: &str, patronymic: &str) -> Option<Self> {
        let surname = complaints.check("surname", required(surname));
        let name = complaints.check("name", optional_text(name, PART_LIMIT));
        let patronymic = complaints.check("patronymic", optional_text(patronymic, PART_LIMIT));
        Some(Self { surname: surname?, name: name?, patronymic: patronymic? })
    }

    /// «Иванова Анна Петровна».
    pub fn full(&self) -> String {
        let parts = [Some(self.surname.as_str()), self.name.as_deref(), self.patronymic.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// «Иванова А. П.», with spaces that do not break.
    pub fn short(&self) -> String {
        let mut short = self.surname.clone();
        for initial in [&self.name, &self.patronymic].into_iter().flatten().filter_map(|part| part.chars().next()) {
            short.push('\u{a0}');
            short.extend(initial.to_uppercase());
            short.push('.');
        }
        short
    }

    /// «ИА», for the round mark beside a name.
    pub fn initials(&self) -> String {
        let parts = [Some(&self.surname), self.name.as_ref()];
        parts.into_iter().flatten().filter_map(|part| part.chars().next()).flat_map(char::to_uppercase).collect()
    }

    /// What the search looks at.
    pub fn search_key(&self) -> String {
        search_key(&self.full())
    }
}

/// Text as the search sees it: lower case, «ё» as «е», single spaces (PT-D57). Both databases store and compare this.
pub fn search_key(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let folded: String = text.nfc().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line of text: trimmed, single spaces, at most `limit` characters; empty is `None`.
pub fn optional_text(text: &str, limit: usize) -> Result<Option<String>, Say> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > limit {
        return Err(too_long(limit));
    }
    if line.chars().any(char::is_control) {
        return Err(Say::key("people-strange-characters"));
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// Text of several lines: trimmed at its end, line breaks as `\n`, at most `limit` characters; empty is `None`.
pub fn optional_lines(text: &str, limit: usize) -> Result<Option<String>, Say> {
    let lines = text.replace("\r\n", "\n").replace('\0', "");
    let lines = lines.trim_end();
    if lines.chars().count() > limit {
        return Err(too_long(limit));
    }
    Ok(Some(lines.to_owned()).filter(|lines| !lines.trim().is_empty()))
}

/// What to say about an empty field that must not be («Обязательное поле»†).
pub fn missing() -> Say {
    Say::key("people-required")
}

fn required(text: &str) -> Result<String, Say> {
    optional_text(text, PART_LIMIT)?.ok_or_else(missing)
}

fn too_long(limit: usize) -> Say {
    Say::key("people-too-long").number("limit", i64::try_from(limit).unwrap_or(i64::MAX))
}
