//! The calendar of a citizen's reminders (PT-178): stored rows and what the rules give ahead.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};

use super::{
    exclusions::Exclusions,
    kind::Kind,
    occurrence::{self, Occurrence},
    series::{Series, store},
    state::{OccurrenceState, Reason},
};
use crate::{
    foundation::{
        clock::Timestamp,
        db::Tx,
        errors::{Failure, StorageError},
        ids::{OccurrenceId, PersonId, SeriesId},
    },
    people::access::{Action, Author},
    work::Work,
};

/// One row of the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its series.
    pub series: SeriesId,
    /// Its number within the series.
    pub ordinal: u32,
    /// Its row, once it has one.
    pub occurrence: Option<OccurrenceId>,
    /// Local date.
    pub date: NaiveDate,
    /// Local time.
    pub time: NaiveTime,
    /// What it is about.
    pub kind: Kind,
    /// «Описание задания», whole.
    pub text: String,
    /// Where it stands.
    pub state: OccurrenceState,
    /// Why it was not delivered.
    pub reason: Option<Reason>,
    /// When the messenger confirmed it.
    pub delivered_at: Option<Timestamp>,
    /// When it was answered or marked.
    pub reacted_at: Option<Timestamp>,
    /// Who answered or marked.
    pub reacted_by: Option<Author>,
    /// That person's full name, for curators.
    pub reacted_by_name: Option<String>,
}

/// All reminders of `person` from `first` to `last`, by date and time.
pub async fn calendar(
    work: &mut Work,
    person: PersonId,
    first: NaiveDate,
    last: NaiveDate,
    kind: Option<Kind>,
) -> Result<Vec<Entry>, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    store::place_of(work, sight, person).await?;
    let stored = occurrence::store::list_between(&mut work.tx, person, first, last).await?;
    let series = store::list_between(&mut work.tx, person, first, last).await?;
    let mut entries = ahead(&series, &stored, first, last);
    entries.extend(stored.iter().filter(|it| it.state != OccurrenceState::Cancelled).map(Entry::stored));
    entries.retain(|entry| kind.is_none_or(|kind| entry.kind == kind));
    entries.sort_by_key(|entry| (entry.date, entry.time, entry.series, entry.ordinal));
    name_curators(&mut work.tx, &mut entries).await?;
    Ok(entries)
}

/// What the rules give and no row says otherwise.
pub(super) fn ahead(
    series: &[(Series, Exclusions)],
    stored: &[Occurrence],
    first: NaiveDate,
    last: NaiveDate,
) -> Vec<Entry> {
    let spoken_for: BTreeSet<(SeriesId, u32)> = stored.iter().map(|it| (it.series, it.ordinal)).collect();
    let mut entries = Vec::new();
    for (series, exclusions) in series {
        let dates = series.plan.rule.between(first, last);
        let open = dates.into_iter().filter(|(ordinal, _)| !spoken_for.contains(&(series.id, *ordinal)));
        entries.extend(open.filter_map(|(ordinal, date)| Entry::expanded(series, exclusions, ordinal, date)));
    }
    entries
}

async fn name_curators(tx: &mut Tx, entries: &mut [Entry]) -> Result<(), StorageError> {
    let mut names: BTreeMap<PersonId, String> = BTreeMap::new();
    for entry in entries {
        let Some(Author::Curator(curator)) = entry.reacted_by else { continue };
        if let Some(name) = names.get(&curator) {
            entry.reacted_by_name = Some(name.clone());
        } else {
            entry.name_curator(tx).await?;
            names.extend(entry.reacted_by_name.clone().map(|name| (curator, name)));
        }
    }
    Ok(())
}

impl Entry {
    /// Looks up the name of the curator who marked it.
    pub(super) async fn name_curator(&mut self, tx: &mut Tx) -> Result<(), StorageError> {
        if let Some(Author::Curator(curator)) = self.reacted_by {
            self.reacted_by_name = Some(occurrence::store::full_name(tx, curator).await?);
        }
        Ok(())
    }

    /// A row that is stored.
    pub(super) fn stored(it: &Occurrence) -> Self {
        Self {
            series: it.series,
            ordinal: it.ordinal,
            occurrence: Some(it.id),
            date: it.date,
            time: it.time,
            kind: it.kind,
            text: it.text.clone(),
            state: it.state,
            reason: it.reason,
            delivered_at: it.delivered_at,
            reacted_at: it.reacted_at,
            reacted_by: it.reacted_by,
            reacted_by_name: None,
        }
    }

    /// A date of the rule: excluded or still to come. Dates that the cursor has left behind without a row do not exist.
    pub(super) fn expanded(series: &Series, exclusions: &Exclusions, ordinal: u32, date: NaiveDate) -> Option<Self> {
        let is_ahead = series.cursor.is_some_and(|next| next.ordinal <= ordinal);
        let state = match exclusions.covers(date) {
            true => OccurrenceState::Excluded,
            false if is_ahead => OccurrenceState::Planned,
            false => return None,
        };
        Some(Self {
            series: series.id,
            ordinal,
            occurrence: None,
            date,
            time: series.plan.time,
            kind: series.plan.kind,
            text: series.plan.text.clone(),
            state,
            reason: None,
            delivered_at: None,
            reacted_at: None,
            reacted_by: None,
            reacted_by_name: None,
        })
    }
}
