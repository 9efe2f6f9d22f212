//! Changing and deleting what is planned (PT-190 … PT-194, PT-D38, PT-D39).
//!
//! Claiming and changing lock the same row of `series`, so whichever commits first wins: what has a row of its own was claimed
//! and is history.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    calendar::Entry,
    draft::{Draft, ReminderForm, parse},
    exclusions::Exclusions,
    occurrence::{self, Occurrence},
    opened::{Opened, open},
    plan::{begin, note},
    series::{Cursor, Series, Zones, store},
    state::OccurrenceState,
};
use crate::{
    Signal, Work,
    foundation::{
        errors::{Failure, Say, StorageError},
        ids::{OccurrenceId, PersonId, SeriesId},
    },
    people::access::Action,
    schedule::{
        local_time::local_now,
        recurrence::{End, Recurrence, Repetition},
    },
};

/// How far a change of one reminder of a series reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// «Только это».
    OnlyThis,
    /// «Это и все следующие».
    ThisAndFollowing,
}

/// A reminder opened for editing.
#[derive(Debug, Clone, PartialEq)]
pub struct Editing {
    /// Whose.
    pub person: PersonId,
    /// The values, as the form holds them; the start date is that of the opened reminder and the number of repetitions the rest.
    pub form: ReminderForm,
    /// The series' version, to be given back with the change (PT-081).
    pub version: i64,
    /// «Напоминание уже отправлено»: it is history and cannot be changed (PT-192).
    pub is_sent: bool,
    /// Whether it belongs to a repeating series, so that one must ask how far a change reaches.
    pub is_series: bool,
    /// The opened reminder.
    pub entry: Entry,
}

/// What a change came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// The series that now holds the changed reminders.
    pub series: SeriesId,
    /// «Напоминание уже отправляется»: the opened one was claimed meanwhile, the change counts from the next on (PT-D39).
    pub was_being_sent: bool,
}

/// Opens one reminder for editing, or for looking at what became of it.
pub async fn load_form(work: &mut Work, series: SeriesId, ordinal: u32) -> Result<Editing, Failure> {
    let sight = work.must(Action::ManageReminders)?;
    let series = store::find(&mut work.tx, series).await?.ok_or(Failure::NotFound)?;
    store::place_of(work, sight, series.person).await?;
    let exclusions = store::exclusions_of(&mut work.tx, series.id).await?;
    let stored = occurrence::store::find_nth(&mut work.tx, series.id, ordinal).await?;
    let mut entry = match &stored {
        Some(row) if row.state == OccurrenceState::Cancelled => return Err(Failure::NotFound),
        Some(row) => Entry::stored(row),
        None => {
            let (_, date) = series.plan.rule.nth(ordinal).ok_or(Failure::NotFound)?;
            Entry::expanded(&series, &exclusions, ordinal, date).ok_or(Failure::NotFound)?
        }
    };
    entry.name_curator(&mut work.tx).await?;
    let form = ReminderForm::of(&series, &exclusions, ordinal, &entry);
    let is_series = series.plan.rule.repetition != Repetition::Once;
    Ok(Editing { person: series.person, form, version: series.version, is_sent: stored.is_some(), is_series, entry })
}

/// Saves a changed form.
pub async fn change(
    work: &mut Work,
    series: SeriesId,
    ordinal: u32,
    version: i64,
    reach: Reach,
    form: &ReminderForm,
) -> Result<Changed, Failure> {
    let opened = open(work, series, ordinal, version, reach).await?;
    work.signal(Signal::Schedule);
    let is_single = opened.series.plan.rule.repetition == Repetition::Once;
    let changed = match reach {
        Reach::OnlyThis if !is_single => detach(work, &opened, form).await?,
        _ => change_from(work, &opened, form).await?,
    };
    note(work, "reminder.changed", &changed).await?;
    Ok(Changed { series: changed.id, was_being_sent: opened.was_being_sent })
}

