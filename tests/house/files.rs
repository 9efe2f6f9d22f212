//! The sources as text.

use std::path::{Path, PathBuf};

/// A file of this repository.
pub struct Source {
    /// Relative to the root, with `/`.
    pub path: String,
    pub text: String,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below `folders` with this extension.
pub fn below(folders: &[&str], extension: &str) -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root().join(folder), extension, &mut paths);
    }
    paths.sort();
    paths
        .into_iter()
        .map(|path| Source {
            text: std::fs::read_to_string(&path).unwrap(),
            path: path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"),
        })
        .collect()
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

/// Rust that runs in the product: without tests and comments.
pub fn product_code() -> Vec<Source> {
    let mut sources = below(&["core/src", "bot/src", "panel/src", "src"], "rs");
    sources.retain(|source| !source.path.contains("/tests/") && !source.path.ends_with("/tests.rs"));
    for source in &mut sources {
        let text = source.text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        source.text = text.lines().map(without_comment).collect::<Vec<_>>().join("\n");
    }
    sources
}

/// The line up to `//` outside of quotes.
fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut previous = ' ';
    for (at, letter) in line.char_indices() {
        match letter {
            '"' if previous != '\\' && previous != '\'' => quoted = !quoted,
            '/' if !quoted && line[at..].starts_with("//") => return &line[..at],
            _ => {}
        }
        previous = letter;
    }
    line
}

/// Templates without their comments.
pub fn templates() -> Vec<Source> {
    let mut sources = below(&["panel/templates"], "html");
    for source in &mut sources {
        source.text = without(&without(&source.text, "{#", "#}"), "<!--", "-->");
    }
    sources
}

fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        rest = after.split_once(close).map_or("", |(_, after)| after);
    }
    kept + rest
}
