//! Finds a page for every route: follows links from page to page, as people do, and keeps one address of each kind.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::Method;
use opora_panel::routes;
use opora_testkit::Visitor;

/// Addresses of one route are told apart by what their queries ask for, up to so many.
const KINDS_OF_ONE_ROUTE: usize = 3;

/// The patterns of all pages.
pub fn patterns() -> Vec<&'static str> {
    let pages = routes::list().into_iter().filter(|route| route.method == Method::GET);
    pages.map(|route| route.path).filter(|path| !path.starts_with("/assets/")).collect()
}

/// The pattern that a path fits: `/citizens/{id}`.
fn pattern_of(path: &str, patterns: &[&'static str]) -> Option<&'static str> {
    let fits = |pattern: &str| {
        let (parts, wanted): (Vec<_>, Vec<_>) = (path.split('/').collect(), pattern.split('/').collect());
        parts.len() == wanted.len()
            && parts.iter().zip(&wanted).all(|(part, wanted)| part == wanted || wanted.starts_with('{'))
    };
    // An address without ids goes before one that takes anything: `/citizens/new` is nobody's card.
    let mut fitting: Vec<_> = patterns.iter().copied().filter(|pattern| fits(pattern)).collect();
    fitting.sort_by_key(|pattern| pattern.matches('{').count());
    fitting.first().copied()
}

/// The names that a query uses; the values of those that choose a view.
fn kind_of(query: &str) -> String {
    let mut names: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.split_once('=') {
            Some(("view" | "tab", _)) => pair,
            Some((name, _)) => name,
            None => pair,
        })
        .collect();
    names.sort_unstable();
    names.join("&")
}

/// Addresses of pages that this visitor can reach, a few of each route.
pub async fn pages(visitor: &mut Visitor) -> Vec<String> {
    let patterns = patterns();
    let mut kept: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    let mut waiting: VecDeque<String> =
        patterns.iter().filter(|path| !path.contains('{')).map(|path| (*path).to_owned()).collect();
    while let Some(address) = waiting.pop_front() {
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        let Some(pattern) = pattern_of(path, &patterns) else { continue };
        let kinds = kept.entry(pattern).or_default();
        if kinds.len() >= KINDS_OF_ONE_ROUTE || kinds.contains(&kind_of(query)) || !seen.insert(address.clone()) {
            continue;
        }
        let page = visitor.get(&address).await;
        let is_page = page.headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let is_led_elsewhere = page.url.path() != path;
        if !is_page || !page.status.is_success() || is_led_elsewhere {
            continue;
        }
        kinds.insert(kind_of(query));
        waiting.extend(
            page.attributes("a[href]", "href")
                .into_iter()
                .filter(|link| link.starts_with('/'))
                .map(|link| link.split('#').next().unwrap_or_default().to_owned()),
        );
        found.push(address);
    }
    found
}
