//! Every setting is explained where operators look.

use opora_core::foundation::config::Config;
use serde_json::Value;

use crate::files::root;

/// The names of all settings, `telegram.token` and the like.
fn names() -> Vec<String> {
    fn collect(prefix: &str, value: &Value, names: &mut Vec<String>) {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                for (name, inner) in fields {
                    let dot = if prefix.is_empty() { "" } else { "." };
                    collect(&format!("{prefix}{dot}{name}"), inner, names);
                }
            }
            _ => names.push(prefix.to_owned()),
        }
    }
    let mut names = Vec::new();
    collect("", &serde_json::to_value(Config::default()).unwrap(), &mut names);
    names
}

#[test]
fn the_readme_explains_every_setting() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let missing: Vec<String> = names().into_iter().filter(|name| !readme.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "not in the table of README.md: {missing:#?}");
}

#[test]
fn the_example_shows_every_setting_with_its_default() {
    let example = std::fs::read_to_string(root().join("opora.example.toml")).unwrap();
    // Every setting stands there behind a sign of comment: without the signs it must be the defaults.
    let opened: String = example
        .lines()
        .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned() + "\n")
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("opora.toml");
    std::fs::write(&file, opened).unwrap();
    let read = Config::load(&file).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), serde_json::to_value(Config::default()).unwrap());
    let missing: Vec<String> =
        names().into_iter().filter(|name| !example.contains(name.split('.').next_back().unwrap())).collect();
    assert!(missing.is_empty(), "not in opora.example.toml: {missing:#?}");
}
