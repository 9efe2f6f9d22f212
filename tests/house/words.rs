//! No word without a place in the locales, no place without use.

use std::collections::{BTreeMap, BTreeSet};

use crate::files::{Source, below, product_code, templates};

/// What stands before a literal that must be a key.
const SAYS: [&str; 4] = ["t(\"", "Say::key(\"", "refused(\"", "label_key: \""];

/// Keys that are put together in code: the beginning, and where the rest comes from.
const BUILT: [(&str, &str); 2] = [
    ("journal-action-", "panel/src/patronage/journal/mod.rs"),
    ("journal-field-", "panel/src/patronage/journal/values.rs"),
];

/// What acts of the journal are done to, as their names begin.
const SUBJECTS: [&str; 13] = [
    "account",
    "activity",
    "citizen",
    "contact",
    "curator",
    "delivery",
    "district",
    "export",
    "file",
    "file-type",
    "group",
    "import",
    "reminder",
];

/// Names that installations may choose already, of sections that come later, and counted people for sentences of the locales.
/// A key leaves this list when it is said.
const PROMISED: [&str; 1] = ["n-curators"];

/// Files that hold words as data: samples for demonstration and load tests.
const DATA: [&str; 3] = ["core/src/patronage/sample", "core/src/patronage/seed", "src/bench"];

/// The keys of the source language with the text of their messages.
fn messages() -> BTreeMap<String, String> {
    let mut messages: BTreeMap<String, String> = BTreeMap::new();
    for file in below(&["locales/ru"], "ftl") {
        let mut current = None;
        for line in file.text.lines() {
            match line.split_once(" =") {
                Some((key, text)) if line.starts_with(|first: char| first.is_ascii_lowercase()) => {
                    current = Some(key.to_owned());
                    messages.insert(key.to_owned(), text.to_owned());
                }
                _ => {
                    if let Some(message) = current.as_ref().and_then(|key| messages.get_mut(key)) {
                        message.push_str(line);
                    }
                }
            }
        }
    }
    messages
}

fn sources() -> Vec<Source> {
    product_code().into_iter().chain(templates()).collect()
}

/// All texts between quotes that could be keys.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').filter(|part| {
        part.contains('-')
            && part.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
    })
}

/// PT-285: the journal is read by people. An act is a literal such as "citizen.opened".
#[test]
fn every_act_of_the_journal_has_words() {
    let messages = messages();
    let acts: BTreeSet<&str> = messages.keys().filter_map(|key| key.strip_prefix("journal-action-")).collect();
    let is_act = |text: &str| {
        text.split_once('.').is_some_and(|(subject, act)| {
            SUBJECTS.contains(&subject) && act.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
        })
    };
    let sources: Vec<Source> =
        product_code().into_iter().filter(|source| source.path.starts_with("core/src")).collect();
    let noted: BTreeSet<&str> =
        sources.iter().flat_map(|source| source.text.split('"')).filter(|text| is_act(text)).collect();
    assert!(noted.len() > 20, "{noted:?}");
    let lacking: Vec<&&str> = noted.iter().filter(|act| !acts.contains(act.replace('.', "-").as_str())).collect();
    assert!(lacking.is_empty(), "{lacking:?}");
}

#[test]
fn every_word_that_is_said_stands_in_the_locales() {
    let messages = messages();
    let mut lacking = Vec::new();
    for source in sources() {
        for says in SAYS {
            for (at, _) in source.text.match_indices(says) {
                let key = source.text[at + says.len()..].split('"').next().unwrap_or_default();
                let stands_alone =
                    !source.text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_');
                if stands_alone && key.contains('-') && !messages.contains_key(key) {
                    lacking.push(format!("{}: {key}", source.path));
                }
            }
        }
        // Keys of labels travel through tables and functions: each literal that looks like one must be one.
        let labels = literals(&source.text).filter(|literal| literal.starts_with("label-") && !literal.ends_with('-'));
        lacking.extend(labels.filter(|key| !messages.contains_key(*key)).map(|key| format!("{}: {key}", source.path)));
    }
    assert!(lacking.is_empty(), "said, but not in locales/ru: {lacking:#?}");
}

#[test]
fn every_word_in_the_locales_is_said_somewhere() {
    let messages = messages();
    let sources = sources();
    let mut said: BTreeSet<&str> = sources.iter().flat_map(|source| literals(&source.text)).collect();
    for text in messages.values() {
        said.extend(text.split(['{', '}', ' ']).filter(|word| messages.contains_key(*word)));
    }
    let is_said = |key: &str| said.contains(key) || BUILT.iter().any(|(beginning, _)| key.starts_with(beginning));
    let silent: Vec<&str> = messages.keys().map(String::as_str).filter(|key| !is_said(key)).collect();
    assert_eq!(silent, PROMISED, "in locales/ru, but never said, and the promised ones");
}

#[test]
fn built_keys_are_built_where_the_list_says() {
    for (beginning, place) in BUILT {
        let source = std::fs::read_to_string(crate::files::root().join(place)).unwrap();
        assert!(source.contains(&format!("\"{beginning}")), "{place} builds no key {beginning}…");
    }
}

/// Design D9: no user-visible literal in code.
#[test]
fn no_russian_word_stands_outside_of_the_locales() {
    let is_data = |source: &Source| DATA.iter().any(|data| source.path.starts_with(data));
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| !is_data(source)) {
        for (number, line) in source.text.lines().enumerate() {
            if has_russian_word(line) {
                found.push(format!("{}:{}: {}", source.path, number + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "Russian words in code: {found:#?}");
}

/// Single letters between apostrophes are for sorting and searching, not for reading.
fn has_russian_word(line: &str) -> bool {
    let letters: Vec<char> = line.chars().collect();
    (0..letters.len()).any(|at| {
        let is_russian = ('\u{400}'..='\u{52F}').contains(&letters[at]);
        let is_single = at > 0 && letters[at - 1] == '\'' && letters.get(at + 1) == Some(&'\'');
        is_russian && !is_single
    })
}

/// PT-002, PT-003: the words for citizen and curator are terms.
#[test]
fn the_locales_name_citizens_and_curators_by_terms_only() {
    let mut found = Vec::new();
    for (key, text) in messages() {
        let text = text.to_lowercase();
        if ["пользовател", "соц. куратор", "социальн", "куратор"].iter().any(|word| text.contains(word))
        {
            found.push(format!("{key}: {text}"));
        }
    }
    assert!(found.is_empty(), "use {{ -citizen }} and {{ -curator }}: {found:#?}");
}
