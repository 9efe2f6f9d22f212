//! The curators that lists offer to choose from: in a large installation a thousand on every page, and hardly ever others than on
//! the page before.

use std::sync::{Arc, PoisonError, RwLock};

use super::store;
use crate::{
    Work,
    foundation::{errors::Failure, ids::PersonId, page::Choice},
    people::access::Action,
};

/// Active curators to choose from, by name.
pub type Offered = Arc<[Choice<PersonId>]>;

/// What was read last, for as long as it holds: the sum of all curators' versions, which grows with every change, and the curators.
#[derive(Debug, Default)]
pub struct KnownCurators(RwLock<Option<(i64, Offered)>>);

impl KnownCurators {
    fn at(&self, changes: i64) -> Option<Offered> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(then, _)| *then == changes).map(|(_, curators)| Arc::clone(curators))
    }

    fn keep(&self, changes: i64, curators: &Offered) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some((changes, Arc::clone(curators)));
    }
}

/// Active curators to choose from, by name.
pub async fn choices(work: &mut Work) -> Result<Offered, Failure> {
    work.must(Action::ViewCitizens)?;
    let changes = store::changes(&mut work.tx).await?;
    if let Some(known) = work.app.known_curators.at(changes) {
        return Ok(known);
    }
    let curators: Offered = store::choices(&mut work.tx).await?.into();
    // What was changed by the work itself may yet be taken back, and then the same sum would stand for something else.
    if work.only_looks() {
        work.app.known_curators.keep(changes, &curators);
    }
    Ok(curators)
}
