//! Planning a series: «Сохранить» of the form «Создать задание».

use std::collections::BTreeSet;

use serde_json::json;

use super::{
    draft::{Draft, Ground, ReminderForm, parse},
    series::{Series, Zones, store},
};
use crate::{
    Signal, Work,
    audit::{self, Entry},
    foundation::{
        errors::{Failure, StorageError},
        ids::{PersonId, SeriesId, SubmissionId},
    },
    people::access::Action,
};

/// Plans the reminders of `form` for `person`. The same `submission` again gives the series it gave before (PT-172).
pub async fn plan(
    work: &mut Work,
    person: PersonId,
    form: &ReminderForm,
    submission: SubmissionId,
) -> Result<SeriesId, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let zones = store::place_of(work, sight, person).await?.zones;
    if let Some((series, owner)) = store::by_submission(&mut work.tx, submission).await? {
        return if owner == person { Ok(series) } else { Err(Failure::NotFound) };
    }
    let draft = parse(form, &Ground { now: work.now, zones, kept: None })?;
    let series = begin(work, person, draft, zones, &BTreeSet::new(), Some(submission)).await?;
    note(work, "reminder.planned", &series).await?;
    Ok(series.id)
}

/// Stores a new series whose `taken` ordinals are spoken for already.
pub(super) async fn begin(
    work: &mut Work,
    person: PersonId,
    draft: Draft,
    zones: Zones,
    taken: &BTreeSet<u32>,
    submission: Option<SubmissionId>,
) -> Result<Series, StorageError> {
    let Draft { plan, exclusions } = draft;
    let exclusions = exclusions.from(plan.rule.start);
    let cursor = plan.cursor_from(plan.rule.first(), &exclusions, taken, zones.of(plan.kind));
    let id = SeriesId::draw(work.now, &*work.app.chance);
    let series = Series { id, person, plan, cursor, version: 1, ended_at: None };
    let author = work.actor.author().to_string();
    store::insert(&mut work.tx, &series, &author, work.now, submission).await?;
    store::set_exclusions(&mut work.tx, id, &exclusions).await?;
    work.signal(Signal::Schedule);
    Ok(series)
}

/// Writes into the audit what became of a series.
pub(super) async fn note(work: &mut Work, action: &'static str, series: &Series) -> Result<(), StorageError> {
    let plan = &series.plan;
    let changes = json!({
        "person": series.person.to_string(),
        "kind": plan.kind.name(),
        "text": plan.text,
        "time": plan.time.format("%H:%M").to_string(),
        "start": plan.rule.start,
        "rule": plan.rule.to_rfc5545(),
        "advance": plan.advance,
        "next": series.cursor.map(|next| next.date),
    });
    audit::note(work, Entry { action, subject: "series", subject_id: Some(series.id.0), changes }).await
}
