//! Moments derived anew from local dates and times (PT-D29).

use super::series::{Cursor, Series, Zones, store};
use crate::{
    Signal,
    foundation::{
        errors::{Failure, StorageError},
        ids::{PersonId, SeriesId},
    },
    people::access::Actor,
    work::{App, Work},
};

/// Series looked at in one step.
const PAGE: u32 = 1000;

/// Derives the next moments of the person's series anew: after a change of time zone, district or curator. Part of such a use
/// case, which has checked the right. Dates and ordinals stay, so nothing is sent twice.
pub async fn replan_person(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    let house = work.app.config.time_zone;
    let Some(place) = store::find_place(&mut work.tx, house, person).await? else { return Ok(()) };
    let series = store::list_ahead(&mut work.tx, person).await?;
    let moves = moves(series.iter().map(|it| (it, place.zones)));
    store::move_cursors(&mut work.tx, &moves).await?;
    work.signal(Signal::Schedule);
    Ok(())
}

/// Derives all next moments anew: at start, because zone data or settings may have changed. Returns how many moved.
pub async fn replan_all(app: &App) -> Result<usize, Failure> {
    let (mut moved, mut after) = (0, None);
    loop {
        let mut tx = app.db.read().await?;
        let page = store::page_ahead(&mut tx, app.config.time_zone, after, PAGE).await?;
        drop(tx);
        let Some((last, _)) = page.last() else { return Ok(moved) };
        after = Some(last.id);
        let moves = moves(page.iter().map(|(it, zones)| (it, *zones)));
        if !moves.is_empty() {
            moved += replan_some(app, &moves).await?;
        }
    }
}

async fn replan_some(app: &App, moves: &[(SeriesId, Cursor)]) -> Result<usize, StorageError> {
    let mut work = app.begin(Actor::System).await?;
    let moved = store::move_cursors(&mut work.tx, moves).await?;
    work.signal(Signal::Schedule);
    work.commit().await?;
    Ok(usize::try_from(moved).unwrap_or(usize::MAX))
}

/// The cursors whose moment is another one now.
fn moves<'a>(series: impl Iterator<Item = (&'a Series, Zones)>) -> Vec<(SeriesId, Cursor)> {
    series
        .filter_map(|(it, zones)| {
            let next = it.cursor?;
            let due_at = it.plan.due_at(next.date, zones.of(it.plan.kind));
            (due_at != next.due_at).then_some((it.id, Cursor { due_at, ..next }))
        })
        .collect()
}

/// Ends everything planned for a person whose card is deleted (PT-D12). Part of that use case, which has checked the right.
pub async fn stop_person(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    Ok(store::stop_all(&mut work.tx, person, work.now).await?)
}
