//! The two languages say the same, and everything that is written can be said.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{CallArguments, Expression, InlineExpression, Message, Pattern, PatternElement, VariantKey};

use super::{Arg, Entry, LOCALES, LocaleFiles, Resource, Say, parser, words};

/// What a message wants to be told: name of the variable, and whether it chooses a plural or a numbered form.
type Wants = BTreeMap<String, bool>;

/// All messages of a locale: what they want and which messages they quote.
fn messages(locale: &str) -> BTreeMap<String, (Wants, BTreeSet<String>)> {
    let mut messages = BTreeMap::new();
    for name in LocaleFiles::iter().filter(|name| name.starts_with(&format!("{locale}/"))) {
        let file = LocaleFiles::get(&name).expect("listed");
        let text = String::from_utf8(file.data.into_owned()).expect("UTF-8");
        let resource: Resource<String> = parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{name}: {errors:?}"));
        for entry in resource.body {
            if let Entry::Message(Message { id, value, .. }) = entry {
                let mut found = (Wants::new(), BTreeSet::new());
                let pattern = value.unwrap_or_else(|| panic!("{name}: {} says nothing", id.name));
                look_at(&pattern, &mut found);
                assert!(messages.insert(id.name.clone(), found).is_none(), "{name}: {} stands twice", id.name);
            }
        }
    }
    messages
}

fn look_at(pattern: &Pattern<String>, found: &mut (Wants, BTreeSet<String>)) {
    for element in &pattern.elements {
        match element {
            PatternElement::Placeable { expression: Expression::Inline(inline) } => {
                look_at_inline(inline, false, found);
            }
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                let counts = variants.iter().any(|variant| match &variant.key {
                    VariantKey::NumberLiteral { .. } => true,
                    VariantKey::Identifier { name } => ["one", "few", "many"].contains(&name.as_str()),
                });
                look_at_inline(selector, counts, found);
                variants.iter().for_each(|variant| look_at(&variant.value, found));
            }
            PatternElement::TextElement { .. } => {}
        }
    }
}

fn look_at_inline(inline: &InlineExpression<String>, counts: bool, found: &mut (Wants, BTreeSet<String>)) {
    match inline {
        InlineExpression::VariableReference { id } => *found.0.entry(id.name.clone()).or_default() |= counts,
        InlineExpression::MessageReference { id, .. } => drop(found.1.insert(id.name.clone())),
        InlineExpression::Placeable { expression } => {
            if let Expression::Inline(inner) = expression.as_ref() {
                look_at_inline(inner, counts, found);
            }
        }
        InlineExpression::FunctionReference { arguments: CallArguments { positional, .. }, .. } => {
            positional.iter().for_each(|argument| look_at_inline(argument, true, found));
        }
        _ => {}
    }
}

/// What the message wants together with all it quotes.
fn wants(key: &str, all: &BTreeMap<String, (Wants, BTreeSet<String>)>) -> Wants {
    let (mut wants_, quotes) = all.get(key).cloned().unwrap_or_else(|| panic!("{key} is quoted but does not exist"));
    for quote in quotes {
        for (name, counts) in wants(&quote, all) {
            *wants_.entry(name).or_default() |= counts;
        }
    }
    wants_
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_variables() {
    let [source, other] = LOCALES.map(messages);
    let keys = |messages: &BTreeMap<String, _>| messages.keys().cloned().collect::<BTreeSet<_>>();
    let lonely: Vec<_> = keys(&source).symmetric_difference(&keys(&other)).cloned().collect();
    assert!(lonely.is_empty(), "in one language only: {lonely:#?}");
    for key in source.keys() {
        let names = |all| wants(key, all).into_keys().collect::<Vec<_>>();
        assert_eq!(names(&source), names(&other), "variables of {key}");
    }
}

#[test]
fn every_message_can_be_said_with_every_number() {
    let words = words("patient", "doctor");
    for locale in LOCALES {
        let all = messages(locale);
        for key in all.keys() {
            for number in [0, 1, 2, 5, 12] {
                let args = wants(key, &all).into_iter().map(|(name, counts)| {
                    (name.into(), if counts { Arg::Number(number) } else { Arg::Text("x".to_owned()) })
                });
                let say = Say { key: key.clone().into(), args: args.collect() };
                // A missing term or variable panics here.
                let text = words.in_locale(locale).say(&say);
                assert!(!text.is_empty(), "{key} in {locale} says nothing");
                assert!(!text.contains("{$") && !text.contains("{-"), "{key} in {locale}: {text}");
            }
        }
    }
}

/// PT-002: with other terms no trace of the default ones remains.
#[test]
fn no_trace_of_the_default_terms_remains() {
    let words = words("patient", "doctor");
    let all = messages("ru");
    for key in all.keys() {
        let args = wants(key, &all)
            .into_iter()
            .map(|(name, counts)| (name.into(), if counts { Arg::Number(2) } else { Arg::Text("x".to_owned()) }));
        let text = words.in_locale("ru").say(&Say { key: key.clone().into(), args: args.collect() }).to_lowercase();
        for trace in ["пользовател", "соц. куратор", "социальн"] {
            assert!(!text.contains(trace), "{key}: {text}");
        }
    }
}

#[test]
fn the_same_number_of_plural_forms_is_written_as_the_language_has() {
    for (locale, forms) in [("ru", ["one", "few", "many"].as_slice()), ("en", ["one", "other"].as_slice())] {
        for name in LocaleFiles::iter().filter(|name| name.starts_with(&format!("{locale}/"))) {
            let file = LocaleFiles::get(&name).expect("listed");
            let text = String::from_utf8(file.data.into_owned()).expect("UTF-8");
            let blocks = text.split("->").skip(1).filter_map(|rest| rest.split('}').next().map(str::to_owned));
            for block in blocks.filter(|block| block.contains("[one]")) {
                assert!(
                    forms.iter().all(|form| rest_of(&text, &block).contains(&format!("[{form}]"))),
                    "{name}: a plural lacks one of {forms:?}: {block}"
                );
            }
        }
    }
}

/// The variants after a `->` reach past the braces inside them: look at the lines up to the closing one.
fn rest_of<'a>(text: &'a str, block: &str) -> &'a str {
    let from = text.find(block).unwrap_or_default();
    let rest = text.get(from..).unwrap_or_default();
    let mut depth = 1;
    for (index, letter) in rest.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return rest.get(..index).unwrap_or(rest);
        }
    }
    rest
}
