//! The curators that lists offer to choose from: in a large installation a thousand on every page, and hardly ever others than on
//! the page before.

use std::sync::Arc;

use super::store;
use crate::{
    Work,
    foundation::{errors::Failure, ids::PersonId, page::Choice},
    people::access::Action,
};

/// Active curators to choose from, by name.
pub type Offered = Arc<[Choice<PersonId>]>;

/// Active curators to choose from, by name.
pub async fn choices(work: &mut Work) -> Result<Offered, Failure> {
    work.must(Action::ViewCitizens)?;
    let changes = store::changes(&mut work.tx).await?;
    if let Some(known) = work.app.known_curators.at(changes) {
        return Ok(known);
    }
    let curators: Offered = store::choices(&mut work.tx).await?.into();
    if work.only_looks() {
        work.app.known_curators.keep(changes, &curators);
    }
    Ok(curators)
}