/// «Удалить» (PT-193): what was sent stays.
pub async fn delete(
    work: &mut Work,
    series: SeriesId,
    ordinal: u32,
    version: i64,
    reach: Reach,
) -> Result<(), Failure> {
    let mut opened = open(work, series, ordinal, version, reach).await?;
    let is_single = opened.series.plan.rule.repetition == Repetition::Once;
    if reach == Reach::OnlyThis || is_single {
        cancel(work, &opened).await?;
    } else {
        trim(&mut opened);
    }
    let series = settle(work, opened, reach == Reach::ThisAndFollowing || is_single).await?;
    note(work, "reminder.deleted", &series).await?;
    Ok(())
}

/// «Только это»: the chosen one becomes a single reminder; the series keeps a cancelled gap with its ordinal (PT-D38).
async fn detach(work: &mut Work, opened: &Opened, form: &ReminderForm) -> Result<Series, Failure> {
    let single = ReminderForm { repetition: "none".to_owned(), ..form.clone() };
    let draft = parse(&opened.carried(&single), &opened.ground(work.now))?;
    let draft = Draft { exclusions: only_for(&draft.exclusions, draft.plan.rule.start), ..draft };
    cancel(work, opened).await?;
    settle(work, opened.clone(), false).await?;
    Ok(begin(work, opened.series.person, draft, opened.zones, &BTreeSet::new(), None).await?)
}

/// An exclusion of a series suspends a detached reminder only where it covers its date.
fn only_for(exclusions: &Exclusions, date: NaiveDate) -> Exclusions {
    if exclusions.covers(date) { Exclusions::of(vec![(date, date)]) } else { Exclusions::default() }
}

/// «Это и все следующие», and every change of a single reminder.
async fn change_from(work: &mut Work, opened: &Opened, form: &ReminderForm) -> Result<Series, Failure> {
    let draft = parse(&opened.carried(form), &opened.ground(work.now))?;
    let is_untouched = opened.ordinal == 1 && !occurrence::store::has_any(&mut work.tx, opened.series.id).await?;
    if is_untouched || keeps_its_dates(opened, &draft) {
        refuse_exclusions_of_sent(work, opened, &draft.exclusions).await?;
        return change_in_place(work, opened, draft, is_untouched).await;
    }
    split(work, opened, draft).await
}

/// Whether the series may stay what it is: the rule and the times stand, and a new text speaks of all that is still to come.
fn keeps_its_dates(opened: &Opened, draft: &Draft) -> bool {
    let (old, new) = (&opened.series.plan, &draft.plan);
    let same = new.rule.start == opened.date
        && new.rule.repetition == old.rule.repetition
        && (new.kind, new.time, new.advance) == (old.kind, old.time, old.advance);
    same && (new.text == old.text || opened.is_first_to_come())
}

/// PT-D34: what was sent cannot be excluded any more.
async fn refuse_exclusions_of_sent(work: &mut Work, opened: &Opened, new: &Exclusions) -> Result<(), Failure> {
    let Some((first, _)) = new.iter().next() else { return Ok(()) };
    let sent = occurrence::store::sent_dates(&mut work.tx, opened.series.id, first).await?;
    match sent.into_iter().find(|date| new.covers(*date) && !opened.exclusions.covers(*date)) {
        Some(date) => {
            let say = Say::key("reminders-exclusion-sent").text("date", date.format("%d.%m.%Y").to_string());
            Err(Failure::invalid("exclusions", say))
        }
        None => Ok(()),
    }
}

async fn change_in_place(
    work: &mut Work,
    opened: &Opened,
    draft: Draft,
    is_untouched: bool,
) -> Result<Series, Failure> {
    let mut changed = opened.clone();
    let old = opened.series.plan.rule;
    changed.series.plan = draft.plan;
    if !is_untouched {
        // The form speaks of the rest; the series still counts from its first reminder.
        let rule = &mut changed.series.plan.rule;
        *rule = Recurrence { start: old.start, end: longer(rule.end, opened.ordinal - 1), ..old };
    }
    let last_past = opened.last_past_date(work.now);
    changed.exclusions = match last_past {
        Some(date) => draft.exclusions.keeping_until(&opened.exclusions, date),
        None => draft.exclusions,
    };
    settle(work, changed, false).await
}

