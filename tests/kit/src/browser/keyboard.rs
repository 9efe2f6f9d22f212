//! A person without a mouse.

use fantoccini::{
    actions::{InputSource, KeyAction, KeyActions},
    key::Key,
};

use super::{Browser, expected, plain};

/// Stops on the way that no page needs.
const TOO_MANY_STOPS: usize = 120;

/// What has the focus: its name, and whether one can see that it has it.
const FOCUS: &str = r#"
    const e = document.activeElement;
    if (!e || e === document.body) return ['', true];
    const heard = element => {
        const copy = element.cloneNode(true);
        copy.querySelectorAll('[aria-hidden=true]').forEach(hidden => hidden.remove());
        return copy.textContent;
    };
    const label = e.labels && e.labels[0] && heard(e.labels[0]);
    const name = (e.getAttribute('aria-label') || label || heard(e) || e.value || '').replace(/\s+/g, ' ').trim();
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    const inView = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
    // Where a skip led to is no stop of its own.
    return [name, (ring && inView) || e.matches('[tabindex="-1"]')];
"#;

impl Browser {
    /// Types into whatever has the focus.
    pub async fn types(&self, text: &str) {
        for sign in text.chars() {
            self.key(sign).await;
        }
    }

    /// Presses a key that has no letter.
    pub async fn presses(&self, key: Key) {
        self.key(char::from(key)).await;
    }

    async fn key(&self, value: char) {
        let keys = KeyActions::new("keyboard".to_owned());
        let keys = keys.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        expected(self.client.perform_actions(keys).await, "a key");
    }

    /// The name of what has the focus; empty when nothing has it.
    pub async fn focused(&self) -> String {
        self.focus().await.0
    }

    async fn focus(&self) -> (String, bool) {
        let found = self.run(FOCUS).await;
        (plain(found[0].as_str().unwrap_or_default()), found[1].as_bool().unwrap_or_default())
    }

    /// Presses Tab until something has the focus whose name begins so, unless it has it already. Every stop on the way must be seen to have it.
    pub async fn tab_to(&self, name: &str) {
        let mut way = Vec::new();
        while way.len() < TOO_MANY_STOPS {
            let (stop, is_seen) = self.focus().await;
            assert!(is_seen, "«{stop}» does not show that it has the focus at {}", self.url().await);
            if stop.starts_with(name) {
                return;
            }
            way.push(stop);
            self.presses(Key::Tab).await;
        }
        panic!("Tab never comes to «{name}» at {}; it came to {way:#?}", self.url().await)
    }
}
