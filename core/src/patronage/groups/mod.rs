//! «Особые группы» (PT-242…PT-247).

use crate::{
    Work,
    foundation::{errors::Failure, ids::GroupId, page::Choice},
};

/// Groups to choose from, by name.
pub async fn choices(work: &mut Work) -> Result<Vec<Choice<GroupId>>, Failure> {
    todo!("{}", work.now)
}

/// The operator adds a group.
pub async fn create(work: &mut Work, name: &str) -> Result<GroupId, Failure> {
    todo!("{} {name}", work.now)
}
