//! Words: Fluent messages in Russian (the source) and English, with the installation's terms and renamed functions.
//!
//! No user-visible literal stands in code: code holds keys ([`crate::foundation::errors::Say`]) and a [`Dictionary`] says them.

pub mod format;
mod labels;
mod terms;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap, fmt};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::Entry;
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use terms::TermSet;

use crate::foundation::{
    config::{Config, Misconfiguration},
    errors::{Arg, Say},
};

#[derive(RustEmbed)]
#[folder = "../locales"]
struct LocaleFiles;

/// Languages of the interface; the first is the source.
pub const LOCALES: [&str; 2] = ["ru", "en"];

/// All texts of the installation.
pub struct Words {
    dictionaries: BTreeMap<&'static str, Dictionary>,
}

/// The texts of one language.
pub struct Dictionary {
    locale: &'static str,
    bundle: FluentBundle<FluentResource>,
    keys: Vec<String>,
}

impl Words {
    /// Loads the texts with the terms, labels and product names of `config`; tells everything that is wrong with them.
    pub fn load(config: &Config) -> Result<Self, Vec<Misconfiguration>> {
        let citizen = TermSet::load("terms.citizen", &config.terms.citizen);
        let curator = TermSet::load("terms.curator", &config.terms.curator);
        let (citizen, curator) = match (citizen, curator) {
            (Ok(citizen), Ok(curator)) => (citizen, curator),
            (one, other) => return Err([one.err(), other.err()].into_iter().flatten().flatten().collect()),
        };
        let mut dictionaries = BTreeMap::new();
        for locale in LOCALES {
            dictionaries.insert(locale, Dictionary::of(config, locale, &citizen, &curator)?);
        }
        Ok(Self { dictionaries })
    }

    /// The texts in `locale`, or in Russian when there is no such language.
    pub fn in_locale(&self, locale: &str) -> &Dictionary {
        self.dictionaries.get(locale).or_else(|| self.dictionaries.get("ru")).expect("`load` fills in every locale")
    }
}

fn none_of(problems: Vec<Misconfiguration>) -> Result<(), Vec<Misconfiguration>> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The names of the product (PT-001) that the operator chose instead of the usual ones.
fn product_names(config: &Config) -> String {
    let names = [("product-name", &config.product_name), ("product-short-name", &config.product_short_name)];
    let chosen = names.into_iter().filter(|(_, name)| !name.trim().is_empty());
    chosen.map(|(key, name)| format!("{key} = {}\n", terms::literal(name.trim()))).collect()
}

impl Dictionary {
    fn of(
        config: &Config,
        locale: &'static str,
        citizen: &TermSet,
        curator: &TermSet,
    ) -> Result<Self, Vec<Misconfiguration>> {
        let mut dictionary = Self::load(locale).map_err(|problem| vec![problem])?;
        dictionary.overlay(&citizen.compile("citizen", locale))?;
        dictionary.overlay(&curator.compile("curator", locale))?;
        none_of(labels::check(&config.labels, &dictionary))?;
        dictionary.overlay(&labels::compile(&config.labels))?;
        dictionary.overlay(&product_names(config))?;
        none_of(labels::check_bot_menu(&dictionary))?;
        Ok(dictionary)
    }

    fn load(locale: &'static str) -> Result<Self, Misconfiguration> {
        let language: LanguageIdentifier = locale.parse().expect("LOCALES are language tags");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(false);
        let mut dictionary = Self { locale, bundle, keys: Vec::new() };
        let prefix = format!("{locale}/");
        for name in LocaleFiles::iter().filter(|name| name.starts_with(&prefix)) {
            let Some(file) = LocaleFiles::get(&name) else { continue };
            let resource = parse(&name, &String::from_utf8_lossy(&file.data))?;
            let messages = resource.entries().filter_map(|entry| match entry {
                Entry::Message(message) => Some(message.id.name.to_owned()),
                _ => None,
            });
            dictionary.keys.extend(messages);
            dictionary.bundle.add_resource_overriding(resource);
        }
        Ok(dictionary)
    }

    /// Lays messages and terms over those that are there.
    fn overlay(&mut self, text: &str) -> Result<(), Vec<Misconfiguration>> {
        self.bundle.add_resource_overriding(parse("opora.toml", text).map_err(|problem| vec![problem])?);
        Ok(())
    }

    /// Whether there is a message with this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The keys of all messages.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }

    /// The language tag.
    pub fn locale(&self) -> &'static str {
        self.locale
    }

    /// Begins a sentence; add arguments, then show it.
    pub fn t<'a>(&'a self, key: &'a str) -> Phrase<'a> {
        Phrase { dictionary: self, key, args: FluentArgs::new() }
    }

    /// Says a sentence that was prepared elsewhere.
    pub fn say(&self, say: &Say) -> String {
        let mut phrase = self.t(&say.key);
        for (name, value) in &say.args {
            let value = match value {
                Arg::Number(number) => FluentValue::from(*number),
                Arg::Text(text) => FluentValue::from(text.clone()),
            };
            phrase.args.set(name.clone(), value);
        }
        phrase.to_string()
    }
}

fn parse(name: &str, text: &str) -> Result<FluentResource, Misconfiguration> {
    FluentResource::try_new(text.to_owned())
        .map_err(|(_, errors)| Misconfiguration { setting: name.to_owned(), mend: format!("{errors:?}") })
}

/// A sentence about to be said. `{{ l.t("waiting").n("count", count) }}` in a template.
pub struct Phrase<'a> {
    dictionary: &'a Dictionary,
    key: &'a str,
    args: FluentArgs<'a>,
}

impl<'a> Phrase<'a> {
    /// Adds a text argument.
    #[must_use]
    pub fn s(mut self, name: &'a str, value: impl Into<Cow<'a, str>>) -> Self {
        self.args.set(name, FluentValue::String(value.into()));
        self
    }

    /// Adds a number argument, which chooses plural forms.
    #[must_use]
    pub fn n(mut self, name: &'a str, value: impl TryInto<i64>) -> Self {
        self.args.set(name, FluentValue::from(value.try_into().unwrap_or(i64::MAX)));
        self
    }
}

impl fmt::Display for Phrase<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bundle = &self.dictionary.bundle;
        let pattern = bundle.get_message(self.key).and_then(|message| message.value());
        debug_assert!(pattern.is_some(), "no message {} in {}", self.key, self.dictionary.locale);
        let Some(pattern) = pattern else { return f.write_str(self.key) };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&self.args), &mut errors);
        debug_assert!(errors.is_empty(), "{} in {}: {errors:?}", self.key, self.dictionary.locale);
        f.write_str(&text)
    }
}
