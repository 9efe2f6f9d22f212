//! Renamed functions (PT-005): menu items, tabs, the four kinds of reminders and the bot's buttons carry the names that the
//! installation gives them. Only the words change; what they name keeps its code.

use std::collections::BTreeMap;

use super::{Dictionary, terms::literal};
use crate::foundation::config::Misconfiguration;

/// Beginning of the keys that may be renamed.
pub const PREFIX: &str = "label-";
/// Beginning of the keys of the bot's menu, whose texts tell what was pressed.
const BOT_MENU: [&str; 9] = [
    "label-bot-3-days",
    "label-bot-7-days",
    "label-bot-14-days",
    "label-bot-30-days",
    "label-bot-support-measures",
    "label-bot-information",
    "label-bot-upload",
    "label-bot-contact",
    "label-bot-meeting",
];
/// Longer ones burst buttons.
const LONGEST: usize = 60;

/// Checks the names that the operator gave.
pub fn check(labels: &BTreeMap<String, String>, dictionary: &Dictionary) -> Vec<Misconfiguration> {
    labels.iter().filter_map(|(key, text)| complaint(key, text, dictionary)).collect()
}

fn complaint(key: &str, text: &str, dictionary: &Dictionary) -> Option<Misconfiguration> {
    let mend = if !key.starts_with(PREFIX) || !dictionary.has(key) {
        let known = dictionary.keys().filter(|key| key.starts_with(PREFIX));
        format!("there is no such label: the labels are {}", known.collect::<Vec<_>>().join(", "))
    } else if text.trim().is_empty() || text.chars().count() > LONGEST || text.chars().any(char::is_control) {
        format!("give one line of 1 … {LONGEST} characters")
    } else {
        return None;
    };
    Some(Misconfiguration { setting: format!("labels.{key}"), mend })
}

/// The names as Fluent messages, to be laid over the usual ones.
pub fn compile(labels: &BTreeMap<String, String>) -> String {
    labels.iter().map(|(key, text)| format!("{key} = {}\n", literal(text.trim()))).collect()
}

/// Complains about two buttons of the bot's menu with one text: a press could not be told apart.
pub fn check_bot_menu(dictionary: &Dictionary) -> Vec<Misconfiguration> {
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    for key in BOT_MENU {
        if let Some(earlier) = seen.insert(dictionary.t(key).to_string(), key) {
            let mend = format!("has the same text as {earlier} ({}): give them different names", dictionary.locale());
            found.push(Misconfiguration { setting: format!("labels.{key}"), mend });
        }
    }
    found
}
