//! Trouble by chance, and people who answer at once: what a chaos test lives on.

use std::collections::BTreeMap;

use super::orders::{Garbage, Trouble};

/// Of a thousand troubles so many are of this kind. One 429 silences the whole bot for a second, so it is rare.
const SHARES: [(u64, Trouble); 13] = [
    (200, Trouble::DropBefore),
    (200, Trouble::DropAfter),
    (200, Trouble::ServerError),
    (50, Trouble::Garbage(Garbage::Page)),
    (50, Trouble::Garbage(Garbage::Half)),
    (50, Trouble::Garbage(Garbage::BrokenOff)),
    (50, Trouble::Garbage(Garbage::WrongShape)),
    (30, Trouble::Garbage(Garbage::Empty)),
    (50, Trouble::ProxyRefuses),
    (50, Trouble::Portal),
    (25, Trouble::Gateway { taken: true }),
    (25, Trouble::Gateway { taken: false }),
    (20, Trouble::TooMany { retry_after: 1 }),
];

/// How much trouble there is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chaos {
    /// Of a thousand calls so many go wrong.
    pub(crate) troubles: u64,
    /// Of a thousand messages with this button it is pressed under so many.
    pub(crate) presses: Option<(String, u64)>,
    /// Messages whose troubles left the bot in doubt.
    pub(crate) doubts: usize,
    /// Calls that went wrong, by kind.
    pub(crate) made: BTreeMap<&'static str, usize>,
    /// The data of the buttons pressed.
    pub(crate) pressed: Vec<String>,
    drawn: u64,
}

impl Chaos {
    /// Begins anew with this seed.
    pub(crate) fn begin(&mut self, seed: u64, troubles: u64, presses: Option<(String, u64)>) {
        self.troubles = troubles;
        self.presses = presses;
        self.drawn = seed;
    }

    /// The trouble of the next call, if it has any.
    pub(crate) fn trouble(&mut self, method: &str) -> Option<Trouble> {
        if self.troubles == 0 || self.draw(1000) >= self.troubles {
            return None;
        }
        let mut drawn = self.draw(1000);
        let trouble = SHARES.iter().find(|(share, _)| {
            let is_it = drawn < *share;
            drawn = drawn.saturating_sub(*share);
            is_it
        });
        let trouble = trouble.map(|(_, trouble)| trouble.clone());
        if let Some(trouble) = &trouble {
            *self.made.entry(trouble.name()).or_default() += 1;
            self.doubts += usize::from(trouble.leaves_doubt() && method.eq_ignore_ascii_case("sendMessage"));
        }
        trouble
    }

    /// Whether somebody presses the button of this label under the next message.
    pub(crate) fn is_pressed(&mut self, label: &str) -> bool {
        match &self.presses {
            Some((wanted, share)) if wanted == label => {
                let share = *share;
                self.draw(1000) < share
            }
            _ => false,
        }
    }

    /// A number below `bound`; the same ones for the same seed (splitmix64).
    fn draw(&mut self, bound: u64) -> u64 {
        self.drawn = self.drawn.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.drawn;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
