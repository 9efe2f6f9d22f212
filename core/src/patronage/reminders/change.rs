//! Changing and deleting what is planned (PT-190 … PT-194, PT-D38, PT-D39).

use super::{draft::ReminderForm, kind::Kind, state::OccurrenceState};
use crate::{
    foundation::{
        errors::Failure,
        ids::{OccurrenceId, PersonId, SeriesId},
    },
    work::Work,
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
    /// What it is about.
    pub kind: Kind,
    /// Where the opened reminder stands.
    pub state: OccurrenceState,
    /// Its row, if it has one.
    pub occurrence: Option<OccurrenceId>,
}

/// Opens one reminder for editing.
pub async fn load_form(work: &mut Work, series: SeriesId, ordinal: u32) -> Result<Editing, Failure> {
    let _ = (work, series, ordinal);
    todo!()
}

/// Saves a changed form. Gives the series that now holds the changed reminder.
pub async fn change(
    work: &mut Work,
    series: SeriesId,
    ordinal: u32,
    version: i64,
    reach: Reach,
    form: &ReminderForm,
) -> Result<SeriesId, Failure> {
    let _ = (work, series, ordinal, version, reach, form);
    todo!()
}

/// «Удалить» (PT-193): what was sent stays.
pub async fn delete(
    work: &mut Work,
    series: SeriesId,
    ordinal: u32,
    version: i64,
    reach: Reach,
) -> Result<(), Failure> {
    let _ = (work, series, ordinal, version, reach);
    todo!()
}
