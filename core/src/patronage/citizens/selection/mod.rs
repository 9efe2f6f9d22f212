//! Ticked rows of the list (PT-264). They are kept with the session, so they survive paging and need no script.

pub(in crate::patronage) mod store;

use std::collections::BTreeSet;

use super::{CitizenFilter, list};
use crate::{
    Work,
    foundation::{
        errors::Failure,
        ids::{PersonId, SessionId},
    },
    people::access::Action,
};

/// Notes the ticks of one page: of the rows `shown`, those in `ticked` are chosen and the others are not.
pub async fn tick(work: &mut Work, session: SessionId, shown: &[PersonId], ticked: &[PersonId]) -> Result<(), Failure> {
    work.must(Action::TransferCitizens)?;
    let ticked: Vec<PersonId> = ticked.iter().filter(|person| shown.contains(person)).copied().collect();
    let unticked: Vec<PersonId> = shown.iter().filter(|person| !ticked.contains(person)).copied().collect();
    store::remove(&mut work.tx, session, &unticked).await?;
    store::add(&mut work.tx, session, &ticked).await?;
    Ok(())
}

/// «Выбрать всех найденных»: ticks everybody whom the filter finds, on all pages.
pub async fn tick_found(work: &mut Work, session: SessionId, filter: &CitizenFilter) -> Result<(), Failure> {
    let sight = work.must(Action::TransferCitizens)?;
    if let Some(search) = list::search(work, sight, filter) {
        store::add_found(&mut work.tx, session, &search).await?;
    }
    Ok(())
}

/// «Снять отметки».
pub async fn untick_all(work: &mut Work, session: SessionId) -> Result<(), Failure> {
    work.must(Action::TransferCitizens)?;
    Ok(store::clear(&mut work.tx, session).await?)
}

/// How many are ticked, on all pages.
pub async fn ticked(work: &mut Work, session: SessionId) -> Result<i64, Failure> {
    work.must(Action::TransferCitizens)?;
    Ok(store::count(&mut work.tx, session).await?)
}

/// Which of these are ticked.
pub async fn ticked_among(
    work: &mut Work,
    session: SessionId,
    persons: &[PersonId],
) -> Result<BTreeSet<PersonId>, Failure> {
    work.must(Action::TransferCitizens)?;
    Ok(store::among(&mut work.tx, session, persons).await?.into_iter().collect())
}
