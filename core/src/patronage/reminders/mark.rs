//! Marking by hand (PT-195) and by the tick of «Активность» (PT-D50).

use crate::{
    foundation::{
        errors::Failure,
        ids::{OccurrenceId, SeriesId},
    },
    messaging::press::Reaction,
    work::Work,
};

/// «Отметить как выполнено», «Отметить как пропущено»: on a yellow, grey, green or red row; the author is recorded.
pub async fn mark(work: &mut Work, series: SeriesId, ordinal: u32, reaction: Reaction) -> Result<(), Failure> {
    let _ = (work, series, ordinal, reaction);
    todo!()
}

/// Follows the tick of a curator's own reminder in «Активность»: green when processed, yellow when unticked.
pub async fn tick(work: &mut Work, occurrence: OccurrenceId, is_processed: bool) -> Result<(), Failure> {
    let _ = (work, occurrence, is_processed);
    todo!()
}
