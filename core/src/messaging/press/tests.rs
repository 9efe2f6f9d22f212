use proptest::prelude::*;
use uuid::Uuid;

use super::{Press, Reaction, TextMark};
use crate::foundation::ids::OccurrenceId;

/// What Telegram carries in a button at most.
const LIMIT: usize = 64;

fn any_press() -> impl Strategy<Value = Press> {
    let react = |reaction| {
        any::<u128>().prop_map(move |id| Press::React { occurrence: OccurrenceId(Uuid::from_u128(id)), reaction })
    };
    let pass_on = ".*".prop_map(|text| Press::PassOn { text: TextMark::of(&text) });
    prop_oneof![react(Reaction::Done), react(Reaction::Missed), pass_on]
}

proptest! {
    #[test]
    fn every_button_fits_and_comes_back_as_it_was(press in any_press()) {
        let data = press.to_string();
        prop_assert!(data.len() <= LIMIT, "{data} has {} bytes", data.len());
        prop_assert_eq!(data.parse(), Ok(press));
    }

    #[test]
    fn foreign_data_are_refused_or_ours(data in "\\PC{0,80}") {
        if let Ok(press) = data.parse::<Press>() {
            prop_assert_eq!(press.to_string().parse::<Press>(), Ok(press));
        }
    }
}

#[test]
fn buttons_of_another_version_and_damaged_ones_are_not_ours() {
    for data in ["", "1", "1d", "1dabc", "2dAAAAAAAAAAAAAAAAAAAAAA", "1p", "1p!", "1pAAAA", "done:5", "1x"] {
        assert!(data.parse::<Press>().is_err(), "{data:?}");
    }
}
