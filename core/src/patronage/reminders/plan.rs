//! Planning a series: «Сохранить» of the form «Создать задание».

use super::draft::ReminderForm;
use crate::{
    foundation::{
        errors::Failure,
        ids::{PersonId, SeriesId, SubmissionId},
    },
    work::Work,
};

/// Plans the reminders of `form` for `person`. The same `submission` again gives the series it gave before (PT-172).
pub async fn plan(
    work: &mut Work,
    person: PersonId,
    form: &ReminderForm,
    submission: SubmissionId,
) -> Result<SeriesId, Failure> {
    let _ = (work, person, form, submission);
    todo!()
}
