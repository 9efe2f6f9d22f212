//! Term sets: the installation's words for citizen and curator with all their forms, as data (PT-002 … PT-004).
//!
//! A set is a file of `locales/terms` or one given by path. Every form is stored; a missing one refuses the start by name. A set
//! becomes two Fluent terms, `-citizen` and `-Citizen` (first letter raised), which choose by `case` and `number` and tell
//! their `.gender`.

use std::fmt::Write;

use toml::{Table, Value};

use super::LocaleFiles;
use crate::foundation::config::Misconfiguration;

/// Cases of Russian, with the two that carry a preposition and the short form for table headings.
const RUSSIAN_CASES: [&str; 9] = ["nom", "gen", "dat", "acc", "ins", "loc", "ins-prep", "loc-prep", "short"];
/// Forms of English: plain, possessive and short.
const ENGLISH_CASES: [&str; 3] = ["nom", "poss", "short"];
const NUMBERS: [&str; 2] = ["sg", "pl"];
const GENDERS: [&str; 2] = ["masculine", "feminine"];
/// Longer words burst buttons and table headings.
const LONGEST_FORM: usize = 60;

/// All forms of one term.
#[derive(Debug, Clone)]
pub struct TermSet {
    gender: String,
    /// (language, number, case, text)
    forms: Vec<(&'static str, &'static str, &'static str, String)>,
}

impl TermSet {
    /// Loads the set that `setting` (`terms.citizen` or `terms.curator`) names: a preset or a path to a `.toml` file.
    pub fn load(setting: &str, name: &str) -> Result<Self, Vec<Misconfiguration>> {
        let text = read(name).map_err(|mend| vec![wrong(setting, mend)])?;
        Self::parse(&text).map_err(|problems| {
            problems.into_iter().map(|problem| wrong(setting, format!("the term set {name}: {problem}"))).collect()
        })
    }

    /// Reads a set, or tells every form that is missing or makes no sense.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let table: Table = text.parse().map_err(|error: toml::de::Error| vec![error.message().to_owned()])?;
        let mut reader = Reader { table, problems: Vec::new() };
        let gender = reader.take(&["ru", "gender"]);
        if !GENDERS.contains(&gender.as_str()) {
            reader.problems.push("ru.gender must be masculine or feminine".to_owned());
        }
        let mut forms = Vec::new();
        for (language, cases) in [("ru", RUSSIAN_CASES.as_slice()), ("en", ENGLISH_CASES.as_slice())] {
            for number in NUMBERS {
                for case in cases {
                    forms.push((language, number, *case, reader.take(&[language, number, case])));
                }
            }
        }
        forms.push(("ru", "sg", "few", reader.take(&["ru", "few"])));
        forms.push(("en", "sg", "indef", reader.take(&["en", "sg", "indef"])));
        reader.refuse_leftovers();
        let set = Self { gender, forms };
        for number in NUMBERS {
            set.check_preposition(number, "ins", "ins-prep", &mut reader.problems);
            set.check_preposition(number, "loc", "loc-prep", &mut reader.problems);
        }
        if reader.problems.is_empty() { Ok(set) } else { Err(reader.problems) }
    }

    /// The Fluent terms `-name` and `-Name` of this set in `locale`.
    pub fn compile(&self, name: &str, locale: &str) -> String {
        let mut text = String::new();
        self.write_term(&mut text, name, locale, str::to_owned);
        self.write_term(&mut text, &capitalised(name), locale, capitalised);
        text
    }

    fn write_term(&self, text: &mut String, name: &str, locale: &str, shape: fn(&str) -> String) {
        let variants = |number: &str| {
            let mut variants = String::new();
            for (_, _, case, form) in self.forms.iter().filter(|form| form.0 == locale && form.1 == number) {
                let default = if *case == "nom" { '*' } else { ' ' };
                // Writing to a string cannot fail.
                let _ = writeln!(variants, "           {default}[{case}] {}", literal(&shape(form)));
            }
            variants
        };
        let _ = write!(
            text,
            "-{name} = {{ $number ->\n        [pl] {{ $case ->\n{}        }}\n       *[sg] {{ $case ->\n{}        }}\n    }}\n    \
             .gender = {}\n",
            variants("pl"),
            variants("sg"),
            self.gender
        );
    }

