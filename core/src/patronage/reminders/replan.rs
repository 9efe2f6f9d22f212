//! Moments derived anew from local dates and times (PT-D29).

use super::{
    occurrence,
    series::{Cursor, Series, Zones, store},
};
use crate::{
    Signal,
    foundation::{
        clock::Timestamp,
        errors::{Failure, StorageError},
        ids::{DistrictId, PersonId, SeriesId},
    },
    schedule::local_time::local_now,
    work::Work,
};

/// Persons asked for in one statement.
const PERSONS: usize = 1000;

/// People whose series are looked at in one step.
const PEOPLE: usize = 200;

/// Derives the next moments of the person's series anew: after a change of time zone, district or curator. Part of such a use
/// case, which has checked the right. Dates and ordinals stay, so nothing is sent twice.
pub async fn replan_person(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    replan_people(work, &[person]).await
}

/// Derives the next moments anew of all whose time follows a district's: of those who live there, and of the own reminders of
/// its curators. Part of the use case that changes its time zone, which has checked the right.
pub async fn replan_district(work: &mut Work, district: DistrictId) -> Result<(), Failure> {
    let people = store::people_of_district(&mut work.tx, district).await?;
    replan_people(work, &people).await
}

async fn replan_people(work: &mut Work, people: &[PersonId]) -> Result<(), Failure> {
    let house = work.app.config.time_zone;
    for some in people.chunks(PEOPLE) {
        let series = store::list_ahead(&mut work.tx, house, some).await?;
        let moves = moves(series.iter().map(|(it, zones)| (it, *zones)));
        store::move_cursors(&mut work.tx, &moves).await?;
    }
    work.signal(Signal::Schedule);
    Ok(())
}

/// Derives the next moments of the curators' own reminders about these citizens anew: they have another curator, whose district
/// may have other clocks (PT-D11, PT-D29). Part of that use case, which has checked the right.
pub async fn replan_own(work: &mut Work, persons: &[PersonId]) -> Result<(), Failure> {
    let house = work.app.config.time_zone;
    for some in persons.chunks(PERSONS) {
        let series = store::own_ahead(&mut work.tx, house, some).await?;
        let moves = moves(series.iter().map(|(it, zones)| (it, *zones)));
        store::move_cursors(&mut work.tx, &moves).await?;
    }
    work.signal(Signal::Schedule);
    Ok(())
}

/// The cursors whose moment is another one now.
pub(super) fn moves<'a>(series: impl Iterator<Item = (&'a Series, Zones)>) -> Vec<(SeriesId, Cursor)> {
    series
        .filter_map(|(it, zones)| {
            let next = it.cursor?;
            let due_at = it.plan.due_at(next.date, zones.of(it.plan.kind));
            (due_at != next.due_at).then_some((it.id, Cursor { due_at, ..next }))
        })
        .collect()
}

/// Ends everything planned for a person whose card is deleted (PT-D12), also what was about to leave. Part of that use case,
/// which has checked the right and withdrawn the messages.
pub async fn stop_person(work: &mut Work, person: PersonId) -> Result<(), Failure> {
    store::stop_all(&mut work.tx, person, work.now).await?;
    Ok(occurrence::store::cancel_unsent(&mut work.tx, person).await?)
}

/// Takes [`stop_person`] back: what ended at `since` goes on with its next date from now on; what would have come meanwhile
/// does not exist. Part of the restoring of a card, which has checked the right.
pub async fn resume_person(work: &mut Work, person: PersonId, since: Timestamp) -> Result<(), Failure> {
    let house = work.app.config.time_zone;
    let Some(place) = store::find_place(&mut work.tx, house, person).await? else { return Ok(()) };
    for mut series in store::list_ended(&mut work.tx, person, since).await? {
        series.ended_at = None;
        series.cursor = cursor_from_now(work, &series, place.zones).await?;
        store::update(&mut work.tx, &series).await?;
    }
    work.signal(Signal::Schedule);
    Ok(())
}

async fn cursor_from_now(work: &mut Work, series: &Series, zones: Zones) -> Result<Option<Cursor>, StorageError> {
    let plan = &series.plan;
    let zone = zones.of(plan.kind);
    let exclusions = store::exclusions_of(&mut work.tx, series.id).await?;
    let taken = occurrence::store::taken_from(&mut work.tx, series.id, 0).await?;
    let mut next = plan.rule.first_on_or_after(local_now(work.now, zone).date());
    while let Some(cursor) = plan.cursor_from(next, &exclusions, &taken, zone) {
        if cursor.due_at > work.now {
            return Ok(Some(cursor));
        }
        next = plan.rule.after(cursor.ordinal);
    }
    Ok(None)
}
