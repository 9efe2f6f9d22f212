//! «ИНН» of a person: twelve digits, the last two of which are computed from the others.

use crate::foundation::errors::Say;

const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

/// The tax number of a person; text, because it may begin with zeros.
#[derive(Debug, Clone, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct Inn(String);

impl Inn {
    /// Reads twelve digits with the right control digits, else «ИНН указан неверно»† (PT-067).
    pub fn parse(text: &str) -> Result<Self, Say> {
        let text = text.trim();
        let wrong = || Say::key("people-wrong-inn");
        let digits: Vec<u32> = text.chars().map(|c| c.to_digit(10)).collect::<Option<_>>().ok_or_else(wrong)?;
        let [head @ .., eleventh, twelfth] = digits.as_slice() else { return Err(wrong()) };
        let up_to_eleventh: Vec<u32> = head.iter().chain([eleventh]).copied().collect();
        let (_, ten_weights) = WEIGHTS.split_first().expect("there are eleven weights");
        let is_right = head.len() == 10
            && control(head, ten_weights) == *eleventh
            && control(&up_to_eleventh, &WEIGHTS) == *twelfth;
        // Zeros alone would pass the arithmetic.
        if is_right && digits.iter().any(|digit| *digit != 0) { Ok(Self(text.to_owned())) } else { Err(wrong()) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn control(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11 % 10
}
