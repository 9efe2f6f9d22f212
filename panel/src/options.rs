//! The curators to choose from, as a list of a large installation shows them on every page: a thousand lines, written once and kept
//! until a curator changes.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use askama::Template;
use opora_core::{
    foundation::{ids::PersonId, page::Choice},
    patronage::curators::Offered,
};

#[derive(Template)]
#[template(
    source = r#"{% for choice in choices %}<option value="{{ choice.id }}">{{ choice.label }}</option>
{% endfor %}"#,
    ext = "html"
)]
struct Lines<'a> {
    choices: &'a [Choice<PersonId>],
}

/// The lines written last, beside what they were written from.
#[derive(Debug, Default)]
pub struct KnownOptions(RwLock<Option<(Offered, Arc<str>)>>);

impl KnownOptions {
    /// The lines of these curators, with `chosen` among them marked.
    pub fn of(&self, curators: &Offered, chosen: &str) -> Result<Options, askama::Error> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        let lines = match known.filter(|(from, _)| Arc::ptr_eq(from, curators)) {
            Some((_, lines)) => lines,
            None => {
                let lines = lines(curators)?;
                *self.0.write().unwrap_or_else(PoisonError::into_inner) =
                    Some((Arc::clone(curators), Arc::clone(&lines)));
                lines
            }
        };
        Ok(Options::new(lines, chosen))
    }
}

fn lines(choices: &[Choice<PersonId>]) -> Result<Arc<str>, askama::Error> {
    Ok(Lines { choices }.render()?.into())
}

/// The lines of a choice, ready for the page: `{{ options|safe }}`.
#[derive(Debug, Clone)]
pub struct Options {
    lines: Arc<str>,
    /// Where the mark of what is chosen belongs.
    mark_at: usize,
}

impl Options {
    /// The only choice there is: not worth keeping.
    pub fn only(choice: Choice<PersonId>) -> Result<Self, askama::Error> {
        Ok(Self { lines: lines(&[choice])?, mark_at: 0 })
    }

    fn new(lines: Arc<str>, chosen: &str) -> Self {
        // An id is made of letters, digits and signs that need no escaping; anything else finds nothing.
        let value = format!("value=\"{chosen}\"");
        let mark_at = lines.find(&value).map_or(0, |at| at + value.len());
        Self { lines, mark_at }
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, after) = self.lines.split_at(self.mark_at);
        f.write_str(before)?;
        if !before.is_empty() {
            f.write_str(" selected")?;
        }
        f.write_str(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> PersonId {
        PersonId(uuid::Uuid::from_u128(number))
    }

    fn curators(labels: &[&str]) -> Offered {
        let choice =
            |(number, label): (usize, &&str)| Choice { id: id(number as u128 + 1), label: (*label).to_owned() };
        labels.iter().enumerate().map(choice).collect()
    }

    #[test]
    fn the_chosen_one_is_marked_and_names_are_escaped() {
        let (known, two) = (KnownOptions::default(), curators(&["Иванова А.", "<b>"]));
        let line =
            |number, mark: &str, label: &str| format!("<option value=\"{}\"{mark}>{label}</option>\n", id(number));
        let none = line(1, "", "Иванова А.") + &line(2, "", "&#60;b&#62;");
        assert_eq!(known.of(&two, "").unwrap().to_string(), none);
        assert_eq!(known.of(&two, "\">").unwrap().to_string(), none);
        let second = line(1, "", "Иванова А.") + &line(2, " selected", "&#60;b&#62;");
        assert_eq!(known.of(&two, &id(2).to_string()).unwrap().to_string(), second);
    }

    #[test]
    fn lines_are_written_anew_when_the_curators_are_others() {
        let known = KnownOptions::default();
        let (first, second) = (curators(&["Иванова А."]), curators(&["Петрова М."]));
        let lines = |curators| known.of(curators, "").unwrap();
        assert!(Arc::ptr_eq(&lines(&first).lines, &lines(&first).lines), "written once");
        assert!(lines(&second).to_string().contains("Петрова М."));
        assert!(lines(&first).to_string().contains("Иванова А."));
    }
}
