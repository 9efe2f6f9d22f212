//! «Районы» (PT-227…PT-232).

use crate::{
    Work,
    foundation::{errors::Failure, ids::DistrictId, page::Choice},
};

/// Districts to choose from, in the order of creation.
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<DistrictId>>, Failure> {
    todo!("{}", work.now)
}

/// Adds a district; equal names are refused (PT-231).
pub async fn create(work: &mut Work, name: &str) -> Result<DistrictId, Failure> {
    todo!("{} {name}", work.now)
}
