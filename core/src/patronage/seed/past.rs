//! What became of reminders on the days before today, for measurements of the daily run.

use chrono::{Days, TimeDelta};

use super::store::{self, Happened};
use crate::{
    foundation::{errors::StorageError, ids::OccurrenceId},
    patronage::reminders::OccurrenceState,
    people::access::Actor,
    schedule::local_time::{local_now, moment_of},
    work::App,
};

/// Series of one transaction.
const SERIES_AT_ONCE: u32 = 2000;
/// Far behind the ordinals that will ever come due.
const FIRST_ORDINAL: i64 = 1_000_000;
/// What of ten citizens becomes: six answer, two miss, two keep silent.
const FATES: [OccurrenceState; 10] = {
    use OccurrenceState::{Awaiting, Done, Missed};
    [Done, Done, Missed, Done, Awaiting, Done, Done, Missed, Done, Awaiting]
};

/// Gives every series one reminder on each of the `days` before today; tells how many.
pub async fn fill_past(app: &App, days: u32) -> Result<u64, StorageError> {
    let today = local_now(app.clock.now(), app.config.time_zone).date();
    let (mut written, mut after, mut number) = (0, None, 0);
    loop {
        let mut work = app.begin(Actor::Operator).await?;
        let series = store::series_after(&mut work.tx, after, SERIES_AT_ONCE).await?;
        let Some((last, ..)) = series.last() else { return Ok(written) };
        after = Some(*last);
        let mut happened = Vec::new();
        for (id, person, time) in series {
            let Some(state) = super::at(&FATES, number) else { continue };
            number += 1;
            for back in 1..=days {
                let Some(date) = today.checked_sub_days(Days::new(u64::from(back))) else { continue };
                let due_at = moment_of(date, time, app.config.time_zone);
                happened.push(Happened {
                    id: OccurrenceId::draw(work.now, &*app.chance),
                    series: id,
                    person,
                    ordinal: FIRST_ORDINAL + i64::from(back),
                    date,
                    time,
                    due_at,
                    state,
                    reacted_at: state.reaction().map(|_| due_at + TimeDelta::minutes(5)),
                });
            }
        }
        written += u64::try_from(happened.len()).unwrap_or_default();
        store::insert_occurrences(&mut work, &happened).await?;
        work.commit().await?;
    }
}
