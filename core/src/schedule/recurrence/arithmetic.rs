//! Ordinals and dates by closed arithmetic: no walk over the dates between, whatever the distance.
//!
//! Each sort of rule numbers its *slots*: slot 0, 1, 2 … are the dates the bare rule would give in the week or month of the
//! start, also those before the start. Occurrence 1 is the first slot not before the start.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{End, Recurrence, Repetition, Weekdays};

impl Recurrence {
    /// The first occurrence.
    pub fn first(&self) -> Option<(u32, NaiveDate)> {
        self.nth(1)
    }

    /// The occurrence with this ordinal, if the rule has so many.
    pub fn nth(&self, ordinal: u32) -> Option<(u32, NaiveDate)> {
        let slot = ordinal.checked_sub(1)?.checked_add(self.slots_before_start()?)?;
        let date = self.date_of_slot(slot)?;
        let is_within = match self.end {
            End::Never => true,
            End::Times(times) => ordinal <= u32::from(times),
            End::On(last) => date <= last,
        };
        is_within.then_some((ordinal, date))
    }

    /// The next occurrence after a known one.
    pub fn after(&self, ordinal: u32) -> Option<(u32, NaiveDate)> {
        self.nth(ordinal.checked_add(1)?)
    }

    /// The first occurrence on `date` or later.
    pub fn first_on_or_after(&self, date: NaiveDate) -> Option<(u32, NaiveDate)> {
        if date <= self.start {
            return self.first();
        }
        let slot = self.first_slot_from(date)?;
        self.nth(slot.checked_sub(self.slots_before_start()?)?.checked_add(1)?)
    }

    /// The last occurrence.
    pub fn last(&self) -> Option<(u32, NaiveDate)> {
        match self.end {
            End::Never => self.first(),
            End::Times(times) => self.nth(u32::from(times)),
            End::On(last) if last < self.start => None,
            End::On(last) => {
                let slot_after = self.first_slot_from(last.succ_opt()?);
                // A single date has no slot after the last one: its only slot is slot 0.
                let slots = slot_after.unwrap_or(1);
                self.nth(slots.checked_sub(self.slots_before_start()?)?)
            }
        }
    }

    /// Slots of the start's week or month that lie before the start and therefore do not count.
    fn slots_before_start(&self) -> Option<u32> {
        match self.repetition {
            Repetition::Once | Repetition::Daily { .. } => Some(0),
            Repetition::Weekly { weekdays, .. } => Some(weekdays.before(self.start.weekday()).count()),
            Repetition::Monthly { .. } => Some(u32::from(self.date_of_slot(0)? < self.start)),
        }
    }

    fn date_of_slot(&self, slot: u32) -> Option<NaiveDate> {
        match self.repetition {
            // An interval of nothing would stay on one date for ever; `check` refuses it, and here it has no dates.
            _ if self.repetition.every() == 0 => None,
            Repetition::Once => (slot == 0).then_some(self.start),
            Repetition::Daily { every } => {
                self.start.checked_add_days(Days::new(u64::from(slot).checked_mul(u64::from(every))?))
            }
            Repetition::Weekly { every, weekdays } => date_in_weeks(self.start, every, weekdays, slot),
            Repetition::Monthly { every, day } => date_in_months(self.start, every, day, slot),
        }
    }

    /// The first slot on `date` or later; `date` lies after the start.
    fn first_slot_from(&self, date: NaiveDate) -> Option<u32> {
        let days = u32::try_from((date - self.start).num_days()).ok()?;
        match self.repetition {
            Repetition::Once => None,
            _ if self.repetition.every() == 0 => None,
            Repetition::Daily { every } => Some(days.div_ceil(u32::from(every))),
            Repetition::Weekly { every, weekdays } => Some(slots_in_weeks_before(self.start, every, weekdays, date)),
            Repetition::Monthly { every, .. } => {
                let months = months_between(self.start, date)? / u32::from(every);
                // The slot of the last active month not after `date`'s may itself still lie before `date`.
                Some(if self.date_of_slot(months)? < date { months.checked_add(1)? } else { months })
            }
        }
    }
}

/// Slot number `slot` of a weekly rule: the active weeks follow the Monday of the start's week.
fn date_in_weeks(start: NaiveDate, every: u16, weekdays: Weekdays, slot: u32) -> Option<NaiveDate> {
    let week = u64::from(slot.checked_div(weekdays.count())?);
    let position = usize::try_from(slot.checked_rem(weekdays.count())?).ok()?;
    let weekday = weekdays.iter().nth(position)?;
    monday_of(start)?
        .checked_add_days(Days::new(week * u64::from(every) * 7))?
        .checked_add_days(Days::new(u64::from(weekday.num_days_from_monday())))
}

/// How many slots of a weekly rule lie before `date`.
fn slots_in_weeks_before(start: NaiveDate, every: u16, weekdays: Weekdays, date: NaiveDate) -> u32 {
    let start_monday = monday_of(start).unwrap_or(start);
    let weeks = u32::try_from((date - start_monday).num_days() / 7).unwrap_or_default();
    let whole = weeks / u32::from(every);
    // In the pause between two active weeks all days of the last one have passed.
    let of_this_week =
        if weeks.is_multiple_of(u32::from(every)) { weekdays.before(date.weekday()).count() } else { weekdays.count() };
    whole * weekdays.count() + of_this_week
}

/// Slot number `slot` of a monthly rule: the wished day, or the last one of a shorter month.
fn date_in_months(start: NaiveDate, every: u16, day: u8, slot: u32) -> Option<NaiveDate> {
    let first = start.with_day(1)?.checked_add_months(Months::new(slot.checked_mul(u32::from(every))?))?;
    let day = u32::from(day).min(u32::from(first.num_days_in_month()));
    first.with_day(day)
}

/// Calendar months from `start`'s to `date`'s.
fn months_between(start: NaiveDate, date: NaiveDate) -> Option<u32> {
    let months = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
    u32::try_from(months(date) - months(start)).ok()
}

fn monday_of(date: NaiveDate) -> Option<NaiveDate> {
    date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())))
}
