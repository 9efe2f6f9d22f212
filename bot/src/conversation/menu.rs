//! The menu of nine buttons (PT-110) and how its labels are recognised when they come back as text.

use std::collections::{BTreeMap, HashMap};

use opora_core::{
    foundation::config::Config,
    messaging::message::Keyboard,
    patronage::reminders::{Kind, Upcoming},
    words::{Dictionary, LOCALES, Words},
};

/// A button of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// «3 дня», «7 дней», «14 дней», «30 дней», or a list of one kind.
    List(Upcoming),
    /// «Загрузка файлов».
    Upload,
    /// «Запросить связь».
    Contact,
}

impl Choice {
    /// The nine buttons in the order of the menu, each with the key of its label.
    pub const ALL: [(Self, &str); 9] = [
        (Self::List(Upcoming::Days(3)), "label-bot-3-days"),
        (Self::List(Upcoming::Days(7)), "label-bot-7-days"),
        (Self::List(Upcoming::Days(14)), "label-bot-14-days"),
        (Self::List(Upcoming::Days(30)), "label-bot-30-days"),
        (Self::List(Upcoming::OfKind(Kind::SupportMeasures)), "label-bot-support-measures"),
        (Self::List(Upcoming::OfKind(Kind::Information)), "label-bot-information"),
        (Self::Upload, "label-bot-upload"),
        (Self::Contact, "label-bot-contact"),
        (Self::List(Upcoming::OfKind(Kind::Meeting)), "label-bot-meeting"),
    ];
}

/// How many buttons stand in each row: short ones share it.
const ROWS: [usize; 4] = [4, 2, 2, 1];

/// The nine labels.
pub fn labels(words: &Dictionary) -> Vec<String> {
    Choice::ALL.iter().map(|(_, key)| words.t(key).to_string()).collect()
}

/// The menu with these labels.
pub fn keyboard(labels: &[String]) -> Keyboard {
    let mut labels = labels.iter().cloned();
    Keyboard::Menu(ROWS.iter().map(|length| labels.by_ref().take(*length).collect()).collect())
}

/// The labels every installation begins with, in every language: what people saw before somebody renamed the buttons.
#[derive(Debug, Clone, Default)]
pub struct Originals(Vec<Vec<String>>);

impl Originals {
    /// The original labels with the terms of `config`.
    pub fn of(config: &Config) -> Self {
        let unnamed = Config { labels: BTreeMap::new(), ..config.clone() };
        // The same configuration was loaded at start with more in it; should it fail now, nothing but old labels is missed.
        let words = Words::load(&unnamed).ok();
        Self(words.iter().flat_map(|words| LOCALES.map(|locale| labels(words.in_locale(locale)))).collect())
    }
}

/// All labels that may come back as text: the present ones, those of the menu the account sees, however they are called today,
/// and the original ones in every language (PT-142).
#[derive(Debug, Default)]
pub struct Known(HashMap<String, Choice>);

impl Known {
    /// Collects the labels; those named first win.
    pub fn new(present: &Dictionary, seen: &[String], originals: &Originals) -> Self {
        let mut known = HashMap::new();
        let mut add = |labels: &[String]| {
            for (label, (choice, _)) in labels.iter().zip(Choice::ALL) {
                known.entry(tidy(label)).or_insert(choice);
            }
        };
        add(&labels(present));
        add(seen);
        originals.0.iter().for_each(|labels| add(labels));
        Self(known)
    }

    /// The button this text stands for.
    pub fn find(&self, text: &str) -> Option<Choice> {
        self.0.get(&tidy(text)).copied()
    }
}

/// A label as it is compared: people type spaces and capitals as they like.
fn tidy(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests;