/// An end that counts `before` more reminders.
fn longer(end: End, before: u32) -> End {
    match end {
        End::Times(times) => End::Times(times.saturating_add(u16::try_from(before).unwrap_or(u16::MAX))),
        other => other,
    }
}

/// Ends the old series before the chosen reminder and begins a new one with it.
async fn split(work: &mut Work, opened: &Opened, draft: Draft) -> Result<Series, Failure> {
    let mut old = opened.clone();
    trim(&mut old);
    settle(work, old, false).await?;
    // What was detached or deleted on its own stays so in the new series.
    let gaps = occurrence::store::list_from(&mut work.tx, opened.series.id, opened.ordinal).await?;
    let gaps = gaps.into_iter().filter(|row| row.state == OccurrenceState::Cancelled);
    let found =
        gaps.filter_map(|row| draft.plan.rule.first_on_or_after(row.date).filter(|(_, date)| *date == row.date));
    let gaps: Vec<(u32, NaiveDate)> = found.collect();
    let taken = gaps.iter().map(|(ordinal, _)| *ordinal).collect();
    let new = begin(work, opened.series.person, draft, opened.zones, &taken, None).await?;
    let rows: Vec<Occurrence> =
        gaps.into_iter().map(|(ordinal, date)| cancelled(work, opened, &new, ordinal, date)).collect();
    occurrence::store::insert(&mut work.tx, &rows).await?;
    Ok(new)
}

/// Lets the series end before the chosen reminder.
fn trim(opened: &mut Opened) {
    let before = opened.ordinal - 1;
    let rule = &mut opened.series.plan.rule;
    rule.end = match rule.end {
        End::Times(_) => End::Times(u16::try_from(before).unwrap_or(u16::MAX)),
        End::Never | End::On(_) => End::On(opened.date.pred_opt().unwrap_or(opened.date)),
    };
}

/// Leaves a gap in place of the chosen reminder.
async fn cancel(work: &mut Work, opened: &Opened) -> Result<(), StorageError> {
    let row = cancelled(work, opened, &opened.series, opened.ordinal, opened.date);
    occurrence::store::insert(&mut work.tx, &[row]).await
}

fn cancelled(work: &Work, opened: &Opened, series: &Series, ordinal: u32, date: NaiveDate) -> Occurrence {
    let id = OccurrenceId::draw(work.now, &*work.app.chance);
    let moment = series.plan.moment(date, opened.zones.of(series.plan.kind));
    Occurrence::of(id, series, ordinal, date, moment, OccurrenceState::Cancelled)
}

/// Stores the changed series with its exclusions and a fresh cursor. `is_deletion`: when nothing is to come any more, the
/// series was deleted, and a press on what was sent answers so (PT-D26).
async fn settle(work: &mut Work, opened: Opened, is_deletion: bool) -> Result<Series, Failure> {
    let Opened { mut series, exclusions, zones, .. } = opened;
    series.cursor = fresh_cursor(work, &series, &exclusions, zones).await?;
    if is_deletion && series.cursor.is_none() {
        series.ended_at = Some(work.now);
    }
    store::set_exclusions(&mut work.tx, series.id, &exclusions).await?;
    if !store::update(&mut work.tx, &series).await? {
        return Err(Failure::Stale);
    }
    series.version += 1;
    work.signal(Signal::Schedule);
    Ok(series)
}

/// The first occurrence that is neither excluded nor spoken for. Looks from today on, or from where the old cursor stood if
/// that is earlier: an exclusion that was lifted may bring back dates before it, and what is past stays as it is.
async fn fresh_cursor(
    work: &mut Work,
    series: &Series,
    exclusions: &Exclusions,
    zones: Zones,
) -> Result<Option<Cursor>, StorageError> {
    let zone = zones.of(series.plan.kind);
    let today = local_now(work.now, zone).date();
    let from = series.cursor.map_or(today, |next| next.date.min(today));
    let Some((ordinal, date)) = series.plan.rule.first_on_or_after(from) else { return Ok(None) };
    let taken = occurrence::store::taken_from(&mut work.tx, series.id, ordinal).await?;
    Ok(series.plan.cursor_from(Some((ordinal, date)), exclusions, &taken, zone))
}
