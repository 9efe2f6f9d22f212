//! The automatic part of WCAG 2.2 AA: axe-core, which `scripts/check` obtains and names in `TEST_AXE`.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{Browser, expected};

/// Runs the rules of WCAG 2.0, 2.1 and 2.2, levels A and AA.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const runOnly = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
    axe.run(document, { runOnly, resultTypes: ['violations'] })
        .then(found => done({ violations: found.violations, passes: found.passes.length }))
        .catch(error => done({ error: String(error) }));
";

#[expect(clippy::disallowed_methods, reason = "the one place where tests learn where axe-core is")]
static SOURCE: LazyLock<String> = LazyLock::new(|| {
    let path = std::env::var("TEST_AXE").unwrap_or_default();
    let source = std::fs::read_to_string(&path);
    source.unwrap_or_else(|error| panic!("TEST_AXE={path}: {error}; scripts/check obtains axe.min.js and names it"))
});

/// An element that keeps somebody out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Barrier {
    /// The rule: `color-contrast`.
    pub rule: String,
    /// Where: a CSS selector.
    pub place: String,
    /// The element's source.
    pub html: String,
    /// What to mend.
    pub why: String,
}

impl Browser {
    /// What the page shown lacks; empty when nothing.
    pub async fn barriers(&self) -> Vec<Barrier> {
        if self.run("return typeof axe === 'undefined'").await == json!(true) {
            expected(self.client.execute(&SOURCE, Vec::new()).await, "axe");
        }
        let found = expected(self.client.execute_async(RUN, Vec::new()).await, "axe");
        assert!(found["error"].is_null(), "axe: {}", found["error"]);
        assert!(found["passes"].as_u64().is_some_and(|passes| passes > 0), "axe looked at nothing: {found}");
        let violations = found["violations"].as_array().cloned().unwrap_or_default();
        violations.iter().flat_map(barriers).collect()
    }
}

fn barriers(violation: &Value) -> Vec<Barrier> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
    let barrier = |node: &Value| Barrier {
        rule: text(&violation["id"]),
        place: node["target"].to_string(),
        html: text(&node["html"]),
        why: text(&node["failureSummary"]),
    };
    nodes.iter().map(barrier).collect()
}
