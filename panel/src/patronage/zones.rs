//! Time zones to choose from: of a citizen, of a district.

use opora_core::foundation::page::Choice;

use crate::visit::Lang;

/// Zones that Russian organisations use, west to east; any other zone that is set already is offered beside them.
const ZONES: [(&str, &str); 11] = [
    ("Europe/Kaliningrad", "citizens-zone-kaliningrad"),
    ("Europe/Moscow", "citizens-zone-moscow"),
    ("Europe/Samara", "citizens-zone-samara"),
    ("Asia/Yekaterinburg", "citizens-zone-yekaterinburg"),
    ("Asia/Omsk", "citizens-zone-omsk"),
    ("Asia/Krasnoyarsk", "citizens-zone-krasnoyarsk"),
    ("Asia/Irkutsk", "citizens-zone-irkutsk"),
    ("Asia/Yakutsk", "citizens-zone-yakutsk"),
    ("Asia/Vladivostok", "citizens-zone-vladivostok"),
    ("Asia/Magadan", "citizens-zone-magadan"),
    ("Asia/Kamchatka", "citizens-zone-kamchatka"),
];

/// The choices; `present` is the zone that is set.
pub fn choices(l: &Lang, present: &str) -> Vec<Choice<String>> {
    let known = ZONES.iter().map(|(id, key)| Choice { id: (*id).to_owned(), label: l.t(key).to_string() });
    let mut choices: Vec<_> = known.collect();
    if !present.is_empty() && choices.iter().all(|choice| choice.id != present) {
        choices.push(Choice { id: present.to_owned(), label: present.to_owned() });
    }
    choices
}

/// Only the zone that is set, for a form that is closed.
pub fn present(l: &Lang, zone: &str) -> Vec<Choice<String>> {
    let set = Some(zone).filter(|zone| !zone.is_empty());
    set.map(|zone| Choice { id: zone.to_owned(), label: shown(l, zone) }).into_iter().collect()
}

/// A zone in the reader's words: «Омск (МСК+3)», or its own name.
pub fn shown(l: &Lang, zone: &str) -> String {
    let known = ZONES.iter().find(|(id, _)| *id == zone);
    known.map_or_else(|| zone.to_owned(), |(_, key)| l.t(key).to_string())
}
