use proptest::prelude::*;

use super::{LIMIT, split, units};

#[test]
fn short_lines_share_a_message() {
    assert_eq!(split(["один".to_owned(), "два".to_owned()]), ["один\nдва"]);
    assert!(split(Vec::new()).is_empty());
}

#[test]
fn a_message_may_be_exactly_full() {
    let (half, rest) = ("я".repeat(2000), "ю".repeat(LIMIT - 2001));
    assert_eq!(split([half.clone(), rest.clone()]), [format!("{half}\n{rest}")]);
    assert_eq!(split([half.clone(), format!("{rest}!")]).len(), 2);
}

#[test]
fn a_line_over_the_limit_is_cut() {
    let messages = split(["😀".repeat(LIMIT)]);
    assert_eq!(messages.len(), 1);
    assert!(units(&messages[0]) <= LIMIT && messages[0].ends_with('…'));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// PT-121
    #[test]
    fn nothing_is_lost_and_no_message_is_too_long(
        lines in prop::collection::vec("[а-я😀]{0,1500}", 0..30)
    ) {
        let messages = split(lines.clone());
        prop_assert!(messages.iter().all(|message| units(message) <= LIMIT));
        let joined: Vec<String> = messages.iter().flat_map(|message| message.split('\n')).map(str::to_owned).collect();
        prop_assert_eq!(joined, lines);
    }
}
