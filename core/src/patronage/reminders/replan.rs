//! Moments derived anew from local dates and times (PT-D29).

use crate::{
    foundation::{errors::Failure, ids::PersonId},
    work::{App, Work},
};

/// Derives the next moments of the person's series anew: after a change of time zone, district or curator.
pub async fn replan_person(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    let _ = (work, person);
    todo!()
}

/// Derives all next moments anew: at start, because zone data or settings may have changed. Returns how many moved.
pub async fn replan_all(app: &App) -> Result<usize, Failure> {
    let _ = app;
    todo!()
}

/// Ends everything planned for a person whose card is deleted (PT-D12).
pub async fn stop_person(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    let _ = (work, person);
    todo!()
}