    /// A form with its preposition ends with the form itself; anything else is a slip of the pen.
    fn check_preposition(&self, number: &str, case: &str, with: &str, problems: &mut Vec<String>) {
        let form = |case: &str| self.forms.iter().find(|form| form.0 == "ru" && form.1 == number && form.2 == case);
        if let (Some((.., plain)), Some((.., prefixed))) = (form(case), form(with))
            && !plain.is_empty()
            && !prefixed.is_empty()
            && !prefixed.ends_with(&format!(" {plain}"))
        {
            problems.push(format!("ru.{number}.{with} must be a preposition and the form ru.{number}.{case}"));
        }
    }
}

/// Takes the forms out of a file one by one, so that what remains was misspelt.
struct Reader {
    table: Table,
    problems: Vec<String>,
}

impl Reader {
    fn take(&mut self, path: &[&str]) -> String {
        let form = remove(&mut self.table, path);
        let name = path.join(".");
        match form {
            Some(Value::String(form)) if !form.trim().is_empty() => {
                if form.chars().count() > LONGEST_FORM || form.chars().any(char::is_control) {
                    self.problems
                        .push(format!("the form {name} must be one line of at most {LONGEST_FORM} characters"));
                }
                form.trim().to_owned()
            }
            Some(Value::String(_)) | None => {
                self.problems.push(format!("the form {name} is missing"));
                String::new()
            }
            Some(_) => {
                self.problems.push(format!("the form {name} must be text in quotes"));
                String::new()
            }
        }
    }

    fn refuse_leftovers(&mut self) {
        let mut leftovers = Vec::new();
        collect_leaves(&self.table, "", &mut leftovers);
        self.problems.extend(leftovers.into_iter().map(|name| format!("there is no form {name}: check its spelling")));
    }
}

fn remove(table: &mut Table, path: &[&str]) -> Option<Value> {
    match path {
        [] => None,
        [last] => table.remove(*last),
        [first, rest @ ..] => remove(table.get_mut(*first)?.as_table_mut()?, rest),
    }
}

fn collect_leaves(table: &Table, prefix: &str, leaves: &mut Vec<String>) {
    for (key, value) in table {
        match value {
            Value::Table(inner) => collect_leaves(inner, &format!("{prefix}{key}."), leaves),
            _ => leaves.push(format!("{prefix}{key}")),
        }
    }
}

fn read(name: &str) -> Result<String, String> {
    if is_path(name) {
        return std::fs::read_to_string(name).map_err(|error| format!("the term set {name} cannot be read: {error}"));
    }
    let Some(file) = LocaleFiles::get(&format!("terms/{name}.toml")) else {
        let known: Vec<String> = presets().collect();
        return Err(format!(
            "there is no term set {name:?}: give one of {} or the path of a .toml file",
            known.join(", ")
        ));
    };
    Ok(String::from_utf8_lossy(&file.data).into_owned())
}

fn is_path(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
}

/// Names of the term sets that come with Opora.
pub fn presets() -> impl Iterator<Item = String> {
    LocaleFiles::iter().filter_map(|path| Some(path.strip_prefix("terms/")?.strip_suffix(".toml")?.to_owned()))
}

/// The text with its first letter raised, for the beginning of a sentence.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Text as a Fluent string literal, in which nothing has a meaning.
pub(super) fn literal(text: &str) -> String {
    format!("{{ \"{}\" }}", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn wrong(setting: &str, mend: String) -> Misconfiguration {
    Misconfiguration { setting: setting.to_owned(), mend }
}
