//! Those whom no message reaches.

use chrono_tz::Tz;
use opora_core::{
    foundation::page::Page,
    patronage::unreachable::{Unreachable, Why},
    people::contact,
    words::format,
};

use super::Asked;
use crate::{paths, visit::Lang};

/// The list.
pub(super) struct People {
    /// Address and name of each kind, and whether it is shown.
    pub kinds: Vec<(String, String, bool)>,
    pub page: Page<Row>,
    /// This list's address, ready for `people=`.
    pub more: String,
}

/// Somebody.
pub(super) struct Row {
    pub path: String,
    pub name: String,
    pub phone: String,
    pub curator: String,
    pub since: String,
}

/// Which list is asked for.
pub(super) fn why(asked: &Asked) -> Why {
    if asked.why == name(Why::NotConnected) { Why::NotConnected } else { Why::Blocked }
}

fn name(why: Why) -> &'static str {
    match why {
        Why::Blocked => "blocked",
        Why::NotConnected => "not-connected",
    }
}

impl People {
    pub(super) fn of(l: &Lang, asked: &Asked, shown: Why, found: Page<Unreachable>, zone: Tz) -> Self {
        let address = |why| {
            let asked = Asked { why: name(why).to_owned(), ..asked.clone() };
            format!("{}?{}", paths::DELIVERY, serde_html_form::to_string(&asked).unwrap_or_default())
        };
        let labels =
            [(Why::Blocked, "delivery-unreachable-blocked"), (Why::NotConnected, "delivery-unreachable-not-connected")];
        let kinds = labels.map(|(why, label)| (address(why), l.t(label).to_string(), why == shown)).into();
        Self { kinds, page: found.map(|it| Row::of(it, zone)), more: format!("{}&", address(shown)) }
    }
}

impl Row {
    fn of(it: Unreachable, zone: Tz) -> Self {
        Self {
            path: paths::citizen(it.person),
            name: it.name.full(),
            phone: it.phone.map(|phone| contact::shown(&phone)).unwrap_or_default(),
            curator: it.curator.map(|name| name.full()).unwrap_or_default(),
            since: format::moment(it.since, zone),
        }
    }
}
