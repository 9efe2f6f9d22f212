//! Recovery codes: ten, each good for one sign-in without the device. Shown once, kept as hashes.

use sha2::{Digest, Sha256};

use crate::foundation::{
    chance::{self, Chance},
    ids::AccountId,
    secrets::Secret,
};

/// How many there are after each drawing.
pub const COUNT: usize = 10;
/// Letters and digits that do not look alike.
const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Sixteen signs are 79 bits: too many to try, so that a plain hash protects them.
const LENGTH: usize = 16;
const GROUP: usize = 4;

/// Ten new codes as they are shown: «abcd-efgh-jkmn-pqrs».
pub fn draw(chance: &dyn Chance) -> Vec<Secret> {
    (0..COUNT).map(|_| one(chance)).collect()
}

fn one(chance: &dyn Chance) -> Secret {
    let sign = |_| {
        let index = usize::try_from(chance::below(chance, SIGNS.len() as u64)).unwrap_or_default();
        SIGNS.get(index).map_or('a', |byte| char::from(*byte))
    };
    let signs: Vec<char> = (0..LENGTH).map(sign).collect();
    let groups: Vec<String> = signs.chunks(GROUP).map(|group| group.iter().collect()).collect();
    Secret::new(groups.join("-"))
}

/// What is kept of a code. Case, blanks and dashes do not matter; the account makes equal codes differ.
pub fn hash(account: AccountId, typed: &str) -> Vec<u8> {
    let signs = typed.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase);
    let mut hash = Sha256::new();
    hash.update(account.0.as_bytes());
    hash.update(signs.collect::<String>().as_bytes());
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_code_may_be_typed_in_any_way_and_belongs_to_one_account() {
        let (anna, boris) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let kept = hash(anna, "abcd-efgh-jkmn-pqrs");
        for typed in ["ABCD EFGH JKMN PQRS", " abcdefghjkmnpqrs ", "abcd–efgh–jkmn–pqrs"] {
            assert_eq!(hash(anna, typed), kept, "{typed}");
        }
        assert_ne!(hash(boris, "abcd-efgh-jkmn-pqrs"), kept);
        assert_ne!(hash(anna, "abcd-efgh-jkmn-pqrt"), kept);
    }
}
