//! When each series ends: the date of its last reminder, neither excluded nor cancelled (PT-D46). A rule's end cannot be worked
//! out by a database, so it is kept beside the rule, together with the version it was worked out for: whatever changes a series
//! gives it another version, and only such series are looked at again.

mod store;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{exclusions::Exclusions, series::Series};
use crate::{foundation::errors::Failure, people::access::Actor, work::App};

/// Series of one transaction.
const AT_ONCE: u32 = 1000;

/// Works out where the new and changed series end.
pub(in crate::patronage) async fn work_out_last_dates(app: &App) -> Result<u64, Failure> {
    let mut worked_out = 0;
    loop {
        let mut work = app.begin(Actor::System).await?;
        let series = store::without_last_date(&mut work.tx, AT_ONCE).await?;
        if series.is_empty() {
            return Ok(worked_out);
        }
        let ends: Vec<_> = series.iter().map(|it| (it.series.id, it.series.version, last_date(it))).collect();
        worked_out += store::set_last_dates(&mut work.tx, &ends).await?;
        work.commit().await?;
    }
}

/// A series and what decides about its end.
struct Unknown {
    series: Series,
    exclusions: Exclusions,
    /// The ordinals from the cursor on that have rows of their own: detached or deleted.
    taken: BTreeSet<u32>,
    /// The last date that came due.
    last_stored: Option<NaiveDate>,
}

/// The last date still to come or, when nothing is to come, the last one that came due.
fn last_date(it: &Unknown) -> Option<NaiveDate> {
    let Some(next) = it.series.cursor else { return it.last_stored };
    let rule = &it.series.plan.rule;
    let mut last = rule.last();
    while let Some((ordinal, date)) = last.filter(|(ordinal, _)| *ordinal > next.ordinal) {
        if !it.taken.contains(&ordinal) && !it.exclusions.covers(date) {
            return Some(date);
        }
        last = rule.nth(ordinal - 1);
    }
    // The cursor stands at one that is neither excluded nor taken.
    Some(next.date)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;
    use crate::{
        foundation::ids::{PersonId, SeriesId},
        patronage::reminders::{
            kind::Kind,
            series::{Cursor, Plan},
        },
        schedule::recurrence::{End, Recurrence, Repetition},
    };

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn daily_to_the_20th() -> Unknown {
        let rule = Recurrence { start: day(1), repetition: Repetition::Daily { every: 1 }, end: End::On(day(20)) };
        let plan = Plan { kind: Kind::Information, text: String::new(), rule, time: NaiveTime::MIN, advance: 0 };
        let cursor = Some(Cursor { ordinal: 10, date: day(10), due_at: chrono::DateTime::UNIX_EPOCH });
        let (id, person) = (SeriesId(uuid::Uuid::nil()), PersonId(uuid::Uuid::nil()));
        let series = Series { id, person, plan, cursor, version: 1, ended_at: None };
        Unknown { series, exclusions: Exclusions::default(), taken: BTreeSet::new(), last_stored: Some(day(9)) }
    }

    /// PT-D46: excluded and cancelled ones do not count.
    #[test]
    fn the_last_reminder_is_neither_excluded_nor_deleted() {
        let whole = daily_to_the_20th();
        assert_eq!(last_date(&whole), Some(day(20)));
        let shortened = Unknown {
            exclusions: Exclusions::of(vec![(day(18), day(19))]),
            taken: BTreeSet::from([20]),
            ..daily_to_the_20th()
        };
        assert_eq!(last_date(&shortened), Some(day(17)));
        let only_next = Unknown { exclusions: Exclusions::of(vec![(day(11), day(31))]), ..daily_to_the_20th() };
        assert_eq!(last_date(&only_next), Some(day(10)));
    }

    #[test]
    fn a_series_with_nothing_to_come_ended_when_it_last_came_due() {
        let mut past = daily_to_the_20th();
        past.series.cursor = None;
        assert_eq!(last_date(&past), Some(day(9)));
    }
}
